import { createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
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
      for (const byte of chunk) {
        if (byte === 0) continue;
        if (byte === QUOTE) quoted = !quoted;
        else if (!quoted && byte === LF) feeds++;
        else if (!quoted && byte === CR) returns++;
        last = byte;
      }
    },
  };
}

export const readUpload = (path: string): ReadStream => createReadStream(path, { highWaterMark: 256 * 1024 });

export async function hasUpload(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}

/** Where a file is written anew without somebody who was erased. */
export const redactionPath = (path: string) => `${path}.redacting`;

/** With what is left of it where its process died while it was written anew. */
export async function removeUpload(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(redactionPath(path), { force: true });
}
