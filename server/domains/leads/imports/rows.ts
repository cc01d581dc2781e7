import { readRow, type CellFault } from "../csv/row.ts";
import type { CsvRecord } from "../csv/read.ts";
import type { ColumnMapping } from "../csv/mapping.ts";
import type { CustomField } from "../custom-fields.ts";
import type { LeadRow } from "../upsert/lead-row.ts";
import type { ImportOptions } from "./options.ts";
import { isRedacted, isRedactedCell } from "./redact-upload.ts";

export type RowReader = {
  mapping: readonly ColumnMapping[];
  options: ImportOptions;
  fileName: string;
  workspaceCountry: string;
  customFields: readonly CustomField[];
};

/** A record of a file as upsert takes it, or why it cannot. `faults` of a row that is taken are of single cells. */
export type ReadRecord = { line: number; cells: string[]; faults: CellFault[]; row?: LeadRow };

const NAMED_ERASED = "It named somebody whose data was erased, and was left out.";

/** Reads one record by an import's mapping and options. */
export function readRecord(record: Exclude<CsvRecord, { kind: "stopped" }>, reader: RowReader): ReadRecord {
  const { line, cells: given } = record;
  if (isRedacted(given)) {
    const blank = given.map(() => "");
    return { line, cells: blank, faults: [{ column: "", value: "", reason: "This person's data was erased." }] };
  }
  // Of millions of records hardly one holds any.
  const isStarred = given.some((cell) => isRedactedCell(cell));
  const cells = isStarred ? given.map((cell) => (isRedactedCell(cell) ? "" : cell)) : given;
  if (record.kind === "faulty-row") {
    return { line, cells, faults: [{ column: "", value: "", reason: record.fault.message }] };
  }
  const { options } = reader;
  const result = readRow(cells, reader.mapping, {
    source: options.source,
    sourceLabel: options.sourceLabel ?? reader.fileName,
    country: options.country,
    workspaceCountry: reader.workspaceCountry,
    timeZone: options.timeZone,
    customFields: reader.customFields,
  });
  if (!result.ok) return { line, cells, faults: result.faults };
  const left = isStarred ? reader.mapping.filter(({ column }) => isRedactedCell(given[column] ?? "")) : [];
  const faults = [...result.faults, ...left.map(({ header }) => ({ column: header, value: "", reason: NAMED_ERASED }))];
  const tags = [...(options.tags ?? []), ...(result.lead.tags ?? [])];
  return { line, cells, faults, row: { ...result.lead, tags } };
}
