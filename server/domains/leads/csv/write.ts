import { stringify } from "csv-stringify/sync";

/** Excel takes a file without it for its old code page. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Rows as CSV. Cells that begin with = + - @, tab or CR are neutralised by a leading apostrophe: a spreadsheet would run them
 * (OWASP, CSV injection). Reading a phone number takes the apostrophe off again.
 */
export const csvRows = (rows: readonly (readonly unknown[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    // Only its own kind of line break makes the library quote a cell.
    {
      escape_formulas: true,
      record_delimiter: "\r\n",
      quoted_match: /[\r\n]/,
      cast: { boolean: (value) => (value ? "true" : "false") },
    },
  );

/**
 * A stream of CSV made page by page as it is read: `next` gives the rows behind the last, and none at the end. Memory holds one
 * page, however slowly the reader takes it.
 */
export function streamCsv(
  header: readonly string[],
  pages: AsyncIterator<readonly (readonly unknown[])[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(BYTE_ORDER_MARK + csvRows([header]))),
    async pull(controller) {
      const next = await pages.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(csvRows(next.value)));
    },
    async cancel() {
      await pages.return?.();
    },
  });
}
