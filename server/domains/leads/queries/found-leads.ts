import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { selectLeadIds } from "./filter.ts";

/** Leads that a list of something else is narrowed to; with more of them nothing is narrowed. */
const MOST_FOUND = 2_000;

/**
 * The leads that the search box finds, for lists of what belongs to leads. Throws Invalid at `/search` when it finds too many: a list that
 * silently left some out would tell less than there is.
 */
export async function searchLeadIds(ctx: Context, search: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${selectLeadIds(ctx, { search })}) as found(id) limit ${MOST_FOUND + 1}`.execute(ctx.db);
  if (rows.length > MOST_FOUND)
    throw Invalid("Too many leads are called so.", [
      { pointer: "/search", detail: "Write more of the name or address" },
    ]);
  return rows.map(({ id }) => id);
}
