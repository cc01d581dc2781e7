import { mkdir, open, readdir, readFile, stat } from "node:fs/promises";
import { platform } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryDir } from "#test/processes.ts";
import { writeDurably } from "./durable-file.ts";

/** What is brought to the disk from now on, in its order. */
async function watchDisk(dir: string) {
  const handle = await open(dir, "r");
  const prototype: typeof handle = Object.getPrototypeOf(handle);
  await handle.close();
  const synced: { isDirectory: boolean; size: number; inode: number }[] = [];
  const watched = vi.spyOn(prototype, "sync").mockImplementation(async function (this: typeof handle) {
    const found = await this.stat();
    synced.push({ isDirectory: found.isDirectory(), size: found.size, inode: found.ino });
  });
  onTestFinished(() => watched.mockRestore());
  return synced;
}

const inodeOf = async (path: string) => (await stat(path)).ino;

test.skipIf(platform() === "win32")(
  "a file is brought to the disk whole, then its name, then the directories that were made for it",
  async () => {
    const root = await temporaryDir();
    const dir = join(root, "one", "two");
    const synced = await watchDisk(root);
    await writeDurably(join(dir, "first.json"), "four");
    expect(synced[0]).toMatchObject({ isDirectory: false, size: 4 });
    expect(synced.slice(1)).toMatchObject([
      { inode: await inodeOf(dir) },
      { inode: await inodeOf(join(root, "one")) },
      { inode: await inodeOf(root) },
    ]);
    synced.length = 0;
    await writeDurably(join(dir, "second.json"), "more");
    expect(synced).toMatchObject([{ isDirectory: false }, { inode: await inodeOf(dir) }]);
    expect((await stat(join(dir, "second.json"))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  },
);

test("a file that is written again is the new one or the old one, and a part of one has no name", async () => {
  const path = join(await temporaryDir(), "kept.json");
  await writeDurably(path, "old");
  await writeDurably(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  // Its name is taken by what no file can replace: it breaks off where it would get it.
  await mkdir(`${path}.dir/full`, { recursive: true });
  await expect(writeDurably(`${path}.dir`, "newer")).rejects.toThrow();
  expect((await readdir(join(path, ".."))).toSorted()).toEqual([
    basename(path),
    `${basename(path)}.dir`,
    `${basename(path)}.dir.part`,
  ]);
});
