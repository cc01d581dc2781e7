import { sql, type RawBuilder } from "kysely";
import { decodeCursor, type Cursor } from "#platform/http/cursor.ts";
import { Invalid } from "#platform/problems.ts";
import type { LeadSort, SortOrder } from "../rules.ts";
import type { Condition } from "./filter.ts";

export type LeadPage = { sort: LeadSort; order: SortOrder; limit: number; after?: Cursor };

/** One row of a page before it is fetched whole. */
export type PageKey = { id: string; key: Date | string };

const SORT_COLUMN = { createdAt: sql`created_at`, updatedAt: sql`updated_at`, name: sql`name_key` } as const;

export const direction = ({ order }: Pick<LeadPage, "order">) => (order === "asc" ? sql`asc` : sql`desc`);

/** The column that the page is sorted by, of rows under the alias. */
export const sortColumn = ({ sort }: Pick<LeadPage, "sort">, alias: RawBuilder<unknown>) =>
  sql`${alias}.${SORT_COLUMN[sort]}`;

/** Rows behind the cursor, in the order of the page. */
export function afterCursor(
  { after, order, sort }: LeadPage,
  key: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
): Condition[] {
  if (!after) return [];
  const [value, lastId] = after;
  const bound = sort === "name" ? sql`${String(value)}` : sql`${new Date(Number(value))}::timestamptz`;
  return [sql`(${key}, ${id}) ${order === "asc" ? sql`>` : sql`<`} (${bound}, ${lastId})`];
}

/** Between the years 1 and 9999: what both JavaScript and PostgreSQL can say. */
export const isInstant = (ms: number) => ms > -62_135_596_800_000 && ms < 253_402_300_800_000;

/** A cursor is text of the caller's, whatever we made of it before: NUL in it would fail in SQL. */
export function readCursor(text: string | undefined, isOurs: (value: Cursor[0]) => boolean): Cursor | undefined {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text);
  if (isOurs(cursor[0]) && !cursor.some((part) => typeof part === "string" && part.includes("\0"))) return cursor;
  throw Invalid("The cursor belongs to another list.", [
    { pointer: "/cursor", detail: "Take the cursor from next_cursor of the page before, with the same sort." },
  ]);
}

/** Reads the cursor of a list with this sort; one of another sort is refused. */
export const cursorFor = (sort: LeadSort, text: string | undefined): Cursor | undefined =>
  readCursor(text, (value) =>
    sort === "name" ? typeof value === "string" : typeof value === "number" && isInstant(value),
  );

/** What the cursor of a row is made of: milliseconds for instants, text for names. */
export const cursorKey = (key: Date | string): string | number => (key instanceof Date ? key.getTime() : key);
