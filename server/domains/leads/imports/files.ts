import { createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CSV_LIMITS } from "../csv/faults.ts";
import { FileTooLarge } from "../problems.ts";

/** Where an uploaded file lies. `fileKey` is made by us, never by the uploader. */
export const uploadPath = (dataDir: string, fileKey: string) => join(dataDir, "uploads", fileKey);

/** Multipart bodies carry some headers beside the file. */
const ENVELOPE_BYTES = 64 * 1024;

/** Refuses by the size that the request announces, before any of it is read. */
export function refuseLargeBody(contentLength: string | null): void {
  if (contentLength !== null && Number(contentLength) > CSV_LIMITS.bytes + ENVELOPE_BYTES) throw FileTooLarge();
}

/** Bytes, and about how many lines: line breaks outside quotation marks. */
export type StoredUpload = { bytes: number; lines: number };

/** Writes a file as it comes, chunk by chunk. One that is over the limit is removed as soon as it is. */
export async function storeUpload(stream: Readable, path: string): Promise<StoredUpload> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const counter = countLines();
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      counter.push(chunk);
      done(counter.bytes() > CSV_LIMITS.bytes ? FileTooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(stream, measure, createWriteStream(path, { mode: 0o600 }));
    // The server's own limit cuts a stream off without an error.
    if ("truncated" in stream && stream.truncated === true) throw FileTooLarge();
  } catch (error) {
    await removeUpload(path);
    throw error;
  }
  return { bytes: counter.bytes(), lines: counter.lines() };
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Counts lines in bytes of any of the encodings: their line breaks and quotation marks have the same byte. A quotation mark
 * within an unquoted cell leads it astray, so the number is good for a progress bar and not for a promise.
 */
function countLines() {
  let bytes = 0;
  let feeds = 0;
  let returns = 0;
  let quoted = false;
  let last = LF;
  return {
    bytes: () => bytes,
    lines: () => Math.max(feeds, returns) + (last === LF || last === CR ? 0 : 1),
    push(chunk: Buffer) {
      bytes += chunk.length;
      // By index, and most bytes are none of the three: an iterator takes ten times as long over half a gigabyte.
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        if (byte > QUOTE) continue;
        if (byte === QUOTE) quoted = !quoted;
        else if (!quoted && byte === LF) feeds++;
        else if (!quoted && byte === CR) returns++;
      }
      last = chunk.findLast((byte) => byte !== 0) ?? last;
    },
  };
}

export const readUpload = (path: string): ReadStream => createReadStream(path, { highWaterMark: 256 * 1024 });

export async function hasUpload(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}

/** A file that was written anew without somebody who was erased stands under the next key: `imp_1.csv`, `imp_1.csv.1`, `imp_1.csv.2`. */
const KEY = /^(.+?\.csv)(?:\.(\d+))?$/;
const firstKeyOf = (fileKey: string): string => KEY.exec(fileKey)?.[1] ?? fileKey;

export function nextKeyOf(fileKey: string): string {
  const [, first = fileKey, number = "0"] = KEY.exec(fileKey) ?? [];
  return `${first}.${Number(number) + 1}`;
}

async function listFiles(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    // Nobody has uploaded anything yet.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** With all that it was written anew from, or as. */
export async function removeUpload(path: string): Promise<void> {
  const first = firstKeyOf(basename(path));
  for (const name of await listFiles(dirname(path)))
    if (firstKeyOf(name) === first) await rm(join(dirname(path), name), { force: true });
}

/** One file alone. */
export const removeFile = (path: string): Promise<void> => rm(path, { force: true });

/** Keys of uploads that lie there more than once, by the first of each: one that was written anew, and what its process died before it removed. */
export async function listRewritten(dataDir: string): Promise<Map<string, string[]>> {
  const all = Map.groupBy(await listFiles(uploadPath(dataDir, "")), firstKeyOf);
  return new Map([...all].filter(([, keys]) => keys.length > 1));
}
