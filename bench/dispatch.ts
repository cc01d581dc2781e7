/**
 * Due SMS steps through a loopback vendor, end to end: claim, gate, render, attempt and message rows, HTTP, result, events. At least 2,000 a
 * second, and at least half of what the same work takes with nothing but `pg` and `undici`. The vendor runs in a process of its own.
 * `node bench/dispatch.ts [executions]`
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seedDueSms } from "#test/due-sms.ts";
import { newId } from "#platform/ids.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { createApp } from "#server/app.ts";
import { type CpuSeconds, cpuPerThousand, cpuSeconds } from "./cpu.ts";
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

/** Sends a second, and the processor seconds that a thousand of them take: wall time wanders on a shared machine, these hardly. */
type Rate = { perSecond: number; cpu: CpuSeconds };

async function rateOf({ client }: BenchDatabase, count: number, work: () => Promise<unknown>): Promise<Rate> {
  const before = await cpuSeconds(client);
  const ms = await timed(work);
  // What a connection that was just closed has used is counted once the server has taken leave of it.
  await sleep(300);
  return { perSecond: (count / ms) * 1_000, cpu: cpuPerThousand(before, await cpuSeconds(client), count) };
}

async function measure(database: BenchDatabase, vendor: string): Promise<{ ours: Rate; raw: Rate }> {
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
      const ours = await rateOf(database, count, dispatchAll);
      await seedDueSms(client, { workspace: other, count, at: now });
      const raw = await rateOf(database, count, rawAll);
      return { ours, raw };
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
  const ratio = ours.perSecond / raw.perSecond;
  const whole = (number: number) => round(number, 0).toLocaleString("en");
  const cpu = ({ node, postgres }: CpuSeconds) => `${round(node, 2)} + ${postgres === null ? "?" : round(postgres, 2)}`;
  report(
    `dispatch: ${whole(ours.perSecond)} sends/s of ${EXECUTIONS.toLocaleString("en")} due; raw ${whole(raw.perSecond)}/s; ratio ${round(ratio, 2)}; CPU seconds of Node + PostgreSQL per 1,000: ${cpu(ours.cpu)}; raw ${cpu(raw.cpu)}`,
    {
      bench: "dispatch",
      executions: EXECUTIONS,
      perSecond: round(ours.perSecond, 0),
      target: 2_000,
      raw: round(raw.perSecond, 0),
      ratio: round(ratio, 2),
      ratioTarget: 0.5,
      cpuPer1000: cpu(ours.cpu),
      rawCpuPer1000: cpu(raw.cpu),
    },
  );
} finally {
  await vendor.stop();
}
