import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { DatabaseStartError, type Places, findPlaces, socketDirOf } from "./embedded-files.ts";
import { clearStaleServer, giveBack, takeOwnership } from "./embedded-lock.ts";

export { DatabaseStartError } from "./embedded-files.ts";

const MIN_FREE_BYTES = 200 * 1024 * 1024;
/** Recovery after a crash replays at most two gigabytes of log. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;

export type EmbeddedDatabase = {
  url: string;
  adminUrl: string;
  /** Where the data is, when it could not stay in the data directory. */
  movedTo: string | null;
  stop(): Promise<void>;
};

/**
 * `wal_compression`: after a checkpoint the first change of a page writes the page whole. With callbacks all over 100,000 messages the log grew by
 * more than the files that it uses again, and each new one holds up every commit (p99 of a webhook 120 ms; 21 ms compressed).
 */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  max_connections: "120",
  shared_buffers: "256MB",
  random_page_cost: "1.1",
  max_wal_size: "2GB",
  wal_compression: "on",
};
/** Tests throw their database away: they may lose it to a power cut; and it may lie in memory, where its log must stay small. */
const FAST_SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_wal_size: "512MB" };
/**
 * What comes by the machine's clock decides which rows lie where: vacuum makes room, and a page that is being written cannot be cleaned. A run in
 * virtual time would not come out the same again.
 */
const STILL_SETTINGS = {
  autovacuum: "off",
  bgwriter_lru_maxpages: "0",
  checkpoint_timeout: "1d",
  max_wal_size: "32GB",
};

export type EmbeddedOptions = { fast?: boolean; still?: boolean };

/**
 * Starts the real PostgreSQL that came through npm on a free loopback port, its data in `<dataDir>/postgres`. It runs in a process group of
 * its own, so that Ctrl-C in a terminal reaches Throughline alone, which stops it last of all.
 */
export async function startEmbedded(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const places = await findPlaces(dataDir);
  await refuseFullDisk(dataDir);
  await takeOwnership(dataDir);
  await clearStaleServer(places.databaseDir);
  const password = await passwordOf(dataDir);
  if (!existsSync(join(places.databaseDir, "PG_VERSION"))) await initialise(places, password, options.fast ?? false);
  const port = await freePort();
  const server = launch(places, port, options);
  const socketDir = socketDirOf(places.databaseDir);
  const host = socketDir === "" ? "" : `?host=${encodeURIComponent(socketDir)}`;
  const urlOf = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}${host}`;
  await untilReady(server, urlOf("postgres"), places.databaseDir);
  await makeDatabase(urlOf("postgres"));
  return {
    url: urlOf("throughline"),
    adminUrl: urlOf("postgres"),
    movedTo: places.databaseDir === join(dataDir, "postgres") ? null : places.databaseDir,
    stop: async () => {
      await server.stop();
      await giveBack(dataDir);
    },
  };
}

/** Made once per data directory: other users of the machine can reach the port, so the password must not be known. */
async function passwordOf(dataDir: string): Promise<string> {
  const path = join(dataDir, "postgres.password");
  if (existsSync(path)) return (await readFile(path, "utf8")).trim();
  const password = randomBytes(24).toString("base64url");
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

async function initialise({ binaries, databaseDir, account }: Places, password: string, fast: boolean): Promise<void> {
  // What a start that was cut off left behind holds nothing yet.
  await rm(databaseDir, { recursive: true, force: true });
  await mkdir(databaseDir, { recursive: true, mode: 0o700 });
  // initdb reads the password from a file, as the user it runs as.
  const handover = await mkdtemp(join(tmpdir(), "throughline-init-"));
  const passwordFile = join(handover, "password");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [databaseDir, handover, passwordFile]) await chown(path, account.uid, account.gid);
  try {
    const flags = [
      "--encoding=UTF8",
      "--locale=C",
      "--auth=scram-sha-256",
      "--username=postgres",
      `--pwfile=${passwordFile}`,
    ];
    const child = spawn(binaries.initdb, [`--pgdata=${databaseDir}`, ...flags, ...(fast ? ["--no-sync"] : [])], {
      ...account,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = collect(child);
    const code = await new Promise<number | null>((done) => {
      child.once("error", () => done(null));
      child.once("close", done);
    });
    if (code !== 0) throw new DatabaseStartError(`The database in ${databaseDir} cannot be made: ${said()}`);
  } finally {
    await rm(handover, { recursive: true, force: true });
  }
}

/** The last line the program wrote that says something. */
function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-4_000);
  });
  return () =>
    text
      .trim()
      .split("\n")
      .findLast((line) => /FATAL|error|could not/i.test(line))
      ?.trim() ??
    (text.trim() || "it says nothing.");
}

type Server = { hasExited(): boolean; said(): string; stop(): Promise<void> };

function launch(places: Places, port: number, { fast, still }: EmbeddedOptions): Server {
  const { binaries, databaseDir, account } = places;
  const sockets = { unix_socket_directories: socketDirOf(places.databaseDir) };
  const settings = { ...SETTINGS, ...sockets, ...(fast ? FAST_SETTINGS : {}), ...(still ? STILL_SETTINGS : {}) };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", databaseDir, "-p", String(port), ...flags], {
    ...account,
    detached: platform() !== "win32",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = collect(child);
  let exited = false;
  const exit = new Promise<void>((done) => {
    const finish = () => {
      exited = true;
      done();
    };
    child.once("error", finish);
    child.once("exit", finish);
  });
  // Whatever ends this process while the server runs, the server must not outlive it.
  const lastResort = () => child.kill("SIGINT");
  process.once("exit", lastResort);
  return {
    hasExited: () => exited,
    said,
    async stop() {
      process.off("exit", lastResort);
      // Fast shutdown: sessions are ended, everything committed is written; if that takes too long, as after a crash.
      child.kill("SIGINT");
      const late = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
      await exit;
      clearTimeout(late);
    },
  };
}

async function untilReady(server: Server, url: string, databaseDir: string): Promise<void> {
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += 25) {
    if (server.hasExited()) break;
    if (await answers(url)) return;
    await sleep(25);
  }
  const why = server.said();
  if (!server.hasExited()) await server.stop();
  throw new DatabaseStartError(`The embedded database in ${databaseDir} does not start: ${why}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false; // Not listening yet, or still recovering: asked again until the time is up.
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'throughline'");
    if (!rowCount) await client.query("create database throughline");
  } finally {
    await client.end();
  }
}

async function refuseFullDisk(dataDir: string): Promise<void> {
  const disk = await statfs(dataDir);
  const free = disk.bavail * disk.bsize;
  if (free >= MIN_FREE_BYTES) return;
  throw new DatabaseStartError(
    `The disk of ${dataDir} has ${Math.floor(free / 1024 / 1024)} MB left; Throughline needs 200 MB. Free some space or set DATA_DIR to another disk.`,
  );
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? found(address.port) : failed(new Error("no free port")),
      );
    });
  });
}
