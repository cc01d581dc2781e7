import { sql, type RawBuilder } from "kysely";
import { readCursor, type Cursor } from "#platform/http/cursor.ts";
import { isInstant } from "#platform/http/instants.ts";
import type { LeadSort, SortOrder } from "../rules.ts";
import type { Condition } from "./filter.ts";

export type LeadPage = { sort: LeadSort; order: SortOrder; limit: number; after?: Cursor };

/** One row of a page before it is fetched whole. */
export type PageKey = { id: string; key: Date | string | number };

const SORT_COLUMN = { createdAt: sql`created_at`, updatedAt: sql`updated_at`, name: sql`name_key` } as const;
const NUMBER = /^\d{1,3}$/;

export const direction = ({ order }: Pick<LeadPage, "order">) => (order === "asc" ? sql`asc` : sql`desc`);

/** The column that the page is sorted by, of rows under the alias. */
export const sortColumn = ({ sort }: Pick<LeadPage, "sort">, alias: RawBuilder<unknown>) =>
  sort === "score"
    ? sql`coalesce((select x.score from lead_scores x where x.lead_id = ${alias}.id), 0)`
    : sql`${alias}.${SORT_COLUMN[sort]}`;

/** Rows behind the cursor, in the order of the page. */
export function afterCursor(
  { after, order, sort }: LeadPage,
  key: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
): Condition[] {
  if (!after) return [];
  const [value, lastId] = after;
  const bound =
    sort === "name"
      ? sql`${String(value)}`
      : sort === "score"
        ? sql`${Number(value)}::int`
        : sql`${new Date(Number(value))}::timestamptz`;
  return [sql`(${key}, ${id}) ${order === "asc" ? sql`>` : sql`<`} (${bound}, ${lastId})`];
}

/** Reads the cursor of a list with this sort; one of another sort is refused. */
export const cursorFor = (sort: LeadSort, text: string | undefined): Cursor | undefined =>
  readCursor(text, (value) => {
    if (sort === "name") return typeof value === "string";
    if (sort === "score") return NUMBER.test(String(value));
    return typeof value === "number" && isInstant(value);
  });

/** What the cursor of a row is made of: milliseconds for instants, text for names, scores as they are. */
export const cursorKey = (key: Date | string | number): string | number => (key instanceof Date ? key.getTime() : key);
