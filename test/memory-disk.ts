import { statfsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux keeps what lies here in memory. */
const MEMORY_DISK = "/dev/shm";
/** What the databases of a whole run may come to (a gigabyte or two), and as much again for the two suites that run side by side. */
const ENOUGH_BYTES = 6 * 1024 ** 3;

/**
 * A new directory for the databases of this run, in memory where the machine has plenty of it: each test file copies the eight hundred files of a
 * database (measured: 0.05 s of a processor in memory, 0.5 s on a virtual machine's disk). Takes away what runs that were killed have left there.
 */
export async function makeDatabaseDir(): Promise<string> {
  const base = hasRoom() ? MEMORY_DISK : tmpdir();
  for (const name of await readdir(base)) {
    const owner = Number(/^throughline-test-(\d+)-/.exec(name)?.[1]);
    if (owner > 0 && isGone(owner)) await takeAway(join(base, name));
  }
  return mkdtemp(join(base, `throughline-test-${process.pid}-`));
}

/** What another user has left stays. */
async function takeAway(dir: string): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true });
  } catch (error) {
    process.stderr.write(`${dir} is left where it is: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_DISK);
    return bavail * bsize >= ENOUGH_BYTES && process.availableMemory() >= ENOUGH_BYTES;
  } catch {
    return false; // There is none on this system.
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
