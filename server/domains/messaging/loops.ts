import { sql } from "kysely";
import type { Loop } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { countSends } from "./commands/count-sends.ts";
import { deliverFromSandbox } from "./commands/play-sandbox.ts";
import { STALE_MS, settleStaleSends, tidyUp } from "./commands/settle-stale.ts";
import { sendQueued } from "./commands/send-queued.ts";

/** Workspaces that have something to do, found without reading the rows themselves. */
async function workspaces(runtime: Runtime, query: "queued" | "stale"): Promise<string[]> {
  const { db } = runtime.contextFor("", { kind: "system", id: "messaging.find-work" });
  const now = runtime.clock.now();
  const found =
    query === "queued"
      ? await sql<{ id: string }>`select app_workspaces_with_queued_messages(${now}) as id`.execute(db)
      : await sql<{
          id: string;
        }>`select app_workspaces_with_stale_sends(${new Date(now.getTime() - STALE_MS)}) as id`.execute(db);
  return found.rows.map((row) => row.id);
}

export const messagingLoops: Loop[] = [
  {
    name: "messaging.send-queued",
    everyMs: 500,
    // One batch a workspace and turn: a large one cannot hold up a small one.
    turn: async (runtime) => {
      let more = false;
      for (const id of await workspaces(runtime, "queued")) {
        more = (await sendQueued(runtime.contextFor(id, { kind: "system", id: "messaging.send-queued" }))) || more;
      }
      return more;
    },
  },
  {
    name: "messaging.settle-stale",
    everyMs: 15_000,
    turn: async (runtime) => {
      let more = false;
      for (const id of await workspaces(runtime, "stale")) {
        more =
          (await settleStaleSends(runtime.contextFor(id, { kind: "system", id: "messaging.settle-stale" }))) || more;
      }
      return more;
    },
  },
  {
    name: "messaging.count-sends",
    everyMs: 60_000,
    turn: async (runtime) => {
      const { db } = runtime.contextFor("", { kind: "system", id: "messaging.count-sends" });
      const rows = await db.selectFrom("workspaces").select("id").execute();
      for (const { id } of rows)
        await countSends(runtime.contextFor(id, { kind: "system", id: "messaging.count-sends" }));
      return false;
    },
  },
  {
    name: "messaging.tidy-up",
    everyMs: 60_000,
    turn: async (runtime) => {
      const { db } = runtime.contextFor("", { kind: "system", id: "messaging.tidy-up" });
      const rows = await db.selectFrom("workspaces").select("id").execute();
      for (const { id } of rows) await tidyUp(runtime.contextFor(id, { kind: "system", id: "messaging.tidy-up" }));
      return false;
    },
  },
  {
    name: "messaging.play-sandbox",
    everyMs: 2_000,
    turn: async (runtime) => {
      if (!runtime.config.sandboxAllowed) return false;
      const { db } = runtime.contextFor("", { kind: "system", id: "messaging.play-sandbox" });
      let more = false;
      for (const { id } of await db.selectFrom("workspaces").select("id").execute()) {
        const ctx = runtime.contextFor(id, { kind: "system", id: "messaging.play-sandbox" });
        more = (await deliverFromSandbox(runtime, ctx)) || more;
      }
      return more;
    },
  },
];
