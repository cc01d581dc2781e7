/**
 * Due SMS steps through a loopback vendor, end to end: claim, gate, render, attempt and message rows, HTTP, result, events. At least 2,000 a
 * second, and at least half of what the same work takes with nothing but `pg` and `undici`. The vendor runs in a process of its own.
 * `node bench/dispatch.ts [executions]`
 */
import { seedDueSms } from "#test/due-sms.ts";
import { createApp } from "#server/app.ts";
import { cpuWords } from "./cpu.ts";
import {
  NOON,
  type Rate,
  WARM_UP,
  connectVendor,
  dispatchOf,
  rateOf,
  sentIn,
  startVendor,
  workspaceIn,
} from "./dispatching.ts";
import { rawDispatch } from "./raw-dispatch.ts";
import { type BenchDatabase, onDatabase, report, round } from "./setup.ts";

const EXECUTIONS = Number(process.argv[2] ?? 20_000);

async function measure(database: BenchDatabase, vendor: string): Promise<{ ours: Rate; raw: Rate }> {
  const { client, config, url, workspace } = database;
  // The clock stands, a minute further for the measured part: a channel's budget is counted by the minute.
  let now = NOON;
  const app = await createApp({ config, databaseUrl: url, clock: { now: () => now } });
  try {
    const { runtime } = app;
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "bench" });
    await connectVendor(runtime, ctx, vendor);
    const dispatchAll = dispatchOf(app);
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
      const sent = await sentIn(database, id);
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
  report(
    `dispatch: ${whole(ours.perSecond)} sends/s of ${EXECUTIONS.toLocaleString("en")} due; raw ${whole(raw.perSecond)}/s; ratio ${round(ratio, 2)}; CPU seconds of Node + PostgreSQL per 1,000: ${cpuWords(ours.cpu)}; raw ${cpuWords(raw.cpu)}`,
    {
      bench: "dispatch",
      executions: EXECUTIONS,
      perSecond: round(ours.perSecond, 0),
      target: 2_000,
      raw: round(raw.perSecond, 0),
      ratio: round(ratio, 2),
      ratioTarget: 0.5,
      cpuPer1000: cpuWords(ours.cpu),
      rawCpuPer1000: cpuWords(raw.cpu),
    },
  );
} finally {
  await vendor.stop();
}
