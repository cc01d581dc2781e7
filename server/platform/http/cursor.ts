import { Invalid } from "../problems.ts";
import { isInstant } from "./instants.ts";

/**
 * The sort key of the last row of a page, opaque to callers: `[value, id]`. `shortPages`: where the page ended before it was full, how many did so one
 * after the other, for lists of which the next request then looks at more.
 */
export type Cursor = readonly [value: string | number | null, id: string, shortPages?: number];

export const encodeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString("base64url");

/** Refuses a cursor that this server did not make. */
export function decodeCursor(text: string): Cursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (Array.isArray(parsed) && typeof parsed[1] === "string") {
      const value: unknown = parsed[0];
      const shortPages: unknown = parsed[2];
      if (value === null || typeof value === "string" || typeof value === "number") {
        if (parsed.length === 2) return [value, parsed[1]];
        if (parsed.length === 3 && typeof shortPages === "number" && Number.isInteger(shortPages) && shortPages > 0)
          return [value, parsed[1], shortPages];
      }
    }
  } catch {
    // Fall through: not base64url, or not JSON.
  }
  throw Invalid("The cursor is not one of ours.", [
    { pointer: "/cursor", detail: "Take the cursor from next_cursor of the page before." },
  ]);
}

/**
 * Reads the cursor of one list; `isOurs` knows the values that it is sorted by, and its ids. A cursor is text of the caller's, whatever we made of it
 * before: NUL in it would fail in SQL.
 */
export function readCursor(
  text: string | undefined,
  isOurs: (value: Cursor[0], id: string) => boolean,
): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  const [value, id] = cursor;
  if (isOurs(value, id) && !cursor.some((part) => typeof part === "string" && part.includes("\0"))) return cursor;
  throw Invalid("The cursor belongs to another list.", [
    { pointer: "/cursor", detail: "Take the cursor from next_cursor of the page before, with the same sort." },
  ]);
}

/** The cursor of a list that is sorted by an instant. */
export const instantCursor = (text: string | undefined): Cursor | undefined =>
  readCursor(text, (value) => typeof value === "number" && isInstant(value));

/**
 * Turns `limit + 1` rows into a page: the extra row only tells that there are more. `stoppedAt`: reading stopped there before the page was
 * full, and goes on from there.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => Cursor,
  item: (row: Row) => Item,
  stoppedAt: Cursor | null = null,
) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? key(last) : stoppedAt;
  return { data: shown.map(item), next_cursor: next && encodeCursor(next), has_more: next !== null };
}
