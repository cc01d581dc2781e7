import { sql } from "kysely";
import { type Loop, forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { serveSideBySide } from "#platform/side-by-side.ts";
import { checkDomainsDaily } from "./commands/check-sender-domain.ts";
import { askVendors } from "./commands/ask-vendors.ts";
import { countSends } from "./commands/count-sends.ts";
import { SETTLED_MS, judgeEngagements } from "./commands/judge-engagements.ts";
import { deliverFromSandbox } from "./commands/play-sandbox.ts";
import { STALE_MS, settleStaleSends, tidyUp } from "./commands/settle-stale.ts";
import { sendQueued } from "./commands/send-queued.ts";

/** Workspaces that have something to do, found without reading the rows themselves. */
async function workspaces(runtime: Runtime, query: "queued" | "stale" | "engaged" | "unknown"): Promise<string[]> {
  const { db } = runtime.contextFor("", { kind: "system", id: "messaging.find-work" });
  const now = runtime.clock.now();
  const settled = new Date(now.getTime() - SETTLED_MS);
  if (query === "unknown") {
    const { rows } = await sql<{ id: string }>`select app_workspaces_with_unknown_sends(${now}) as id`.execute(db);
    return rows.map(({ id }) => id);
  }
  const found =
    query === "engaged"
      ? await sql<{ id: string }>`select app_workspaces_with_unjudged_engagements(${settled}) as id`.execute(db)
      : query === "queued"
        ? await sql<{ id: string }>`select app_workspaces_with_queued_messages(${now}) as id`.execute(db)
        : await sql<{
            id: string;
          }>`select app_workspaces_with_stale_sends(${new Date(now.getTime() - STALE_MS)}) as id`.execute(db);
  return found.rows.map((row) => row.id);
}

async function allWorkspaces(runtime: Runtime, loop: string): Promise<string[]> {
  const { db } = runtime.contextFor("", { kind: "system", id: loop });
  return (await db.selectFrom("workspaces").select("id").execute()).map(({ id }) => id);
}

const contextOf = (runtime: Runtime, workspaceId: string, loop: string) =>
  runtime.contextFor(workspaceId, { kind: "system", id: loop });

/** Queues that are read and judged at once. */
const QUEUES_AT_ONCE = 4;
/** Workspaces whose vendors are asked side by side. */
const ASKED_AT_ONCE = 8;
/** A turn begins no further batch after this long, but beside those that wait for a vendor. */
const TURN_MS = 3_000;

export const messagingLoops: Loop[] = [
  {
    name: "messaging.send-queued",
    everyMs: 500,
    // One whose vendor hangs makes nobody wait, and a large one no small one.
    turn: (runtime) =>
      serveSideBySide({
        find: () => workspaces(runtime, "queued"),
        keyOf: (id) => id,
        lanes: 1,
        atOnce: QUEUES_AT_ONCE,
        turnMs: TURN_MS,
        elapsed: runtime.clock.elapsed,
        work: (id, room) => sendQueued(contextOf(runtime, id, "messaging.send-queued"), room),
      }),
  },
  {
    name: "messaging.judge-engagements",
    everyMs: 1_000,
    turn: async (runtime) =>
      forEach(await workspaces(runtime, "engaged"), 1, (id) =>
        judgeEngagements(contextOf(runtime, id, "messaging.judge-engagements")),
      ),
  },
  {
    name: "messaging.settle-stale",
    everyMs: 15_000,
    turn: async (runtime) =>
      forEach(await workspaces(runtime, "stale"), 1, (id) =>
        settleStaleSends(contextOf(runtime, id, "messaging.settle-stale")),
      ),
  },
  {
    name: "messaging.ask-vendors",
    everyMs: 15_000,
    turn: async (runtime) =>
      forEach(await workspaces(runtime, "unknown"), ASKED_AT_ONCE, (id) =>
        askVendors(contextOf(runtime, id, "messaging.ask-vendors")),
      ),
  },
  {
    name: "messaging.count-sends",
    everyMs: 60_000,
    turn: async (runtime) =>
      forEach(await allWorkspaces(runtime, "messaging.count-sends"), 1, (id) =>
        countSends(contextOf(runtime, id, "messaging.count-sends")),
      ),
  },
  {
    name: "messaging.check-domains",
    everyMs: 60_000,
    turn: async (runtime) =>
      forEach(await allWorkspaces(runtime, "messaging.check-domains"), 4, (id) =>
        checkDomainsDaily(contextOf(runtime, id, "messaging.check-domains")),
      ),
  },
  {
    name: "messaging.tidy-up",
    everyMs: 60_000,
    turn: async (runtime) =>
      forEach(await allWorkspaces(runtime, "messaging.tidy-up"), 1, (id) =>
        tidyUp(contextOf(runtime, id, "messaging.tidy-up")),
      ),
  },
  {
    name: "messaging.play-sandbox",
    everyMs: 2_000,
    turn: async (runtime) => {
      if (!runtime.config.sandboxAllowed) return false;
      return forEach(await allWorkspaces(runtime, "messaging.play-sandbox"), 1, (id) =>
        deliverFromSandbox(runtime, contextOf(runtime, id, "messaging.play-sandbox")),
      );
    },
  },
];
