import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";
import { fileFaults, type FileFault } from "./faults.ts";

export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * What stands in the decoded text where bytes were no text: a noncharacter, which Unicode keeps out of files, so that it is
 * told from a replacement character that an earlier program left in the file.
 */
export const UNREADABLE = "\uFDD0";
const UNREADABLE_BYTES = Buffer.from(UNREADABLE);

/** How much is looked at before the encoding is named. */
export const HEAD_BYTES = 64 * 1024;

export type DecodedText = {
  /** The decoded beginning, of HEAD_BYTES or the whole of a shorter file, for whoever must look before reading. */
  head: string;
  /** The text as UTF-8 without its byte order mark, in turn, as it is asked for; ends with a fault if the file is too large. */
  chunks: AsyncGenerator<Buffer, FileFault | undefined>;
  /** A file that is plain ASCII so far is called UTF-8; should it turn out to be Windows-1252 later, this answer changes. */
  encoding: () => Encoding;
  /** How many places so far are marked UNREADABLE. */
  unreadable: () => number;
  /** How much of the source was read so far, for a progress bar. */
  bytesRead: () => number;
};

type Decoder = {
  push: (bytes: Buffer) => Buffer;
  end: () => Buffer;
  encoding: () => Encoding;
  unreadable: () => number;
};

/**
 * Turns a file into UTF-8, chunk by chunk, in constant memory. UTF-16 is known by its mark or its zero bytes, Windows-1252 by
 * bytes that are not UTF-8.
 *
 * What comes after the first 64 KB cannot corrupt anything silently: while a file has been ASCII alone, its first bytes beyond
 * ASCII decide between UTF-8 and Windows-1252, wherever they are; once it has shown itself as UTF-8, a sequence that is not is
 * marked UNREADABLE (as are NUL, halves of surrogate pairs and bytes that Windows-1252 leaves open), so that its row
 * can be reported instead of imported.
 */
export async function decodeText(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ ok: true; text: DecodedText } | { ok: false; fault: FileFault }> {
  const read = { bytes: 0 };
  const bytes = limited(source, maxBytes, read);
  const parts: Buffer[] = [];
  let length = 0;
  let ended = false;
  while (length < HEAD_BYTES && !ended) {
    const next = await bytes.next();
    if (!next.done) {
      parts.push(next.value);
      length += next.value.length;
    } else if (next.value) return { ok: false, fault: next.value };
    else ended = true;
  }
  const start = Buffer.concat(parts);
  const refusal = refusalOf(start);
  if (refusal) {
    await bytes.return(undefined);
    return { ok: false, fault: refusal };
  }
  const { decoder, markLength } = decoderFor(start);
  let first = decoder.push(start.subarray(markLength));
  if (ended) first = Buffer.concat([first, decoder.end()]);
  // A text may carry a NUL or two by accident, which is marked; one so near the beginning is no text.
  if (decoder.unreadable() > 0 && hasNul(start, decoder.encoding())) {
    await bytes.return(undefined);
    return { ok: false, fault: fileFaults.binary() };
  }
  async function* chunks(): AsyncGenerator<Buffer, FileFault | undefined> {
    try {
      yield first;
      while (!ended) {
        const next = await bytes.next();
        if (next.done && next.value) return next.value;
        ended = next.done === true;
        const decoded = next.done ? decoder.end() : decoder.push(next.value);
        if (decoded.length > 0) yield decoded;
      }
      return undefined;
    } finally {
      await bytes.return(undefined);
    }
  }
  return {
    ok: true,
    text: {
      head: first.toString(),
      chunks: chunks(),
      encoding: decoder.encoding,
      unreadable: decoder.unreadable,
      bytesRead: () => read.bytes,
    },
  };
}

/** The source's bytes while they are within the limit; a source that is longer is not read further. */
async function* limited(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  read: { bytes: number },
): AsyncGenerator<Buffer, FileFault | undefined> {
  for await (const chunk of source) {
    read.bytes += chunk.byteLength;
    if (read.bytes > maxBytes) return fileFaults.tooManyBytes(maxBytes);
    if (chunk.byteLength > 0) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  return undefined;
}

/** By the first bytes that the formats begin with; a workbook is an archive too, known by the names of its parts. */
function refusalOf(start: Buffer): FileFault | undefined {
  const begins = (...bytes: number[]) => start.subarray(0, bytes.length).equals(Buffer.from(bytes));
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0x50, 0x4b, 0x05, 0x06)) {
    const isWorkbook = ["xl/", "[Content_Types].xml", "Index/Document.iwa", "opendocument.spreadsheet"].some((part) =>
      start.includes(part),
    );
    return isWorkbook ? fileFaults.workbook() : fileFaults.archive();
  }
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return fileFaults.workbook();
  if (
    begins(0x1f, 0x8b) ||
    start.subarray(0, 6).equals(Buffer.from("7z\xbc\xaf\x27\x1c", "latin1")) ||
    begins(0x52, 0x61, 0x72, 0x21)
  ) {
    return fileFaults.archive();
  }
  return start.subarray(0, 5).toString("latin1") === "%PDF-" ? fileFaults.pdf() : undefined;
}

function decoderFor(start: Buffer): { decoder: Decoder; markLength: number } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { decoder: utf8Decoder(true), markLength: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { decoder: utf16Decoder("utf-16le"), markLength: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { decoder: utf16Decoder("utf-16be"), markLength: 2 };
  const unmarked = unmarkedUtf16(start);
  return { decoder: unmarked ? utf16Decoder(unmarked) : utf8Decoder(false), markLength: 0 };
}

/** In UTF-16 every sign of ASCII, and a CSV file is full of them, has a zero byte on the same side. */
function unmarkedUtf16(start: Buffer): "utf-16le" | "utf-16be" | undefined {
  const zeros = [0, 0];
  for (let index = 0; index < start.length; index++) if (start[index] === 0) zeros[index % 2]!++;
  const [even = 0, odd = 0] = zeros;
  const many = Math.max(3, start.length / 2 / 4);
  if (odd > many && even < odd / 20) return "utf-16le";
  return even > many && odd < even / 20 ? "utf-16be" : undefined;
}

function hasNul(start: Buffer, encoding: Encoding): boolean {
  return encoding.startsWith("utf-16") ? iconv.decode(start, encoding).includes("\0") : start.includes(0);
}

/** UTF-8, or Windows-1252 if the first bytes beyond ASCII say so. */
function utf8Decoder(marked: boolean): Decoder {
  let encoding: Encoding | undefined = marked ? "utf-8" : undefined;
  let carried: Buffer = Buffer.alloc(0);
  let unreadable = 0;
  const count = (places: number) => (unreadable += places);

  function decode(bytes: Buffer): Buffer {
    if (encoding === "windows-1252") return decodeWindows1252(bytes, count);
    if (isUtf8(bytes)) {
      if (encoding === undefined && !isAscii(bytes)) encoding = "utf-8";
      return bytes.includes(0) ? repairUtf8(bytes, count) : bytes;
    }
    encoding ??= looksUtf8(bytes) ? "utf-8" : "windows-1252";
    return encoding === "utf-8" ? repairUtf8(bytes, count) : decodeWindows1252(bytes, count);
  }
  return {
    push(chunk) {
      const bytes = carried.length > 0 ? Buffer.concat([carried, chunk]) : chunk;
      const whole = encoding === "windows-1252" ? bytes.length : bytes.length - cutSequence(bytes);
      carried = Buffer.from(bytes.subarray(whole));
      return decode(bytes.subarray(0, whole));
    },
    end: () => decode(carried),
    encoding: () => encoding ?? "utf-8",
    unreadable: () => unreadable,
  };
}

function decodeWindows1252(bytes: Buffer, count: (places: number) => void): Buffer {
  return Buffer.from(marked(iconv.decode(bytes, "win1252"), /[\0\uFFFD]/g, count));
}

function utf16Decoder(encoding: "utf-16le" | "utf-16be"): Decoder {
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  let highSurrogate = "";
  let odd = false;
  let unreadable = 0;
  const count = (places: number) => (unreadable += places);

  return {
    push(chunk) {
      if (chunk.length % 2 === 1) odd = !odd;
      const text = highSurrogate + decoder.write(chunk);
      const last = text.charCodeAt(text.length - 1);
      highSurrogate = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : "";
      const whole = highSurrogate === "" ? text : text.slice(0, -1);
      return Buffer.from(marked(whole, /\0|[\uD800-\uDFFF]/gu, count));
    },
    end() {
      // Half a code unit at the end: the file was cut off.
      if (odd) count(1);
      const rest = marked(highSurrogate + (decoder.end() ?? ""), /[\uD800-\uDFFF]/gu, count);
      return Buffer.from(odd ? rest + UNREADABLE : rest);
    },
    encoding: () => encoding,
    unreadable: () => unreadable,
  };
}

function marked(text: string, unreadable: RegExp, count: (places: number) => void): string {
  return text.replace(unreadable, () => {
    count(1);
    return UNREADABLE;
  });
}

/** At least as many sequences of UTF-8 as bytes that are none: in Windows-1252 text they hardly ever arise by chance. */
function looksUtf8(bytes: Buffer): boolean {
  let sequences = 0;
  let strays = 0;
  for (let index = 0; index < bytes.length;) {
    const length = sequenceLength(bytes, index);
    if (length > 1) sequences++;
    else if (length < 1) strays++;
    index += Math.max(1, length);
  }
  return sequences > 0 && sequences >= strays;
}

function repairUtf8(bytes: Buffer, count: (places: number) => void): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let index = 0; index < bytes.length;) {
    const length = bytes[index] === 0 ? 0 : sequenceLength(bytes, index);
    if (length > 0) {
      index += length;
      continue;
    }
    parts.push(bytes.subarray(from, index), UNREADABLE_BYTES);
    count(1);
    index++;
    from = index;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

/** How many bytes at the end are the beginning of a sequence whose rest is still to come (0 to 3). */
function cutSequence(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(bytes, bytes.length - back) === CUT ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

const CUT = -1;

/** The length of the UTF-8 sequence at an index: 0 if there is none, CUT if the bytes end within it (Unicode, table 3-7). */
function sequenceLength(bytes: Buffer, index: number): number {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let offset = 1; offset < length; offset++) {
    const next = bytes[index + offset];
    if (next === undefined) return CUT;
    if (next < low || next > high) return 0;
    low = 0x80;
    high = 0xbf;
  }
  return length;
}
