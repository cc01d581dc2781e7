/**
 * Due SMS steps through a loopback vendor, end to end: claim, gate, render, attempt and message rows, HTTP, result, events. At least 2,000 a
 * second, and at least half of what the same work takes with nothing but `pg` and `undici`. The vendor runs in a process of its own.
 * `node bench/dispatch.ts [executions]`
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { seedDueSms } from "#test/due-sms.ts";
import { newId } from "#platform/ids.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { createApp } from "#server/app.ts";
import { rawDispatch } from "./raw-dispatch.ts";
import { type BenchDatabase, onDatabase, report, round, timed } from "./setup.ts";

const EXECUTIONS = Number(process.argv[2] ?? 20_000);
/** Sent before the clock runs, on both sides: compiled code, open connections, cached plans. */
const WARM_UP = 2_000;
/** A Monday noon: no window, floor or holiday is in the way. */
const NOON = new Date("2026-03-02T12:00:00Z");

async function startVendor() {
  const child = fork(join(import.meta.dirname, "vendor-stub.ts"), { silent: true });
  if (!child.stdout) throw new Error("the vendor has no output");
  const [port]: unknown[] = await once(child.stdout, "data");
  const stop = async () => {
    const exited = once(child, "exit");
    child.disconnect();
    await exited;
  };
  return { baseUrl: `http://127.0.0.1:${String(port).trim()}`, stop };
}

async function workspaceIn({ client }: BenchDatabase): Promise<string> {
  const workspace = newId("ws");
  await client.query("insert into workspaces (id, name) values ($1, 'Raw')", [workspace]);
  await client.query("insert into workspace_settings (workspace_id) values ($1)", [workspace]);
  return workspace;
}

async function measure(database: BenchDatabase, vendor: string): Promise<{ ours: number; raw: number }> {
  const { client, config, url, workspace } = database;
  // The clock stands, a minute further for the measured part: a channel's budget is counted by the minute.
  let now = NOON;
  const app = await createApp({ config, databaseUrl: url, clock: { now: () => now } });
  try {
    const { runtime } = app;
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "bench" });
    await connectIntegration(runtime, ctx, {
      provider: "twilio",
      credentials: {
        accountSid: `AC${"0".repeat(32)}`,
        authToken: "a token",
        fromNumber: "+12125550100",
        baseUrl: vendor,
      },
    });
    const dispatch = app.loops.find(({ name }) => name === "outreach.dispatch");
    if (!dispatch) throw new Error("there is no dispatch loop");
    const dispatchAll = async () => {
      while (await dispatch.turn(runtime));
    };
    const sentIn = async (id: string) => {
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from sequence_step_executions e join messages m on m.execution_id = e.id
         where e.workspace_id = $1 and e.status = 'SENT' and m.status = 'sent'`,
        [id],
      );
      return rows[0]?.n ?? 0;
    };
    const other = await workspaceIn(database);
    const rawAll = () => rawDispatch({ url, workspace: other, vendor, at: now });
    const run = async (count: number) => {
      await seedDueSms(client, { workspace, count, at: now });
      const ours = await timed(dispatchAll);
      await seedDueSms(client, { workspace: other, count, at: now });
      const raw = await timed(rawAll);
      return { ours: (count / ours) * 1_000, raw: (count / raw) * 1_000 };
    };
    await run(WARM_UP);
    now = new Date(NOON.getTime() + 60_000);
    const rates = await run(EXECUTIONS);
    for (const id of [workspace, other]) {
      const sent = await sentIn(id);
      if (sent !== WARM_UP + EXECUTIONS) throw new Error(`${sent} were sent, not ${WARM_UP + EXECUTIONS}`);
    }
    return rates;
  } finally {
    await app.stop();
  }
}

const vendor = await startVendor();
try {
  const { ours, raw } = await onDatabase((database) => measure(database, vendor.baseUrl));
  const ratio = ours / raw;
  report(
    `dispatch: ${round(ours, 0).toLocaleString("en")} sends/s of ${EXECUTIONS.toLocaleString("en")} due; raw ${round(raw, 0).toLocaleString("en")}/s; ratio ${round(ratio, 2)}`,
    {
      bench: "dispatch",
      executions: EXECUTIONS,
      perSecond: round(ours, 0),
      target: 2_000,
      raw: round(raw, 0),
      ratio: round(ratio, 2),
      ratioTarget: 0.5,
    },
  );
} finally {
  await vendor.stop();
}
