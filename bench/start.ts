/**
 * Whole processes, as `npm start` runs them once packages and pages are there: the first start on an empty disk until the first page is answered
 * (≤ 20 s), a later one (≤ 3 s), and the memory of the Node process that serves nobody (≤ 300 MB). The raw limit is the same start of
 * PostgreSQL alone. `node bench/start.ts [seconds of rest]`
 */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { elapsed } from "#platform/clock.ts";
import { startProduct } from "./product.ts";
import { benchDirectory, benchServer, percentile, report, round } from "./setup.ts";

/** After this long the first garbage has been collected and the loops have turned; nothing is forced. */
const REST_SECONDS = Number(process.argv[2] ?? 60);
const WARM_STARTS = 5;
const COLD_STARTS = 2;
const DEMO = { NODE_ENV: "development", DEMO: "on" };

async function inDirectory<T>(work: (path: string) => Promise<T>): Promise<T> {
  const { path, remove } = await benchDirectory();
  try {
    return await work(path);
  } finally {
    await remove();
  }
}

/** Milliseconds that PostgreSQL itself takes: made, started and answering; then, stopped meanwhile, started again. */
async function rawStart(dataDir: string): Promise<{ cold: number; warm: number }> {
  const start = async () => {
    const begun = elapsed();
    const { stop } = await benchServer(dataDir, { fast: false });
    const took = elapsed() - begun;
    await stop();
    return took;
  };
  return { cold: await start(), warm: await start() };
}

/** Resident memory in MB, by the kernel's own count (proc(5)); elsewhere than on Linux nothing is told. */
async function residentMB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_024;
}

/** One start and a proper stop. */
async function startOnce(dataDir: string): Promise<number> {
  const product = await startProduct({ DATA_DIR: dataDir, ...DEMO });
  await product.stop();
  return product.startedMs;
}

async function startAndRest(dataDir: string): Promise<{ ms: number; restMB: number }> {
  const product = await startProduct({ DATA_DIR: dataDir, ...DEMO });
  await sleep(REST_SECONDS * 1_000);
  const restMB = await residentMB(product.pid);
  await product.stop();
  return { ms: product.startedMs, restMB };
}

const raw = await inDirectory(rawStart);
const colds: number[] = [];
for (let start = 1; start < COLD_STARTS; start++) colds.push(await inDirectory(startOnce));
const { warm, restMB } = await inDirectory(async (dataDir) => {
  colds.push(await startOnce(dataDir));
  const warms: number[] = [];
  for (let start = 1; start < WARM_STARTS; start++) warms.push(await startOnce(dataDir));
  const last = await startAndRest(dataDir);
  return { warm: percentile([...warms, last.ms], 0.5), restMB: last.restMB };
});
const cold = Math.max(...colds);
const seconds = (ms: number) => round(ms / 1_000, 2);
report(
  `cold start ${seconds(cold)} s (PostgreSQL alone ${seconds(raw.cold)} s), warm start ${seconds(warm)} s (${seconds(raw.warm)} s); ` +
    `${round(restMB, 0)} MB after ${REST_SECONDS} s of rest`,
  {
    bench: "start",
    coldSeconds: seconds(cold),
    coldTarget: 20,
    rawCold: seconds(raw.cold),
    warmSeconds: seconds(warm),
    warmTarget: 3,
    rawWarm: seconds(raw.warm),
    restMB: round(restMB, 0),
    restTarget: 300,
    restSeconds: REST_SECONDS,
  },
);
