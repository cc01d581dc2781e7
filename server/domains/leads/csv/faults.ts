/** What an import takes at most (specification of leads, rule 5); a record may be as long as any honest row with its notes. */
export const CSV_LIMITS = {
  rows: 1_000_000,
  bytes: 512 * 1024 * 1024,
  columns: 500,
  recordBytes: 1024 * 1024,
} as const;
export type CsvLimits = { rows: number; bytes: number; columns: number; recordBytes: number };

/** Why a file, or the rest of one, cannot be read. */
export const FILE_FAULTS = [
  "empty",
  "workbook",
  "archive",
  "pdf",
  "binary",
  "too-many-bytes",
  "too-many-columns",
  "too-many-rows",
  "record-too-long",
] as const;
export type FileFaultCode = (typeof FILE_FAULTS)[number];
export type FileFault = { code: FileFaultCode; message: string };

/** Why one row cannot be read, while those around it can. */
export const ROW_FAULTS = ["too-few-cells", "too-many-cells", "unterminated-quote", "unreadable-text"] as const;
export type RowFaultCode = (typeof ROW_FAULTS)[number];
export type RowFault = { code: RowFaultCode; message: string };

const whole = new Intl.NumberFormat("en");

/** The size in the largest unit that divides it, as limits are round numbers: "512 MB". */
function size(bytes: number): string {
  if (bytes % (1024 * 1024) === 0) return `${whole.format(bytes / 1024 / 1024)} MB`;
  return bytes % 1024 === 0 ? `${whole.format(bytes / 1024)} KB` : `${whole.format(bytes)} bytes`;
}

const AS_CSV =
  "In Excel choose File › Save As and the format “CSV UTF-8 (Comma delimited)”, in Google Sheets File › Download › " +
  "“Comma-separated values”, in Numbers File › Export To › CSV; then upload that file.";

export const fileFaults = {
  empty: (): FileFault => ({ code: "empty", message: "The file is empty: it has not even a header row." }),
  workbook: (): FileFault => ({
    code: "workbook",
    message: `This is a spreadsheet workbook, not a CSV file. ${AS_CSV}`,
  }),
  archive: (): FileFault => ({
    code: "archive",
    message: "This is a compressed archive, not a CSV file. Unpack it and upload the CSV file inside.",
  }),
  pdf: (): FileFault => ({
    code: "pdf",
    message: `This is a PDF document, not a CSV file. Export the table from the program it was made with. ${AS_CSV}`,
  }),
  binary: (): FileFault => ({
    code: "binary",
    message: `This is not a text file: it holds bytes that no text has. ${AS_CSV}`,
  }),
  tooManyBytes: (limit: number): FileFault => ({
    code: "too-many-bytes",
    message: `The file is larger than ${size(limit)}, the most that one import takes. Split it and import the parts one by one.`,
  }),
  tooManyColumns: (found: number, limit: number): FileFault => ({
    code: "too-many-columns",
    message: `The header row has ${whole.format(found)} columns; one import takes ${whole.format(limit)} at most. Leave out those you do not need.`,
  }),
  tooManyRows: (limit: number): FileFault => ({
    code: "too-many-rows",
    message: `The file has more than ${whole.format(limit)} rows, the most that one import takes. Split it and import the parts one by one.`,
  }),
  recordTooLong: (line: number, limit: number): FileFault => ({
    code: "record-too-long",
    message: `The row that begins on line ${whole.format(line)} is longer than ${size(limit)}. Most likely a quotation mark is opened in it and never closed.`,
  }),
} as const;

export const rowFaults = {
  cells: (found: number, expected: number, firstLine: number, lastLine: number): RowFault => ({
    code: found < expected ? "too-few-cells" : "too-many-cells",
    message:
      `The row has ${found} cells where the header has ${expected}` +
      (lastLine > firstLine ? `, and runs from line ${firstLine} to ${lastLine}` : "") +
      ". A cell with a delimiter, a quotation mark or a line break in it must stand in quotation marks.",
  }),
  unterminatedQuote: (line: number): RowFault => ({
    code: "unterminated-quote",
    message: `A quotation mark is opened in the row that begins on line ${line} and never closed: everything behind it is in this row.`,
  }),
  unreadableText: (encoding: string): RowFault => ({
    code: "unreadable-text",
    message: `The row holds bytes that are no ${encoding} text; they are shown as �. Export the file again as UTF-8.`,
  }),
} as const;
