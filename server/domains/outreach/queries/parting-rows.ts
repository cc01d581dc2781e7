import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { CampaignStatus, EnrollmentStatus, PauseCause, SequenceStatus } from "../states.ts";

/** An enrollment that an undone merge has given back, with what it stands in today. */
export type Returned = {
  id: string;
  status: EnrollmentStatus;
  pausedBy: PauseCause | null;
  enrolledAt: Date;
  sequenceStatus: SequenceStatus;
  campaignStatus: CampaignStatus | null;
  /** A touch of its run has failed for good since the merge. */
  hasFailed: boolean;
};

export async function listReturned(tx: Context, ids: readonly string[], since: Date): Promise<Returned[]> {
  const { rows } = await sql<Returned>`
    select n.id, n.status, n.paused_by, n.enrolled_at, s.status as sequence_status, c.status as campaign_status, exists (
        select from sequence_step_executions e
        where e.enrollment_id = n.id and e.run = n.run and e.status = 'FAILED' and e.executed_at >= ${since}
          -- What came back after it was sent ends nothing, then as now.
          and e.result -> 'bounced' is distinct from 'true') as has_failed
    from sequence_enrollments n join retention_sequences s on s.id = n.sequence_id left join campaigns c on c.id = n.campaign_id
    where n.workspace_id = ${tx.workspace} and n.id = any(${[...ids]}::text[])
    order by n.id`.execute(tx.db);
  return rows;
}

/** Of these enrollments, those that somebody has taken out of their sequence. */
export async function listCancelledByPerson(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select id from sequence_enrollments
    where id = any(${[...ids]}::text[]) and status = 'CANCELLED' and end_reason like 'cancelled by a person%'`.execute(
    ctx.db,
  );
  return new Set(rows.map(({ id }) => id));
}

export type Heard = { leadId: string; at: Date; type: string; payload: Record<string, unknown> };

/** Events of these types that tell of these leads, from an instant on; with `mergeId` those that came after the merge alone, which is known by its own. */
export async function listHeardSince(
  ctx: Context,
  leadIds: readonly string[],
  { since, mergeId = null, types }: { since: Date; mergeId?: string | null; types: readonly string[] },
): Promise<Heard[]> {
  const { rows } = await sql<Heard>`
    with merged as materialized (
      select m.at, m.id from events m
      where m.workspace_id = ${ctx.workspace} and m.subject_id = ${mergeId} and m.type = 'leads.leads-merged')
    select e.lead_id, e.at, e.type, e.payload from events e
    where e.workspace_id = ${ctx.workspace} and e.lead_id = any(${[...leadIds]}::text[]) and e.at >= ${since}
      and e.type = any(${[...types]}::text[])
      -- The merge itself closes addresses, and tells of that before it tells of itself.
      and not exists (select from merged m where (m.at, m.id) >= (e.at, e.id))
    order by e.at, e.id`.execute(ctx.db);
  return rows;
}

/** Steps of these enrollments that wait with a message that was written for another lead than theirs is now; locked. */
export async function listWrittenToAnother(tx: Context, enrollmentIds: readonly string[]): Promise<string[]> {
  if (enrollmentIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select e.id from sequence_step_executions e join messages m on m.execution_id = e.id
    where e.workspace_id = ${tx.workspace} and e.enrollment_id = any(${[...enrollmentIds]}::text[])
      and e.status in ('PENDING', 'SCHEDULED') and m.status = 'queued' and m.lead_id is distinct from e.lead_id
    order by e.id for update of e`.execute(tx.db);
  return rows.map(({ id }) => id);
}

export async function skipExecutions(tx: Context, ids: readonly string[], reason: string): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update sequence_step_executions e set status = 'SKIPPED', scheduled_at = null, executed_at = ${tx.now()},
      result = e.result || ${JSON.stringify({ reason })}::jsonb
    where e.id = any(${[...ids]}::text[])`.execute(tx.db);
}
