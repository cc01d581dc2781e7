import { type Cursor, decodeCursor } from "#platform/http/cursor.ts";
import { Invalid } from "#platform/problems.ts";

export const instantOrNull = (instant: Date | null): string | null => instant?.toISOString() ?? null;

/** The cursor of a list that is sorted by an instant. */
export function instantCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  const [value] = cursor;
  if (typeof value === "number" && !Number.isNaN(new Date(value).getTime())) return cursor;
  throw Invalid("The cursor belongs to another list.", [
    { pointer: "/cursor", detail: "Take the cursor from next_cursor of the page before." },
  ]);
}
