import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Ends the name of a file that is not whole yet. */
const PART = ".part";

/** Writes a file that nobody but us reads. When this resolves it is on the disk, not in the system's memory; it is whole or not there. */
export async function writeDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}${PART}`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  // It gets its name last.
  await rename(`${path}${PART}`, path);
}
