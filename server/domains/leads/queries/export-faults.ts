import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { listFaults, type ImportFaultRow } from "./imports.ts";

const PAGE = 1_000;

/** Stands behind the file's own columns. */
export const FAULT_HEADER = ["Line", "Imported", "Column", "Value", "Reason"] as const;

/**
 * The rows of an import that had faults, with their original cells: one line for each, however many faults it has, so that the
 * mended file can be imported as it is.
 */
export async function* faultPages(
  ctx: Context,
  importId: string,
  width: number,
): AsyncGenerator<unknown[][], undefined> {
  let held: ImportFaultRow[] = [];
  for (let after: Cursor | undefined; ;) {
    const rows = await listFaults(ctx, importId, { limit: PAGE, after });
    const page = rows.slice(0, PAGE);
    const last = page.at(-1);
    if (!last) {
      if (held.length > 0) yield [toCells(held, width)];
      return undefined;
    }
    const groups = groupByLine([...held, ...page]);
    // The rest of the last row's faults may be on the next page.
    held = groups.pop() ?? [];
    yield groups.map((group) => toCells(group, width));
    after = [last.line, last.id];
  }
}

function groupByLine(rows: readonly ImportFaultRow[]): ImportFaultRow[][] {
  const groups: ImportFaultRow[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group?.[0]?.line === row.line) group.push(row);
    else groups.push([row]);
  }
  return groups;
}

const join = (texts: readonly (string | null)[]) => texts.filter(Boolean).join(" | ");

function toCells(faults: readonly ImportFaultRow[], width: number): unknown[] {
  const [first] = faults;
  const cells = Array.from({ length: width }, (_, column) => first?.cells[column] ?? "");
  return [
    ...cells,
    first?.line ?? "",
    first?.isFatal ? "no" : "without this value",
    join(faults.map(({ column }) => column)),
    join(faults.map(({ value }) => value)),
    join(faults.map(({ reason }) => reason)),
  ];
}
