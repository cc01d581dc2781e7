import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { isCommon } from "./count-leads.ts";
import { patternsOf, searchedLeads, selectLeadIds } from "./filter.ts";

/** Leads that a list of something else is narrowed to; with more of them nothing is narrowed. */
const MOST_FOUND = 2_000;

/**
 * The leads that the search box finds, for lists of what belongs to leads. Throws Invalid at `/search` when it finds too many: a list that
 * silently left some out would tell less than there is. A common word is not looked for at all: its index gathers all matches before the first
 * comes out, six seconds at 1,000,000 leads.
 */
export async function searchLeadIds(ctx: Context, search: string): Promise<string[]> {
  const patterns = patternsOf({ search });
  if (patterns && (await isCommon(ctx, { search }))) throw tooMany();
  const found = patterns
    ? sql`${searchedLeads(patterns, MOST_FOUND + 1)} s`
    : sql`(${selectLeadIds(ctx, {})}) as s(id)`;
  const { rows } = await sql<{ id: string }>`select s.id from ${found} limit ${MOST_FOUND + 1}`.execute(ctx.db);
  if (rows.length > MOST_FOUND) throw tooMany();
  return rows.map(({ id }) => id);
}

const tooMany = () =>
  Invalid("Too many leads are called so.", [{ pointer: "/search", detail: "Write more of the name or address" }]);
