import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseStartError } from "./embedded-files.ts";

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

/** Another program may have been given the number since: believe the name where the system tells it (Linux), else the number alone. */
async function isRunningAs(pid: number, name: string): Promise<boolean> {
  if (!(pid > 0) || !isRunning(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => name);
  return command.includes(name);
}

const readPid = async (path: string) => Number((await readFile(path, "utf8").catch(() => "0")).split("\n")[0]);

/** Which Throughline holds a data directory: `<dataDir>/throughline.pid`, taken before the database starts and given back after it stopped. */
const ownerFile = (dataDir: string) => join(dataDir, "throughline.pid");

/** Refuses a directory that a living Throughline holds. One that died without giving it back is no obstacle. */
export async function takeOwnership(dataDir: string): Promise<void> {
  const owner = await readPid(ownerFile(dataDir));
  if (owner !== process.pid && (await isRunningAs(owner, "node"))) {
    throw new DatabaseStartError(
      `Another Throughline (process ${owner}) already uses ${dataDir}. Stop it, or set DATA_DIR to another directory.`,
    );
  }
  await writeFile(ownerFile(dataDir), `${process.pid}\n`);
}

export const giveBack = (dataDir: string) => rm(ownerFile(dataDir), { force: true });

/**
 * After kill -9 or a power cut: a database server whose Throughline is gone is stopped (nothing is lost: it is a normal shutdown), and a
 * lock file of a server that is gone is taken away.
 */
export async function clearStaleServer(databaseDir: string): Promise<void> {
  const lock = join(databaseDir, "postmaster.pid");
  if (!existsSync(lock)) return;
  const pid = await readPid(lock);
  if (await isRunningAs(pid, "postgres")) {
    process.kill(pid, "SIGINT");
    for (let waited = 0; isRunning(pid); waited += 100) {
      if (waited > ORPHAN_STOP_MS)
        throw new DatabaseStartError(
          `PostgreSQL process ${pid} holds ${databaseDir} and does not stop. End it, then start again.`,
        );
      await sleep(100);
    }
  }
  await rm(lock, { force: true });
}
