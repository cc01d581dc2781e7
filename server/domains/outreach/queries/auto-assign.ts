import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { type LeadFilter, selectLeadIds } from "#domains/leads/index.ts";

/** Of these leads those that a filter finds. */
export async function matchLeads(ctx: Context, filter: LeadFilter, leadIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${selectLeadIds(ctx, filter)}) as chosen where id = any(${[...leadIds]}::text[]) order by id`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}

/** The next leads that a filter finds behind one of them, in the order of their ids. */
export async function nextMatching(
  ctx: Context,
  filter: LeadFilter,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${selectLeadIds(ctx, filter)}) as chosen where id > ${after ?? ""} order by id limit ${limit}`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}
