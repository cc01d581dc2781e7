import { isAscii } from "node:buffer";
import { open, rename } from "node:fs/promises";
import { CSV_LIMITS } from "../csv/faults.ts";
import type { Encoding } from "../csv/decode.ts";
import { hasUpload, readUpload, redactionPath, removeUpload } from "./files.ts";

const STAR = 0x2a;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Cells of a record that was made unreadable: stars, and what divides cells within them. */
const REDACTED = /^["*,;|\s]*$/;

/** Whether the words of a record were taken out of the kept file, as those of somebody who was erased. */
export const isRedacted = (cells: readonly string[]): boolean =>
  cells.every((cell) => REDACTED.test(cell)) && cells.some((cell) => cell.includes("*"));

export type KeptUpload = { encoding: Encoding; delimiter: string };

/**
 * Puts stars in the place of every sign of the records that `isTheirs` names by their text. The file keeps its length, its lines and its number
 * of records, so that an import of it goes on where it was; whoever has it open reads the old one to its end. `onRead` is told of every few bytes
 * that are done, and waited for. Answers how many records.
 */
export async function redactUpload(
  path: string,
  { encoding, delimiter }: KeptUpload,
  isTheirs: (record: string) => boolean,
  onRead: (bytes: number) => Promise<void>,
): Promise<number> {
  if (!(await hasUpload(path))) return 0;
  const redacting = redactionPath(path);
  const redactor = newRedactor(encoding, delimiter, isTheirs);
  const file = await open(redacting, "w", 0o600);
  try {
    for await (const chunk of readUpload(path)) {
      const bytes = toBuffer(chunk);
      await file.write(redactor.push(bytes));
      await onRead(bytes.length);
    }
    await file.write(redactor.end());
    await file.sync();
  } finally {
    await file.close();
  }
  if (redactor.count() > 0) await rename(redacting, path);
  else await removeUpload(redacting);
  return redactor.count();
}

const toBuffer = (chunk: unknown): Buffer => {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError("A file is read in bytes.");
};

/** Divides bytes into records as a reader of CSV does, and gives them on, those of the person in stars. */
function newRedactor(encoding: Encoding, delimiter: string, isTheirs: (record: string) => boolean) {
  const width = encoding === "utf-16le" || encoding === "utf-16be" ? 2 : 1;
  const signOf = (bytes: Buffer, at: number): number =>
    width === 1 ? (bytes[at] ?? 0) : encoding === "utf-16le" ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const divider = delimiter.charCodeAt(0);
  let rest: Buffer = Buffer.alloc(0);
  /** Where in `rest` the reading goes on. */
  let at = 0;
  let isQuoted = false;
  let isAfterQuote = false;
  let isCellStart = true;
  let redacted = 0;

  function isEnd(sign: number): boolean {
    if (isQuoted) {
      if (sign === QUOTE) isAfterQuote = !isAfterQuote;
      else if (!isAfterQuote) return false;
      else {
        isAfterQuote = false;
        isQuoted = sign !== divider && sign !== LF && sign !== CR;
      }
      if (isQuoted) return false;
    } else if (sign === QUOTE && isCellStart) {
      isQuoted = true;
      isCellStart = false;
      return false;
    }
    isCellStart = sign === divider || sign === LF || sign === CR;
    return sign === LF || sign === CR;
  }

  /** A record as it is to stand in the file. */
  function stand(record: Buffer): Buffer {
    if (!textsOf(record, encoding).some(isTheirs)) return record;
    redacted++;
    const stars = Buffer.from(record);
    for (let place = 0; place + width <= stars.length; place += width) {
      const sign = signOf(stars, place);
      if (sign === divider || sign === QUOTE || sign === LF || sign === CR) continue;
      if (width === 1) stars[place] = STAR;
      else if (encoding === "utf-16le") stars.writeUInt16LE(STAR, place);
      else stars.writeUInt16BE(STAR, place);
    }
    return stars;
  }

  return {
    count: () => redacted,
    push(chunk: Buffer): Buffer {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const done: Buffer[] = [];
      let from = 0;
      for (; at + width <= rest.length; at += width) {
        const isLong = at - from > CSV_LIMITS.recordBytes;
        if (!isEnd(signOf(rest, at)) && !isLong) continue;
        if (isLong) isQuoted = isAfterQuote = false;
        done.push(stand(rest.subarray(from, at + width)));
        from = at + width;
      }
      rest = rest.subarray(from);
      at -= from;
      return Buffer.concat(done);
    },
    end: (): Buffer => stand(rest),
  };
}

/** A record in words. Which of two encodings an ordinary file has is known when it was read to its end: both are tried. */
function textsOf(record: Buffer, encoding: Encoding): string[] {
  if (encoding === "utf-16le") return [record.toString("utf16le")];
  if (encoding === "utf-16be") {
    const even = record.subarray(0, record.length - (record.length % 2));
    return [Buffer.from(even).swap16().toString("utf16le")];
  }
  return isAscii(record) ? [record.toString("latin1")] : [record.toString("utf8"), record.toString("latin1")];
}
