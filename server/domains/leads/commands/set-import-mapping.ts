import { allow, inTransaction, type Context } from "#platform/context.ts";
import { whyNotMapping, type ColumnMapping } from "../csv/mapping.ts";
import type { ImportOptions } from "../imports/options.ts";
import { ImportNotFound, ImportNotInState, MappingNotFound, MappingUnusable } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { findSavedMapping, lockImport, saveMapping, upsertSavedMapping } from "../queries/imports.ts";
import { mayImport } from "../rules.ts";
import { fold } from "../search-text.ts";

export type MappingInput = {
  columns?: ColumnMapping[];
  /** A saved mapping, put on the columns of the same headers; the others stay as they are. */
  mappingId?: string;
  options?: ImportOptions;
  saveAs?: string;
};

/** Decides what the columns of an uploaded file are, and how its rows are taken in. */
export async function setImportMapping(ctx: Context, importId: string, input: MappingInput): Promise<void> {
  allow(ctx, "leads:import");
  await inTransaction(ctx, async (tx) => {
    const job = await lockImport(tx, importId);
    if (!job) throw ImportNotFound();
    if (!mayImport(job.status, "map")) throw ImportNotInState(`The import is ${job.status}.`);
    const mapping = input.columns ?? (await savedOn(tx, input.mappingId, job.mapping));
    const reasons = whyNotMapping(mapping, job.headers, await listFieldRows(tx));
    if (reasons.length > 0) {
      throw MappingUnusable(
        undefined,
        reasons.map((detail) => ({ pointer: "/columns", detail })),
      );
    }
    // The headers are the file's, whatever the caller calls them.
    const named = mapping.map((column) => ({ ...column, header: job.headers[column.column] ?? "" }));
    await saveMapping(tx, importId, { mapping: named, options: input.options ?? job.options });
    if (input.saveAs) await upsertSavedMapping(tx, input.saveAs, named);
  });
}

async function savedOn(
  tx: Context,
  mappingId: string | undefined,
  own: readonly ColumnMapping[],
): Promise<ColumnMapping[]> {
  if (mappingId === undefined) return [...own];
  const saved = await findSavedMapping(tx, mappingId);
  if (!saved) throw MappingNotFound();
  const byHeader = new Map(saved.mapping.map((column) => [fold(column.header), column]));
  const used = new Set<string>();
  const applied = own.map((column) => {
    const found = byHeader.get(fold(column.header));
    if (!found) return column;
    const { field, metaKey, customKey, dateOrder } = found;
    used.add(field);
    return { ...column, field, metaKey, customKey, dateOrder, isSaved: true };
  });
  // A field that the saved mapping gives to one column is not another's by mere proposal.
  return applied.map(({ column, header, field, metaKey, customKey, dateOrder, ...rest }) =>
    "isSaved" in rest || field === "meta" || field === "ignore" || !used.has(field)
      ? { column, header, field, metaKey, customKey, dateOrder }
      : { column, header, field: "meta", metaKey: metaKey ?? `column_${column + 1}` },
  );
}
