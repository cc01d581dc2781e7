import type { FileFault } from "../csv/faults.ts";
import { looksHeaderless, proposeCountry, proposeMapping, type ColumnProposal } from "../csv/mapping.ts";
import { openCsv, type CsvFile } from "../csv/read.ts";
import type { CustomField } from "../custom-fields.ts";
import { FileTooLarge, FileUnreadable, TooManyColumns, TooManyRows } from "../problems.ts";
import { readUpload } from "./files.ts";

/** So many rows are looked at to propose what the columns are. */
const SAMPLE_ROWS = 200;
const SAMPLE_VALUES = 3;

export type FileDescription = {
  encoding: string;
  delimiter: string;
  headers: string[];
  columns: (ColumnProposal & { samples: string[] })[];
  /** ISO alpha-2 of the phones in it, where they tell. */
  country?: string;
  looksHeaderless: boolean;
};

/** The problem that says why a file, or the rest of it, cannot be read. */
export function problemOf({ code, message }: FileFault) {
  if (code === "too-many-bytes") return FileTooLarge(message);
  if (code === "too-many-columns") return TooManyColumns(message);
  return code === "too-many-rows" ? TooManyRows(message) : FileUnreadable(message);
}

/** Opens a stored file, or throws the problem that says why it cannot be. */
export async function openUpload(path: string): Promise<CsvFile> {
  const opened = await openCsv(readUpload(path));
  if (!opened.ok) throw problemOf(opened.fault);
  return opened.file;
}

/** Looks at the beginning of a file: how it is written, and what its columns seem to be. */
export async function describeUpload(path: string, customFields: readonly CustomField[]): Promise<FileDescription> {
  const file = await openUpload(path);
  const rows: string[][] = [];
  try {
    for await (const record of file.records) {
      if (record.kind === "stopped") throw problemOf(record.fault);
      if (record.kind === "row") rows.push(record.cells);
      if (rows.length >= SAMPLE_ROWS) break;
    }
  } finally {
    await file.records.return(undefined);
  }
  const columns = proposeMapping(file.header, rows, customFields).map((column) => ({
    ...column,
    samples: [...new Set(rows.map((row) => row[column.column]?.trim() ?? ""))].filter(Boolean).slice(0, SAMPLE_VALUES),
  }));
  return {
    encoding: file.encoding(),
    delimiter: file.delimiter,
    headers: file.header,
    columns,
    country: proposeCountry(columns, rows),
    looksHeaderless: looksHeaderless(file.header),
  };
}

/** Reads a file to its end, to know that it is within the limits. Takes a second for each 100,000 rows or so. */
export async function countRows(path: string): Promise<number> {
  const file = await openUpload(path);
  let rows = 0;
  for await (const record of file.records) {
    if (record.kind === "stopped") throw problemOf(record.fault);
    rows++;
  }
  return rows;
}
