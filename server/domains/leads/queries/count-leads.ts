import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import { fewLeads } from "./few-leads.ts";
import { allOf, conditionsOf, like, type Patterns, patternsOf, searchedLeads } from "./filter.ts";
import type { LeadPage } from "./page.ts";
import { furthest, streamsOf } from "./streams.ts";
import { countWindow } from "./window.ts";

/** Up to here leads are counted one by one; where more of them would have to be looked at, they are estimated from a sample. */
export const COUNTED = 10_000;
/** Where each of them has to be asked, so many. */
const ASKED = 3_000;
const SAMPLED_PAGES = 500;
/** Where other tables are asked for each lead. */
const FEWER_PAGES = 150;
const SURELY_MORE = 3;

export type LeadCount = {
  /** Of an estimate 0: there are few or none. */
  count: number;
  isEstimate: boolean;
};

/**
 * How many leads a filter finds: exact where an index gives at most 10,000, or 3,000 of whom the
 * other conditions are asked, else "about" so many.
 */
export async function countLeads(ctx: Context, filter: LeadFilter, counted = COUNTED): Promise<LeadCount> {
  const patterns = patternsOf(filter);
  // The index gathers all matches before the first is counted: a second for a word that half of a million leads have.
  const about = patterns ? await estimate(ctx, filter) : undefined;
  if (about !== undefined && isMany(about)) return { count: about, isEstimate: true };
  const { count, isAll } = patterns
    ? await countSearched(ctx, filter, patterns, counted)
    : await countListed(ctx, filter, counted);
  if (isAll) return { count, isEstimate: false };
  // Fewer than were counted would be no estimate.
  return { count: Math.max(about ?? (await estimate(ctx, filter)), count), isEstimate: true };
}

/** An estimate that is no mistake about few. */
const isMany = (about: number) => about > COUNTED * SURELY_MORE;

/** Whether a filter surely finds more leads than are counted one by one, by a sample. */
export const isCommon = async (ctx: Context, filter: LeadFilter): Promise<boolean> =>
  isMany(await estimate(ctx, filter));

type Counted = { count: number; isAll: boolean };

/** By whichever condition gives the fewest to look at, in any order. */
async function countListed(ctx: Context, filter: LeadFilter, most: number): Promise<Counted> {
  const byName: LeadPage = { sort: "name", order: "asc", limit: 1 };
  const byTime: LeadPage = { sort: "createdAt", order: "asc", limit: 1 };
  const few = await fewLeads(ctx, filter, byName, { fetched: most, beside: most });
  const [stream, page] = few ? [few, byName] : [await furthest(ctx, streamsOf(ctx, filter, byTime), byTime), byTime];
  return countWindow(ctx, stream, page, conditionsOf(stream.rest, sql`l`).length > 0 ? Math.min(ASKED, most) : most);
}

async function countSearched(ctx: Context, filter: LeadFilter, patterns: Patterns, counted: number): Promise<Counted> {
  const most = asksOthers(filter) ? Math.min(ASKED, counted) : counted;
  const { rows } = await sql<{ count: number; matched: number }>`
    select count(*) filter (where ${allOf(conditionsOf(filter, sql`s`, { inOrder: true }))})::int as count, count(*)::int as matched
    from ${searchedLeads(patterns, most + 1)} s`.execute(ctx.db);
  const { count = 0, matched = 0 } = rows[0] ?? {};
  return { count, isAll: matched <= most };
}

const asksOthers = ({ tagsAny, tagsAll, tagsNone, custom, scoreLabel, suppressed }: LeadFilter): boolean =>
  suppressed !== undefined || [tagsAny, tagsAll, tagsNone, custom, scoreLabel].some((list) => list?.length);

/** Counts in a random few hundred of the table's pages; off by a tenth where one lead in a hundred matches. */
async function estimate(ctx: Context, filter: LeadFilter): Promise<number> {
  const { rows: sizes } = await sql<{ pages: number }>`
    select greatest(relpages, 1) as pages from pg_class where oid = 'leads'::regclass`.execute(ctx.db);
  const percent = Math.min(100, (100 * (asksOthers(filter) ? FEWER_PAGES : SAMPLED_PAGES)) / (sizes[0]?.pages ?? 1));
  const conditions = [
    sql`l.workspace_id = ${ctx.workspace}`,
    ...conditionsOf(filter, sql`l`, { inOrder: true }),
    ...like(patternsOf(filter) ?? [], sql`l`),
  ];
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from leads l tablesample system (${percent}) where ${allOf(conditions)}`.execute(
    ctx.db,
  );
  return roundTo2Digits(((rows[0]?.count ?? 0) * 100) / percent);
}

function roundTo2Digits(number: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1);
  return Math.round(number / unit) * unit;
}
