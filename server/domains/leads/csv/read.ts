import { parse, type Parser } from "csv-parse";
import { decodeText, HEAD_BYTES, UNREADABLE, type DecodedText, type Encoding } from "./decode.ts";
import { detectDelimiter, DELIMITERS, type Delimiter } from "./delimiter.ts";
import { CSV_LIMITS, fileFaults, rowFaults, type CsvLimits, type FileFault, type RowFault } from "./faults.ts";

/**
 * One record of a file. `line` is the physical line (from 1) on which it begins. A faulty row has its cells as far as they could
 * be read. `stopped` is the last that comes: the rest of the file was not read.
 */
export type CsvRecord =
  | { kind: "row"; line: number; cells: string[] }
  | { kind: "faulty-row"; line: number; cells: string[]; fault: RowFault }
  | { kind: "stopped"; line: number; fault: FileFault };

export type CsvFile = {
  delimiter: Delimiter;
  /** Known for certain once the file is read: see decode.ts. */
  encoding: () => Encoding;
  /** How much of the source was read so far, for a progress bar. */
  bytesRead: () => number;
  header: string[];
  headerLine: number;
  /** The rows below the header, read as they are asked for. Ask for all, or call `return()`, so that the source is closed. */
  records: AsyncGenerator<CsvRecord, undefined>;
};

/**
 * Opens a CSV or TSV file of any of the known encodings and delimiters (an Excel line `sep=;` at the top is obeyed). Blank rows
 * are passed over; rows with too few cells, with too many that are not blank, or with bytes that are no text come as faulty.
 * Nothing is held but one chunk of the source, so memory does not grow with the file.
 */
export async function openCsv(
  source: AsyncIterable<Uint8Array>,
  limits: CsvLimits = CSV_LIMITS,
): Promise<{ ok: true; file: CsvFile } | { ok: false; fault: FileFault }> {
  const decoded = await decodeText(source, limits.bytes);
  if (!decoded.ok) return decoded;
  const { text } = decoded;
  const separator = /^sep=([,;\t|])(?:\r\n|\n|\r)/i.exec(text.head);
  const named = DELIMITERS.find((delimiter) => delimiter === separator?.[1]);
  const delimiter = named ?? detectDelimiter(text.head, Buffer.byteLength(text.head) < HEAD_BYTES);
  const skipped = named && separator ? { bytes: separator[0].length, lines: 1 } : { bytes: 0, lines: 0 };

  const records = readRecords(text, delimiter, limits, skipped);
  const first = await records.next();
  if (first.done) return { ok: false, fault: fileFaults.empty() };
  if (first.value.kind === "stopped") {
    await records.return(undefined);
    return { ok: false, fault: first.value.fault };
  }
  const header = first.value.cells.map((cell) => cell.trim());
  return {
    ok: true,
    file: {
      delimiter,
      encoding: text.encoding,
      bytesRead: text.bytesRead,
      header,
      headerLine: first.value.line,
      records,
    },
  };
}

function newParser(delimiter: Delimiter, limits: CsvLimits): Parser {
  // Held in a variable, since the parser's types leave out the stream's options that it hands on.
  const options = {
    delimiter,
    // All three kinds in one file, as files are pasted together; unset, the parser would hold the first it meets for the only.
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    // A quotation mark within an unquoted cell (`5" pipe`) is that mark, and no reason to lose the file.
    relax_quotes: true,
    // Beyond it a quotation mark that is never closed would gather the whole file in memory.
    max_record_size: limits.recordBytes,
    // The records of one chunk may wait; the next chunk is only written when they have been taken. Those before an error, too.
    readableHighWaterMark: Number.MAX_SAFE_INTEGER,
    autoDestroy: false,
  };
  return parse(options);
}

async function* readRecords(
  text: DecodedText,
  delimiter: Delimiter,
  limits: CsvLimits,
  skipped: { bytes: number; lines: number },
): AsyncGenerator<CsvRecord, undefined> {
  const parser = newParser(delimiter, limits);
  // Errors arrive with the write that causes them; without a listener they would bring the process down as well.
  parser.on("error", () => undefined);
  let line = 1 + skipped.lines;
  let width: number | undefined;
  let rows = 0;
  let toSkip = skipped.bytes;
  try {
    for (let ended = false; !ended;) {
      const next = await text.chunks.next();
      if (next.done && next.value) {
        yield { kind: "stopped", line, fault: next.value };
        return;
      }
      ended = next.done === true;
      const error = await (next.done ? end(parser) : write(parser, next.value.subarray(toSkip)));
      toSkip = 0;

      for (let cells = take(parser); cells !== null; cells = take(parser)) {
        const start = line;
        line += 1 + lineBreaks(cells);
        if (isBlank(cells)) continue;
        if (width === undefined) {
          width = cells.length;
          if (width > limits.columns) {
            yield { kind: "stopped", line: start, fault: fileFaults.tooManyColumns(width, limits.columns) };
            return;
          }
        } else if (++rows > limits.rows) {
          yield { kind: "stopped", line: start, fault: fileFaults.tooManyRows(limits.rows) };
          return;
        }
        yield asRecord(cells, width, start, line - 1, text);
      }
      if (error?.code === "CSV_QUOTE_NOT_CLOSED") {
        yield { kind: "faulty-row", line, cells: [], fault: rowFaults.unterminatedQuote(line) };
        return;
      }
      if (error?.code === "CSV_MAX_RECORD_SIZE") {
        yield { kind: "stopped", line, fault: fileFaults.recordTooLong(line, limits.recordBytes) };
        return;
      }
      if (error) throw error;
    }
  } finally {
    parser.destroy();
    await text.chunks.return(undefined);
  }
}

function asRecord(cells: string[], width: number, start: number, last: number, text: DecodedText): CsvRecord {
  if (text.unreadable() > 0 && cells.some((cell) => cell.includes(UNREADABLE))) {
    const shown = cells.map((cell) => cell.replaceAll(UNREADABLE, "\uFFFD"));
    return { kind: "faulty-row", line: start, cells: shown, fault: rowFaults.unreadableText(text.encoding()) };
  }
  if (cells.length === width) return { kind: "row", line: start, cells };
  if (cells.length > width && isBlank(cells.slice(width)))
    return { kind: "row", line: start, cells: cells.slice(0, width) };
  return { kind: "faulty-row", line: start, cells, fault: rowFaults.cells(cells.length, width, start, last) };
}

type ParserError = Error & { code?: string };

function write(parser: Parser, chunk: Buffer): Promise<ParserError | undefined> {
  return new Promise((resolve) => {
    parser.write(chunk, (error) => resolve(error ?? undefined));
  });
}

function end(parser: Parser): Promise<ParserError | undefined> {
  return new Promise((resolve) => {
    parser.once("error", resolve);
    parser.end(() => resolve(undefined));
  });
}

function take(parser: Parser): string[] | null {
  return parser.read();
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell === "" || cell.trim() === "");

/** The parser's own count takes a CR LF within quotation marks for two lines. */
function lineBreaks(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    if (cell.includes("\n") || cell.includes("\r")) breaks += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return breaks;
}
