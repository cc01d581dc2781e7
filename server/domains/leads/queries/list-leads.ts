import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { endOf } from "#platform/database/in-order.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { LeadFilter } from "../rules.ts";
import { FEW, type Few, fewLeads, mayBeMore } from "./few-leads.ts";
import { patternsOf } from "./filter.ts";
import { VIEW_COLUMNS, type LeadView } from "./leads.ts";
import { cursorKey, type LeadPage, type PageKey } from "./page.ts";
import { searchPage, type SearchPage } from "./search-leads.ts";
import { furthest, type Stream, streamsOf } from "./streams.ts";
import { type Found, isWhole, lengthOf, readWindow, shortBefore, WINDOW, type Window } from "./window.ts";

export type LeadList = {
  /** One more than `limit` where the page is full and there are others, each with the sort key for the cursor. */
  rows: (LeadView & { key: string | number })[];
  /** Nothing matched as it was typed, these are what may have been meant; there is no next page of them. */
  similar: boolean;
  /** Where to go on when the page is not full and is not the last. */
  stoppedAt: Cursor | null;
  /** Entries that were looked at until then. */
  looked: number;
};

/**
 * A page of leads. Whatever the filter, a bounded number of entries is looked at: a page that is not full by then ends where reading stopped,
 * and the next goes on from there. Pages together hold what one reading to the end would.
 */
export async function listLeads(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
  bounds: { window?: Window; few?: Few } = {},
): Promise<LeadList> {
  const { similar, ...found } = await findPage(ctx, filter, page, bounds);
  const rows = await fetchRows(ctx, found.keys);
  const end = endOf(found, rows.length, page.limit);
  return {
    rows,
    similar,
    stoppedAt: end && [cursorKey(end.key), end.id, shortBefore(page.after) + 1],
    looked: found.looked,
  };
}

/** A page before its leads are fetched whole: their ids and places. */
export async function findPage(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
  { window = WINDOW, few = FEW }: { window?: Window; few?: Few } = {},
): Promise<SearchPage> {
  const patterns = patternsOf(filter);
  return patterns
    ? searchPage(ctx, filter, patterns, page)
    : { ...(await filteredPage(ctx, filter, page, window, few)), similar: false };
}

/** Entries that are looked at before it is asked whether a condition is met by few: what that costs would be lost where the page is full by then. */
const FIRST_LOOK = 200;

async function filteredPage(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
  window: Window,
  few: Few,
): Promise<Found> {
  const read = (stream: Stream) => readWindow(ctx, stream, page, lengthOf(stream, page, window));
  const scarce = await fewLeads(ctx, filter, page, { ...few, beside: Math.min(few.beside, few.fetched) });
  if (scarce) return read(scarce);
  const stream = await furthest(ctx, streamsOf(ctx, filter, page), page);
  if (!mayBeMore(filter, page, few)) return read(stream);
  const first = await readWindow(ctx, stream, page, Math.min(FIRST_LOOK, lengthOf(stream, page, window)));
  return isWhole(first) ? first : read((await fewLeads(ctx, filter, page, few)) ?? stream);
}

/** The whole rows of a page, in its order. */
async function fetchRows(ctx: Context, keys: readonly PageKey[]): Promise<LeadList["rows"]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<LeadView>`
    select ${VIEW_COLUMNS} from leads l where l.id = any(${keys.map(({ id }) => id)}::text[])`.execute(ctx.db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return keys.flatMap(({ id, key }) => {
    const row = byId.get(id);
    return row ? [{ ...row, key: cursorKey(key) }] : [];
  });
}
