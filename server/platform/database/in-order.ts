import { type RawBuilder, sql } from "kysely";
import type { Context } from "../context.ts";

/**
 * A list that is read in its order from indexes that stand in it, each row being asked whether it fits: it can be read on from any place, and
 * reading can stop at any. So a page of a list takes a bounded time, whatever is asked and however long the list is.
 */
export type Reading = {
  /**
   * Statements with `id`, `key` and what is asked of a row, in no order and without limit, together the whole list from the cursor on. Each must be in
   * the order of an index; they are read as one.
   */
  branches: readonly RawBuilder<unknown>[];
  /** What is asked, over a row `s`. */
  fits: RawBuilder<unknown>;
  /** What is joined to a row `s` to ask it, at most one row each. */
  beside?: RawBuilder<unknown>;
  /** Whether a row can stand in several branches. */
  repeats?: boolean;
  /** Whether all rows are gathered and sorted before the first comes out: then they are read once. */
  isGathered?: boolean;
};

export type Order = "asc" | "desc";

/** The place of a row in the list. */
export type Place<Key = Date> = { id: string; key: Key };

export type Found<Key = Date> = {
  /** In order; at most one more than the page holds, which tells that there are more. */
  keys: Place<Key>[];
  /** Where reading stopped before the page was full; null: it is full, or there is no more. */
  stoppedAt: Place<Key> | null;
  /** Rows that were looked at, where reading stopped; else 0. */
  looked: number;
};

const way = (order: Order) => (order === "asc" ? sql`asc` : sql`desc`);

/** Reads on until the page is full, or `most` rows were looked at. */
export async function readWindow<Key = Date>(
  ctx: Context,
  reading: Reading,
  { order, limit, most }: { order: Order; limit: number; most: number },
): Promise<Found<Key>> {
  const read = reading.repeats === true || reading.isGathered === true ? byNumber : byEnd;
  const { rows } = await sql<
    Place<Key> & { fits: boolean; isEnd: boolean }
  >`${read(reading, order, limit, most)}`.execute(ctx.db);
  const keys = rows.filter((row) => row.fits).map(({ id, key }) => ({ id, key }));
  const last = rows.at(-1);
  if (keys.length > limit || !last?.isEnd) return { keys, stoppedAt: null, looked: 0 };
  return { keys, stoppedAt: { id: last.id, key: last.key }, looked: most };
}

/**
 * The rows that fit, and behind them, where the page is not full, the last that was looked at. It is read by itself, from the indexes alone, and only
 * then: to number all rows for its sake takes twice as long as to read them.
 */
const byEnd = (reading: Reading, order: Order, limit: number, most: number) => sql`
  select found.* from (
    (select s.id, s.key, true as fits, false as is_end from ${inTurn(reading, order, most)} as s ${reading.beside ?? sql``}
      where ${reading.fits} limit ${limit + 1})
    union all
    (select e.id, e.key, false, true from ${merged(reading.branches, order, most)} ${turn(order)} offset ${most - 1} limit 1)
  ) as found limit ${limit + 1}`;

const byNumber = (reading: Reading, order: Order, limit: number, most: number) => sql`
  select w.id, w.key, coalesce(w.fits, false) as fits, w.place = ${most} as is_end from (${numbered(reading, order, most)}) as w
  where w.fits or w.place = ${most} limit ${limit + 1}`;

/**
 * Where the next page begins when this one does not end with a row that tells it: reading stopped before it was full, or of a full page some rows
 * were deleted before they were `fetched` by their ids, so that none is left over to say that there are more.
 */
export const endOf = <Key>({ keys, stoppedAt }: Found<Key>, fetched: number, limit: number): Place<Key> | null =>
  stoppedAt ?? (keys.length > limit && fetched <= limit ? (keys.at(-1) ?? null) : null);

/** How many rows fit, and whether there are no more than were looked at. */
export async function countWindow(
  ctx: Context,
  reading: Reading,
  { order, most }: { order: Order; most: number },
): Promise<{ count: number; isAll: boolean }> {
  const read = reading.repeats
    ? numbered(reading, order, most + 1)
    : sql`select (${reading.fits}) as fits from ${inTurn(reading, order, most + 1)} as s ${reading.beside ?? sql``}`;
  const { rows } = await sql<{ count: number; looked: number }>`
    select count(*) filter (where w.fits)::int as count, count(*)::int as looked from (${read}) as w`.execute(ctx.db);
  const { count = 0, looked = 0 } = rows[0] ?? {};
  return { count, isAll: looked <= most };
}

const turn = (order: Order) => sql`order by e.key ${way(order)}, e.id ${way(order)}`;

/** At most so many rows in their order; what is joined to them or asked of them keeps it. */
const inTurn = ({ branches }: Reading, order: Order, most: number) =>
  sql`(select e.* from ${merged(branches, order, most)} ${turn(order)} limit ${most})`;

/**
 * At most so many rows with their places and whether each fits. They are numbered as they are read, and leave the numbering in its order; to ask for
 * that order again would make the planner read them all to sort them.
 */
function numbered({ branches, fits, beside, repeats = false }: Reading, order: Order, most: number) {
  const inOrder = turn(order);
  const isFirst = repeats ? sql` and s.before is distinct from s.id` : sql``;
  const before = repeats ? sql`, lag(e.id) over (${inOrder}) as before` : sql``;
  return sql`
    select s.id, s.key, s.place, (${fits})${isFirst} as fits from (
      select e.*, row_number() over (${inOrder}) as place${before} from ${merged(branches, order, most)} ${inOrder} limit ${most}
    ) as s ${beside ?? sql``}`;
}

/** As `e`. Each branch is ordered by itself: only then does the planner merge them as they come instead of reading all of each. */
function merged(branches: Reading["branches"], order: Order, most: number) {
  const ordered = branches.map(
    (branch) => sql`(select b.* from (${branch}) as b order by b.key ${way(order)}, b.id ${way(order)} limit ${most})`,
  );
  return sql`(${sql.join(ordered, sql` union all `)}) as e`;
}

/** So many rows tell how far a reading comes. */
const PROBED = 500;

/**
 * Of several readings of one list, each by another condition, the place of the one that comes furthest with the same number of rows from the
 * cursor on, or to its end with the fewest: by whichever condition is the rarest right there, wherever in the list its rows lie.
 */
export async function furthest(
  ctx: Context,
  readings: readonly Pick<Reading, "branches">[],
  order: Order,
): Promise<number> {
  if (readings.length < 2) return 0;
  const last = order === "asc" ? sql`max(p.key)` : sql`min(p.key)`;
  const probes = readings.map(
    ({ branches }, place) => sql`(select ${place}::int as place, count(*)::int as entries, ${last} as key from (
      select e.key from ${merged(branches, order, PROBED)} order by e.key ${way(order)}, e.id ${way(order)} limit ${PROBED}) as p)`,
  );
  const { rows } = await sql<{ place: number }>`
    select place from (${sql.join(probes, sql` union all `)}) as probed
    order by entries, key ${order === "asc" ? sql`desc` : sql`asc`}, place limit 1`.execute(ctx.db);
  return rows[0]?.place ?? 0;
}
