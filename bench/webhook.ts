/**
 * Webhooks of vendors at 300 a second, on a fixed schedule, into a whole process of the product on a database that writes to disk: texts'
 * callbacks, people's answers and batches of mail events, truly signed. p99 ≤ 25 ms from the instant at which each was due to its
 * acknowledgement, and processed within 1 s; the same at ten times the data within 1.5 times. The raw limit is the same schedule into
 * node:http and one insert. `node bench/webhook.ts [seconds] [leads]`
 */
import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, systemClock } from "#platform/clock.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { createApp } from "#server/app.ts";
import { postAtRate } from "./open-loop.ts";
import { startProduct } from "./product.ts";
import { type BenchDatabase, onDatabase, percentile, report, round } from "./setup.ts";
import { NUMBER, type VendorKeys, makePosts, makeVendorKeys, seedMessages } from "./vendor-posts.ts";

const PER_SECOND = 300;
const SECONDS = Number(process.argv[2] ?? 20);
/** Before the clock counts: compiled code, open connections, cached plans. */
const WARM_UP_SECONDS = 5;
const LEADS = Number(process.argv[3] ?? 10_000);
const GIVE_UP_MS = 60_000;

type Run = { latencies: number[]; processedMs: number[] };

async function connect({ config, url, workspace }: BenchDatabase, keys: VendorKeys): Promise<void> {
  const app = await createApp({ config, databaseUrl: url });
  try {
    const ctx = app.runtime.contextFor(workspace, { kind: "system", id: "bench" });
    const vendors = {
      twilio: { accountSid: `AC${"0".repeat(32)}`, authToken: keys.token, fromNumber: NUMBER },
      sendgrid: { apiKey: "SG.bench", fromEmail: "hello@maple.example", eventPublicKey: keys.publicKey },
    };
    for (const [provider, credentials] of Object.entries(vendors))
      await connectIntegration(app.runtime, ctx, { provider, credentials });
  } finally {
    await app.stop();
  }
}

/** Waits until nothing is left to process; the time that each stored event took from its arrival. */
async function processed({ client, workspace }: BenchDatabase): Promise<number[]> {
  const until = elapsed() + GIVE_UP_MS;
  for (let left = -1; left !== 0; await sleep(50)) {
    const { rows } = await client.query<{ n: number }>(
      "select count(*)::int as n from inbound_events where workspace_id = $1 and status = 'received'",
      [workspace],
    );
    left = rows[0]?.n ?? 0;
    if (elapsed() > until) throw new Error(`${left} events are still not processed.`);
  }
  const { rows } = await client.query<{ status: string; ms: number }>(
    "select status, extract(epoch from processed_at - received_at)::float * 1000 as ms from inbound_events where workspace_id = $1",
    [workspace],
  );
  const other = rows.filter(({ status }) => status !== "processed");
  if (other.length > 0) throw new Error(`${other.length} events were not processed but are ${other[0]?.status}.`);
  return rows.map(({ ms }) => ms);
}

async function measure(database: BenchDatabase, url: string, keys: VendorKeys, process: boolean): Promise<Run> {
  const { client, workspace } = database;
  const run = async (name: string, seconds: number) => {
    await client.query("delete from inbound_events");
    const posts = await makePosts(client, {
      workspace,
      url,
      keys,
      count: PER_SECOND * seconds,
      at: systemClock.now(),
      run: name,
    });
    const latencies = await postAtRate(url, posts, PER_SECOND);
    const stored = await client.query<{ n: number }>("select count(*)::int as n from inbound_events");
    const told = PER_SECOND * seconds * 1.9;
    if (stored.rows[0]?.n !== told) throw new Error(`${stored.rows[0]?.n} events were stored, not ${told}.`);
    return { latencies, processedMs: process ? await processed(database) : [] };
  };
  await run("warm-up", WARM_UP_SECONDS);
  return run("measured", SECONDS);
}

async function measureAt(leads: number): Promise<{ ours: Run; raw: Run }> {
  return onDatabase(
    async (database) => {
      const { client, workspace, url, dataDir } = database;
      const keys = makeVendorKeys();
      await connect(database, keys);
      await seedMessages(client, workspace, leads, systemClock.now());
      const env = { DATABASE_URL: url, DATA_DIR: dataDir };
      const rawServer = await startProduct(env, {
        program: "bench/raw-webhook.ts",
        args: [keys.token, keys.publicKey],
      });
      const raw = await measure(database, rawServer.url, keys, false).finally(() => rawServer.stop());
      const product = await startProduct(env);
      const ours = await measure(database, product.url, keys, true).finally(() => product.stop());
      return { ours, raw };
    },
    { durable: true },
  );
}

const line = ({ latencies }: Run) =>
  [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${round(percentile(latencies, share))}`).join(", ");
const p99 = ({ latencies }: Run) => percentile(latencies, 0.99);

async function measureAndTell(leads: number): Promise<{ ours: Run; raw: Run }> {
  const { ours, raw } = await measureAt(leads);
  process.stdout.write(
    `${leads.toLocaleString("en")} leads: ${line(ours)} ms; processed p99 ${round(percentile(ours.processedMs, 0.99), 0)}, ` +
      `longest ${round(Math.max(...ours.processedMs), 0)} ms; raw ${line(raw)} ms\n`,
  );
  return { ours, raw };
}

const small = await measureAndTell(LEADS);
const large = await measureAndTell(LEADS * 10);
report(
  `webhooks at ${PER_SECOND}/s: p99 ${round(p99(large.ours))} ms, processed within ${round(Math.max(...large.ours.processedMs), 0)} ms; ` +
    `raw p99 ${round(p99(large.raw))} ms; at a tenth of the data p99 ${round(p99(small.ours))} ms`,
  {
    bench: "webhook",
    perSecond: PER_SECOND,
    p50: round(percentile(large.ours.latencies, 0.5)),
    p95: round(percentile(large.ours.latencies, 0.95)),
    p99: round(p99(large.ours)),
    target: 25,
    rawP99: round(p99(large.raw)),
    processedP99: round(percentile(large.ours.processedMs, 0.99), 0),
    processedMax: round(Math.max(...large.ours.processedMs), 0),
    processedTarget: 1_000,
    growth: round(p99(large.ours) / p99(small.ours), 2),
    growthTarget: 1.5,
  },
);
