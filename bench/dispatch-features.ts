/**
 * What each thing that can be switched on costs a dispatch: conditions on the step, tracked links in the text, senders with budgets, and all of
 * them. Versions and caps are always on. Each is measured in a workspace of its own on one database, beside the same touches without it.
 * `node bench/dispatch-features.ts [executions]`
 */
import { seedDueSms } from "#test/due-sms.ts";
import { newId } from "#platform/ids.ts";
import { createApp } from "#server/app.ts";
import { type CpuSeconds, cpuWords } from "./cpu.ts";
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

const EXECUTIONS = Number(process.argv[2] ?? 10_000);
const SENDERS = 4;

type Feature = "conditions" | "tracking" | "senders";
const RUNS: { name: string; features: readonly Feature[] }[] = [
  { name: "plain", features: [] },
  { name: "conditions", features: ["conditions"] },
  { name: "tracking", features: ["tracking"] },
  { name: "senders", features: ["senders"] },
  { name: "all", features: ["conditions", "tracking", "senders"] },
];

/** Three questions of three kinds, which everybody passes. */
const CONDITIONS = {
  version: 1,
  all: [
    { on: "field", field: "country", op: "is", value: ["DE"] },
    { on: "field", field: "company", op: "is_not_set" },
    { on: "converted", is: false },
  ],
  else: "skip",
};
const WITH_LINK = "Hello {{ firstName }}, it is us: https://maple.example/welcome";

async function switchOn({ client }: BenchDatabase, workspace: string, features: readonly Feature[]): Promise<void> {
  if (features.includes("tracking"))
    await client.query("update workspace_settings set track_clicks = true where workspace_id = $1", [workspace]);
  if (!features.includes("senders")) return;
  for (let place = 0; place < SENDERS; place++)
    await client.query(
      `insert into senders (id, workspace_id, channel, address, counts_from, per_minute, per_day, created_at, updated_at)
       values ($1, $2, 'SMS', $3, $4, 100000, 1000000, $4, $4)`,
      [newId("snd"), workspace, `+1212555010${place}`, NOON],
    );
}

async function measure(database: BenchDatabase, vendor: string): Promise<{ runs: Map<string, Rate>; raw: Rate }> {
  const { client, config, url } = database;
  let now = NOON;
  const app = await createApp({ config, databaseUrl: url, clock: { now: () => now } });
  try {
    const dispatchAll = dispatchOf(app);
    const runs = new Map<string, Rate>();
    for (const { name, features } of RUNS) {
      const workspace = await workspaceIn(database);
      await switchOn(database, workspace, features);
      const ctx = app.runtime.contextFor(workspace, { kind: "system", id: "bench" });
      await connectVendor(app.runtime, ctx, vendor);
      const run = async (count: number) => {
        await seedDueSms(client, {
          workspace,
          count,
          at: now,
          ...(features.includes("conditions") && { conditions: CONDITIONS }),
          ...(features.includes("tracking") && { content: WITH_LINK }),
        });
        return rateOf(database, count, dispatchAll);
      };
      await run(WARM_UP);
      now = new Date(now.getTime() + 60_000);
      runs.set(name, await run(EXECUTIONS));
      now = new Date(now.getTime() + 60_000);
      const sent = await sentIn(database, workspace);
      if (sent !== WARM_UP + EXECUTIONS) throw new Error(`${name}: ${sent} were sent, not ${WARM_UP + EXECUTIONS}`);
    }
    const workspace = await workspaceIn(database);
    await seedDueSms(client, { workspace, count: EXECUTIONS, at: now });
    const raw = await rateOf(database, EXECUTIONS, () => rawDispatch({ url, workspace, vendor, at: now }));
    return { runs, raw };
  } finally {
    await app.stop();
  }
}

const sum = ({ node, postgres }: CpuSeconds) => node + (postgres ?? 0);

const vendor = await startVendor();
try {
  const { runs, raw } = await onDatabase((database) => measure(database, vendor.baseUrl));
  const plain = runs.get("plain");
  for (const [name, { perSecond, cpu }] of runs) {
    const dearer = plain ? round(sum(cpu) / sum(plain.cpu), 2) : null;
    const ratio = round(perSecond / raw.perSecond, 2);
    report(
      `${name}: ${round(perSecond, 0).toLocaleString("en")} sends/s, ratio ${ratio} to raw; CPU seconds of Node + PostgreSQL per 1,000: ${cpuWords(cpu)}, ${dearer} × plain`,
      {
        bench: `dispatch-features/${name}`,
        executions: EXECUTIONS,
        perSecond: round(perSecond, 0),
        target: 2_000,
        raw: round(raw.perSecond, 0),
        ratio,
        ratioTarget: 0.5,
        cpuPer1000: cpuWords(cpu),
        timesPlain: dearer,
      },
    );
  }
} finally {
  await vendor.stop();
}
