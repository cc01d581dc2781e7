import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadSort } from "../rules.ts";
import { allOf, conditionsOf, like, type Patterns } from "./filter.ts";
import { direction, type LeadPage, type PageKey } from "./page.ts";
import { entriesOf, type Stream } from "./streams.ts";

/**
 * Entries of a list that one request looks at. In the order of their making leads that follow each other lie together on the disk; in any other
 * each is read from a page of its own, which takes several times as long.
 */
export const WINDOW: Record<LeadSort, number> = { createdAt: 5_000, updatedAt: 3_000, name: 2_000, score: 2_000 };

/** What was found of a page. */
export type Found = {
  /** In order; at most one more than the page holds, which tells that there are more. */
  keys: PageKey[];
  /** Where reading stopped before the page was full; null: it is full, or there is no more. */
  stoppedAt: PageKey | null;
  /** Entries that were looked at, where reading stopped. */
  looked: number;
};

/** Full, or all there is. */
export const isWhole = ({ stoppedAt }: Found): boolean => stoppedAt === null;

/**
 * Reads a stream from the page's cursor on, at most `most` entries of it, and stops as soon as the page is full. Entries are numbered as they are
 * read, and leave the numbering in its order; to ask for that order again would make the planner read them all to sort them. What is asked of
 * each entry is asked of it alone (`offset 0`), for the planner would gather all tags or values first.
 */
export async function readWindow(
  ctx: Context,
  stream: Stream,
  page: LeadPage,
  most: number,
  patterns: Patterns = [],
): Promise<Found> {
  const { rows } = await sql<PageKey & { fits: boolean; place: number }>`
    select w.id, w.key, w.place::int as place, coalesce(w.fits, false) as fits from (${readInOrder(stream, page, most, patterns)}) as w
    where w.fits or w.place = ${most} limit ${page.limit + 1}`.execute(ctx.db);
  const keys = rows.filter((row) => row.fits).map(({ id, key }) => ({ id, key }));
  const last = rows.at(-1);
  if (keys.length > page.limit || last?.place !== most) return { keys, stoppedAt: null, looked: last?.place ?? 0 };
  return { keys, stoppedAt: { id: last.id, key: last.key }, looked: most };
}

/** How many entries of a stream fit, and whether it has no more than were looked at. */
export async function countWindow(
  ctx: Context,
  stream: Stream,
  page: LeadPage,
  most: number,
): Promise<{ count: number; isAll: boolean }> {
  const { rows } = await sql<{ count: number; entries: number }>`
    select count(*) filter (where w.fits)::int as count, count(*)::int as entries
    from (${readInOrder(stream, page, most + 1, [])}) as w`.execute(ctx.db);
  const { count = 0, entries = 0 } = rows[0] ?? {};
  return { count, isAll: entries <= most };
}

/** At most so many entries in order, with their place and whether each fits. */
function readInOrder(stream: Stream, page: LeadPage, most: number, patterns: Patterns): RawBuilder<unknown> {
  const way = direction(page);
  const order = sql`order by e.key ${way}, e.id ${way}`;
  const alias = stream.carriesLead ? sql`s` : sql`l`;
  const asked = [...like(patterns, alias), ...conditionsOf(stream.rest, alias, { inOrder: true })];
  const isFetched = !stream.carriesLead && asked.length > 0;
  const fits = allOf([
    ...(isFetched ? [sql`l.fits`] : asked),
    ...(stream.repeats ? [sql`s.before is distinct from s.id`] : []),
  ]);
  return sql`
      select s.id, s.key, s.place, ${fits} as fits
      from (
        select e.*, row_number() over (${order}) as place${stream.repeats ? sql`, lag(e.id) over (${order}) as before` : sql``}
        from ${entriesOf(stream, page, most)} ${order} limit ${most}
      ) as s
      ${isFetched ? sql`left join lateral (select true as fits from leads l where l.id = s.id and ${allOf(asked)} offset 0) as l on true` : sql``}`;
}
