import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/** Sequences that the lead is or was in and that a reply ends for the whole organisation. */
export async function listCompanySequences(ctx: Context, leadId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from sequence_enrollments n join retention_sequences s on s.id = n.sequence_id
    where n.lead_id = ${leadId} and s.settings -> 'sameCompany' = 'true' and s.settings -> 'stopOnReply' is distinct from 'false'`.execute(
    ctx.db,
  );
  return rows.map(({ id }) => id);
}

/** Enrollments of these leads in these sequences that are not over. */
export async function listOpenIn(
  ctx: Context,
  sequenceIds: readonly string[],
  leadIds: readonly string[],
): Promise<{ id: string; leadId: string }[]> {
  if (leadIds.length === 0) return [];
  const { rows } = await sql<{ id: string; leadId: string }>`
    select n.id, n.lead_id from sequence_enrollments n
    where n.sequence_id = any(${[...sequenceIds]}::text[]) and n.lead_id = any(${[...leadIds]}::text[]) and n.status in ('ACTIVE', 'PAUSED')`.execute(
    ctx.db,
  );
  return rows;
}
