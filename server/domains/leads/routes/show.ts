import { readCursor, type Cursor } from "#platform/http/cursor.ts";

/** The cursor of a list that is sorted by a line of a file. */
export const lineCursor = (text: string | undefined): Cursor | undefined =>
  readCursor(text, (value) => typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31);

/** A download that browsers save under the name. */
export const csvHeaders = (fileName: string) => ({
  "content-type": "text/csv; charset=utf-8",
  "content-disposition": `attachment; filename="${fileName.replace(/[^\w.-]+/g, "-")}"`,
});
