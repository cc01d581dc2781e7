import { type Cursor, decodeCursor } from "#platform/http/cursor.ts";
import { Invalid } from "#platform/problems.ts";

export const instantOrNull = (instant: Date | null): string | null => instant?.toISOString() ?? null;

/** The cursor of a list that is sorted by an instant. */
export const instantCursor = (text: string | undefined): Cursor | undefined =>
  numberCursor(text, (value) => !Number.isNaN(new Date(value).getTime()));

/** The cursor of a list that is sorted by a number. */
export function numberCursor(text: string | undefined, isOurs: (value: number) => boolean): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  const [value] = cursor;
  if (typeof value === "number" && isOurs(value)) return cursor;
  throw Invalid("The cursor belongs to another list.", [
    { pointer: "/cursor", detail: "Take the cursor from next_cursor of the page before." },
  ]);
}

/** A download that browsers save under the name. */
export const csvHeaders = (fileName: string) => ({
  "content-type": "text/csv; charset=utf-8",
  "content-disposition": `attachment; filename="${fileName.replace(/[^\w.-]+/g, "-")}"`,
});
