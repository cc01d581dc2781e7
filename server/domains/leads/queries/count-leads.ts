import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import { allOf, conditionsOf, patternsOf, selectLeadIds } from "./filter.ts";

/** Up to here leads are counted one by one, above it they are estimated from a sample. */
export const COUNTED = 10_000;
const SAMPLED_PAGES = 500;
const SURELY_MORE = 3;

export type LeadCount = { count: number; isEstimate: boolean };

/** How many leads a filter finds: exact up to 10,000, above it "about" so many. */
export async function countLeads(ctx: Context, filter: LeadFilter): Promise<LeadCount> {
  if (patternsOf(filter)) {
    // The index gathers all matches before the first is counted: a second for a word that half of a million leads have.
    const about = await estimate(ctx, filter);
    if (about > COUNTED * SURELY_MORE) return { count: about, isEstimate: true };
  }
  const exact = await countUpTo(ctx, filter);
  if (exact <= COUNTED) return { count: exact, isEstimate: false };
  // Fewer than were counted would be no estimate.
  return { count: Math.max(await estimate(ctx, filter), exact), isEstimate: true };
}

async function countUpTo(ctx: Context, filter: LeadFilter): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from (${selectLeadIds(ctx, filter)}) as chosen limit ${COUNTED + 1}) as bounded`.execute(
    ctx.db,
  );
  return rows[0]?.count ?? 0;
}

/** Counts in a random few hundred of the table's pages; off by a tenth where one lead in a hundred matches. */
async function estimate(ctx: Context, filter: LeadFilter): Promise<number> {
  const { rows: sizes } = await sql<{ pages: number }>`
    select greatest(relpages, 1) as pages from pg_class where oid = 'leads'::regclass`.execute(ctx.db);
  const percent = Math.min(100, (100 * SAMPLED_PAGES) / (sizes[0]?.pages ?? 1));
  const like = (patternsOf(filter) ?? []).map(
    (group) =>
      sql`(${sql.join(
        group.map((pattern) => sql`l.search_text like ${pattern}`),
        sql` or `,
      )})`,
  );
  const conditions = [sql`l.workspace_id = ${ctx.workspace}`, ...conditionsOf(filter, sql`l`), ...like];
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
