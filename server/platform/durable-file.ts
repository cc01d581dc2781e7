import { mkdir, open, rename } from "node:fs/promises";
import { platform } from "node:os";
import { dirname } from "node:path";

/** Ends the name of a file that is not whole yet. */
const PART = ".part";

/** Windows opens no directory as a file, and writes down a rename by itself. */
const HAS_DIRECTORY_FILES = platform() !== "win32";

/**
 * Writes a file that nobody but us reads. When this resolves it is on the disk under its name, not in the system's memory: neither a process that is
 * killed nor a power cut takes it. It is whole or not there.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const dir = dirname(path);
  const firstMade = await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = await open(`${path}${PART}`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  // It gets its name last.
  await rename(`${path}${PART}`, path);
  // A name is on the disk when the directory that it stands in is.
  await syncDirectory(dir);
  if (firstMade === undefined) return;
  for (let made = dir; made.length >= firstMade.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  if (!HAS_DIRECTORY_FILES) return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
