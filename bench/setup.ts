import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Pool } from "pg";
import { type EmbeddedDatabase, startEmbedded } from "#platform/database/embedded.ts";
import { migrate } from "#platform/database/migrate.ts";
import { elapsed } from "#platform/clock.ts";
import { readConfig, type Config } from "#platform/config.ts";
import { newId } from "#platform/ids.ts";
import { migrateQueue } from "#platform/job-worker.ts";

/** A migrated database of a bench's own, on a server of its own. */
export type BenchDatabase = {
  url: string;
  adminUrl: string;
  dataDir: string;
  config: Config;
  client: Client;
  workspace: string;
};

type Undo = () => Promise<void>;

/** What a bench has started, the latest last: however the bench ends, nothing of it may stay behind. */
const started: Undo[] = [];

/** Has `undo` done when the bench is interrupted or fails, unless the returned function did it before. */
export function undoneAtEnd(undo: Undo): Undo {
  let doing: Promise<void> | undefined;
  const once = () => (doing ??= undo());
  started.push(once);
  return async () => {
    await once();
    started.splice(started.indexOf(once), 1);
  };
}

let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  for (let undo = started.pop(); undo; undo = started.pop()) {
    await undo().catch((error: unknown) => process.stderr.write(`Clearing away failed: ${String(error)}\n`));
  }
  process.exit(code);
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)
  process.on(signal, () => void end(code));
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.stack ?? String(error)}\n`);
  void end(1);
});

/** A lost connection shows in the query that needed it; an idle one that is cut off at the end is nothing. */
const ignore = () => undefined;

/** A pool of connections of a bench's own. */
export function benchPool(url: string, max: number): Pool {
  const pool = new Pool({ connectionString: url, max });
  pool.on("error", ignore);
  // graphile-worker insists on a handler on each connection.
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}

/** An empty directory that goes with the bench. Run by root, the database server is another user's, who must be able to enter it. */
export async function benchDirectory(): Promise<{ path: string; remove: Undo }> {
  const path = await mkdtemp(join(tmpdir(), "throughline-bench-"));
  await chmod(path, 0o711);
  return { path, remove: undoneAtEnd(() => rm(path, { recursive: true, force: true })) };
}

/** A database server that goes with the bench, even one that is told to end while the server starts. */
export async function benchServer(
  dataDir: string,
  options: { fast: boolean },
): Promise<{ server: EmbeddedDatabase; stop: Undo }> {
  const starting = startEmbedded(dataDir, options);
  const stop = undoneAtEnd(async () => (await starting).stop());
  return { server: await starting, stop };
}

/**
 * Runs a bench on a fresh database with one workspace, and clears everything away behind it. The database writes to disk as lazily as tests
 * do, unless it is to be `durable`, as the product's own is.
 */
export async function onDatabase<T>(
  run: (database: BenchDatabase) => Promise<T>,
  options: { durable?: boolean } = {},
): Promise<T> {
  const directory = await benchDirectory();
  const dataDir = directory.path;
  const { server, stop } = await benchServer(dataDir, { fast: options.durable !== true });
  try {
    await migrate(server.url);
    const pool = benchPool(server.url, 1);
    await migrateQueue(pool).finally(() => pool.end());
    const client = new Client({ connectionString: server.url });
    client.on("error", ignore);
    await client.connect();
    const workspace = newId("ws");
    await client.query("insert into workspaces (id, name) values ($1, 'Bench')", [workspace]);
    await client.query("insert into workspace_settings (workspace_id) values ($1)", [workspace]);
    const config = readConfig({
      NODE_ENV: "test",
      DATA_DIR: dataDir,
      DATABASE_URL: server.url,
      LOG_LEVEL: "warn",
      RATE_LIMIT_PER_KEY: "0",
      RATE_LIMIT_PER_USER: "0",
      RATE_LIMIT_PER_ADDRESS: "0",
    });
    try {
      return await run({ url: server.url, adminUrl: server.adminUrl, dataDir, config, client, workspace });
    } finally {
      await client.end();
    }
  } finally {
    await stop();
    await directory.remove();
  }
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = elapsed();
  await work();
  return elapsed() - start;
}

/** The value that `share` of the numbers do not exceed. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const round = (number: number, digits = 1) => Number(number.toFixed(digits));

/** One line for a person, one of JSON for a program. */
export function report(line: string, figures: Record<string, unknown>): void {
  process.stdout.write(`${line}\n${JSON.stringify(figures)}\n`);
}
