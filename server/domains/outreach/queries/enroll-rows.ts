import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { EnrollmentStatus } from "../states.ts";

/** A run that has just begun. */
export type StartedRun = { id: string; leadId: string; run: number };

export type EarlierRun = StartedRun & { status: EnrollmentStatus; endedAt: Date | null };

/** The enrollments that these leads have in the sequence, by lead; locked, so that of two who open one again one comes second. */
export async function lockEarlierRuns(
  tx: Context,
  sequenceId: string,
  leadIds: readonly string[],
): Promise<Map<string, EarlierRun>> {
  const { rows } = await sql<EarlierRun>`
    select id, lead_id, run, status, completed_at as ended_at from sequence_enrollments
    where workspace_id = ${tx.workspace} and sequence_id = ${sequenceId} and lead_id = any(${[...leadIds]}::text[])
    order by id for update`.execute(tx.db);
  return new Map(rows.map((row) => [row.leadId, row]));
}

/** The version that whoever comes in now goes through. The caller shares the sequence, so that none is published meanwhile. */
const newestOf = (sequenceId: string) => sql`(
  select v.id from sequence_versions v where v.sequence_id = ${sequenceId} order by v.number desc limit 1)`;

/** First runs, of the newest version. Leads that came in meanwhile, and leads that are gone, are missing from the answer. */
export async function insertEnrollments(
  tx: Context,
  sequenceId: string,
  campaignId: string | null,
  leadIds: readonly string[],
): Promise<StartedRun[]> {
  if (leadIds.length === 0) return [];
  const wanted = leadIds.map((leadId) => ({ id: newId("enr"), leadId }));
  const { rows } = await sql<StartedRun>`
    insert into sequence_enrollments (id, workspace_id, sequence_id, version_id, lead_id, campaign_id, enrolled_at)
    select r.id, ${tx.workspace}, ${sequenceId}, ${newestOf(sequenceId)}, l.id, ${campaignId}, ${tx.now()}
    from json_to_recordset(${JSON.stringify(wanted)}::json) as r(id text, "leadId" text)
    join leads l on l.id = r."leadId" and l.workspace_id = ${tx.workspace}
    order by l.id
    on conflict (sequence_id, lead_id) do nothing
    returning id, lead_id, run`.execute(tx.db);
  return rows;
}

/** Opens ended enrollments again as their next run, of the newest version; the executions of earlier runs stay. */
export async function reopenEnrollments(
  tx: Context,
  sequenceId: string,
  campaignId: string | null,
  ids: readonly string[],
): Promise<StartedRun[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<StartedRun>`
    update sequence_enrollments set status = 'ACTIVE', run = run + 1, version_id = ${newestOf(sequenceId)}, campaign_id = ${campaignId}, current_step = 0, enrolled_at = ${tx.now()},
      completed_at = null, last_step_at = null, paused_at = null, paused_by = null, end_reason = null, ended_by = null
    where workspace_id = ${tx.workspace} and id = any(${[...ids]}::text[]) and status in ('COMPLETED', 'CANCELLED', 'CONVERTED')
    returning id, lead_id, run`.execute(tx.db);
  return rows;
}

/** Who is under way in a sequence, at most `limit`: their version, the step of it that they are at, and the campaign they are in it for. */
export async function listUnderWay(
  ctx: Context,
  sequenceId: string,
  limit: number,
): Promise<{ leadId: string; versionId: string; fromOrder: number; campaignName: string | null }[]> {
  const { rows } = await sql<{ leadId: string; versionId: string; fromOrder: number; campaignName: string | null }>`
    select n.lead_id, n.version_id, n.current_step as from_order, c.name as campaign_name
    from sequence_enrollments n left join campaigns c on c.id = n.campaign_id
    where n.workspace_id = ${ctx.workspace} and n.sequence_id = ${sequenceId} and n.status in ('ACTIVE', 'PAUSED')
    order by n.enrolled_at desc, n.id desc limit ${limit}`.execute(ctx.db);
  return rows;
}
