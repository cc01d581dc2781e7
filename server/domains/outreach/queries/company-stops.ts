import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/** Sequences that these leads are or were in and that a reply ends for the whole organisation, by lead; those without one are missing. */
export async function listCompanySequences(ctx: Context, leadIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ leadId: string; sequenceIds: string[] }>`
    select n.lead_id, array_agg(s.id) as sequence_ids from sequence_enrollments n join retention_sequences s on s.id = n.sequence_id
    where n.lead_id = any(${[...leadIds]}::text[]) and s.settings -> 'sameCompany' = 'true' and s.settings -> 'stopOnReply' is distinct from 'false'
    group by n.lead_id order by n.lead_id`.execute(ctx.db);
  return new Map(rows.map(({ leadId, sequenceIds }) => [leadId, sequenceIds]));
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
