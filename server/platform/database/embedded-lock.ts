import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DatabaseStartError } from "./embedded-files.ts";

const run = promisify(execFile);

const ORPHAN_STOP_MS = 30_000;

/** Does a process of this number run? One that we may not signal does. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** The command line of a process; null where the system does not tell it. */
async function commandOf(pid: number): Promise<string | null> {
  const linux = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  if (linux !== null) return linux.replaceAll("\0", " ");
  return run("ps", ["-o", "command=", "-p", String(pid)]).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/**
 * Tells a process from a later one of the same number (numbers come round, and in a container they are the same at each start): the boot,
 * and the tick at which it began. Linux only; elsewhere the number has to do.
 */
async function birthOf(pid: number): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Field 22; the second, the name in brackets, may hold blanks (proc(5)).
  const startTime = status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return `${boot.trim()} ${startTime}`;
}

/** Which Throughline holds a data directory: `<dataDir>/throughline.pid`, taken before the database starts and given back after it stopped. */
const ownerFile = (dataDir: string) => join(dataDir, "throughline.pid");

/** Refuses a directory that a living Throughline holds. One that died without giving it back is no obstacle. */
export async function takeOwnership(dataDir: string): Promise<void> {
  const [number = "0", birth = ""] = (await readFile(ownerFile(dataDir), "utf8").catch(() => "")).split("\n");
  const owner = Number(number);
  if (owner > 0 && owner !== process.pid && isRunning(owner) && (await birthOf(owner)) === birth) {
    throw new DatabaseStartError(
      `Another Throughline (process ${owner}) already uses ${dataDir}. Stop it, or set DATA_DIR to another directory.`,
    );
  }
  await writeFile(ownerFile(dataDir), `${process.pid}\n${await birthOf(process.pid)}\n`);
}

export const giveBack = (dataDir: string) => rm(ownerFile(dataDir), { force: true });

/**
 * After kill -9 or a power cut: a database server whose Throughline is gone is stopped (nothing is lost: it is a normal shutdown), and a
 * lock file of a server that is gone is taken away. The number in the file may have passed to another program since: only one that was
 * started on this very directory is ours to stop.
 */
export async function clearStaleServer(databaseDir: string): Promise<void> {
  const lock = join(databaseDir, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = Number((await readFile(lock, "utf8")).split("\n")[0]);
  if (pid > 0 && isRunning(pid) && ((await commandOf(pid)) ?? "").includes(databaseDir)) {
    process.kill(pid, "SIGINT");
    for (let waited = 0; isRunning(pid); waited += 50) {
      if (waited > ORPHAN_STOP_MS)
        throw new DatabaseStartError(
          `PostgreSQL process ${pid} holds ${databaseDir} and does not stop. End it, then start again.`,
        );
      await sleep(50);
    }
  }
  await rm(lock, { force: true });
}
