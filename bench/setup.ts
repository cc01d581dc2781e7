import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Pool } from "pg";
import { startEmbedded } from "#platform/database/embedded.ts";
import { migrate } from "#platform/database/migrate.ts";
import { elapsed } from "#platform/clock.ts";
import { readConfig, type Config } from "#platform/config.ts";
import { newId } from "#platform/ids.ts";
import { migrateQueue } from "#platform/job-worker.ts";

/** A migrated database of a bench's own, on a server of its own that writes to disk as lazily as tests do. */
export type BenchDatabase = {
  url: string;
  adminUrl: string;
  dataDir: string;
  config: Config;
  client: Client;
  workspace: string;
};

/** Runs a bench on a fresh database with one workspace, and clears everything away behind it. */
export async function onDatabase<T>(run: (database: BenchDatabase) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-bench-"));
  // Run by root, the database server belongs to another user, who must be able to reach its directory.
  await chmod(dataDir, 0o711);
  const server = await startEmbedded(dataDir, { fast: true });
  try {
    await migrate(server.url);
    const pool = new Pool({ connectionString: server.url, max: 1 });
    pool.on("error", () => undefined);
    await migrateQueue(pool);
    await pool.end();
    const client = new Client({ connectionString: server.url });
    client.on("error", () => undefined);
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
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
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
