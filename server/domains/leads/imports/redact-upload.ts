import { isAscii } from "node:buffer";
import { open } from "node:fs/promises";
import { CSV_LIMITS } from "../csv/faults.ts";
import type { Encoding } from "../csv/decode.ts";
import { hasUpload, readUpload, removeFile } from "./files.ts";

const STAR = 0x2a;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Cells of a record that was made unreadable: stars, and what divides cells within them. */
const REDACTED = /^["*,;|\s]*$/;

/** Whether the words of a record were taken out of the kept file, as those of somebody who was erased. */
export const isRedacted = (cells: readonly string[]): boolean =>
  cells.every((cell) => REDACTED.test(cell)) && cells.some((cell) => cell.includes("*"));

/** No address is shorter: a cell of fewer stars is a file's own, a rating or a mark. */
const SHORTEST_ADDRESS = 6;

/** Whether a cell of somebody else's record was made unreadable, because it named somebody who was erased. */
export const isRedactedCell = (cell: string): boolean =>
  cell.includes("*") && REDACTED.test(cell) && cell.replace(/[^*]/g, "").length >= SHORTEST_ADDRESS;

export type KeptUpload = { encoding: Encoding; delimiter: string };

/** What of a record names the person. */
export type NamedIn = {
  /** Whether anything in its text does: asked of every record, so it should be quick. */
  record: (text: string) => boolean;
  /** Of one that does: all of it, where it is theirs, else the places of the cells that name them. */
  cells: (cells: readonly string[]) => "all" | readonly number[];
};

/**
 * Writes a file anew, with stars in the place of every sign of the records or cells that name the person. It keeps its length, its lines and its
 * number of records, so that an import of it goes on where it was. `onRead` is told of every few bytes that are done, and waited for. Answers how
 * many records were changed; where none was, nothing is written.
 */
export async function redactUpload(
  path: string,
  target: string,
  { encoding, delimiter }: KeptUpload,
  named: NamedIn,
  onRead: (bytes: number) => Promise<void>,
): Promise<number> {
  if (!(await hasUpload(path))) return 0;
  const redactor = newRedactor(encoding, delimiter, named);
  const file = await open(target, "w", 0o600);
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
  if (redactor.count() === 0) await removeFile(target);
  return redactor.count();
}

const toBuffer = (chunk: unknown): Buffer => {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError("A file is read in bytes.");
};

/** Divides bytes into records as a reader of CSV does, and gives them on, what names the person in stars. */
function newRedactor(encoding: Encoding, delimiter: string, named: NamedIn) {
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
  /** Where the cells of the record that is being read end, in bytes from its beginning. */
  let cellEnds: number[] = [];

  /** Whether a record ends with this sign, a cell, or neither. */
  function endOf(sign: number): "record" | "cell" | null {
    if (isQuoted) {
      if (sign === QUOTE) isAfterQuote = !isAfterQuote;
      else if (!isAfterQuote) return null;
      else {
        isAfterQuote = false;
        isQuoted = sign !== divider && sign !== LF && sign !== CR;
      }
      if (isQuoted) return null;
    } else if (sign === QUOTE && isCellStart) {
      isQuoted = true;
      isCellStart = false;
      return null;
    }
    isCellStart = sign === divider || sign === LF || sign === CR;
    if (!isCellStart) return null;
    return sign === divider ? "cell" : "record";
  }

  /** A record as it is to stand in the file. `ends`: of its cells, in bytes from its beginning. */
  function stand(record: Buffer, ends: readonly number[]): Buffer {
    if (!textsOf(record, encoding).some(named.record)) return record;
    redacted++;
    const bounds = [...ends, record.length].map((end, place) => [
      place === 0 ? 0 : (ends[place - 1] ?? 0) + width,
      end,
    ]);
    const texts = bounds.map(([from, to]) => textsOf(record.subarray(from, to), encoding));
    const readings = textsOf(record, encoding).map((text, which) => ({
      isNamed: named.record(text),
      cells: texts.map((cell) => unquoted(cell[which] ?? cell[0] ?? "")),
    }));
    const stars = Buffer.from(record);
    // An address reads alike in both encodings, a name may not: whose the record is, either may tell.
    for (const { isNamed, cells } of readings) {
      const cellsNamed = named.cells(cells);
      if (cellsNamed !== "all")
        for (const place of cellsNamed) blank(stars, bounds[place]?.[0] ?? 0, bounds[place]?.[1] ?? 0);
      else if (isNamed) blank(stars, 0, record.length);
    }
    return stars;
  }

  function blank(stars: Buffer, from: number, to: number): void {
    for (let place = from; place + width <= to; place += width) {
      const sign = signOf(stars, place);
      if (sign === divider || sign === QUOTE || sign === LF || sign === CR) continue;
      if (width === 1) stars[place] = STAR;
      else if (encoding === "utf-16le") stars.writeUInt16LE(STAR, place);
      else stars.writeUInt16BE(STAR, place);
    }
  }

  return {
    count: () => redacted,
    push(chunk: Buffer): Buffer {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const done: Buffer[] = [];
      let from = 0;
      for (; at + width <= rest.length; at += width) {
        const isLong = at - from > CSV_LIMITS.recordBytes;
        const ended = endOf(signOf(rest, at));
        if (ended === "cell") cellEnds.push(at - from);
        if (ended !== "record" && !isLong) continue;
        if (isLong) isQuoted = isAfterQuote = false;
        done.push(stand(rest.subarray(from, at + width), cellEnds));
        cellEnds = [];
        from = at + width;
      }
      rest = rest.subarray(from);
      at -= from;
      return Buffer.concat(done);
    },
    end: (): Buffer => stand(rest, cellEnds),
  };
}

const unquoted = (cell: string): string => {
  const text = cell.trim();
  return text.startsWith('"') ? text.replace(/^"|"$/g, "").replaceAll('""', '"') : text;
};

/** A record in words. Which of two encodings an ordinary file has is known when it was read to its end: both are tried. */
function textsOf(record: Buffer, encoding: Encoding): string[] {
  if (encoding === "utf-16le") return [record.toString("utf16le")];
  if (encoding === "utf-16be") {
    const even = record.subarray(0, record.length - (record.length % 2));
    return [Buffer.from(even).swap16().toString("utf16le")];
  }
  return isAscii(record) ? [record.toString("latin1")] : [record.toString("utf8"), record.toString("latin1")];
}
