import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { PauseCause } from "../states.ts";

export type MovedEnrollment = { id: string; leadId: string; run: number; sequenceId: string };

/** Everybody in a sequence or of a campaign, or the enrollments that are named. */
export type Chosen = { sequenceId: string } | { campaignId: string } | { ids: readonly string[] };

function those(chosen: Chosen): RawBuilder<unknown> {
  if ("sequenceId" in chosen) return sql`n.sequence_id = ${chosen.sequenceId}`;
  if ("campaignId" in chosen) return sql`n.campaign_id = ${chosen.campaignId}`;
  return sql`n.id = any(${[...chosen.ids]}::text[])`;
}

/** Planned steps are locked before their enrollments, as those who send and those who record do it: they cannot wait for each other. */
async function lockPlans(tx: Context, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    select count(*) from (
      select e.id from sequence_step_executions e join sequence_enrollments n on n.id = e.enrollment_id and n.run = e.run
      where e.workspace_id = ${tx.workspace} and ${which} and e.status in ('PENDING', 'SCHEDULED')
      order by e.id for update of e
    ) locked`.execute(tx.db);
}

/**
 * Pauses those that are active, and their steps with the time that was left. A step whose message is written already stays as it is: there
 * is one message per step, and the gate holds it during the pause.
 */
export async function pauseEnrollments(tx: Context, chosen: Chosen, by: PauseCause): Promise<MovedEnrollment[]> {
  const which = sql`n.workspace_id = ${tx.workspace} and ${those(chosen)} and n.status = 'ACTIVE'`;
  await lockPlans(tx, which);
  const { rows } = await sql<MovedEnrollment>`
    with held as (select n.id from sequence_enrollments n where ${which} order by n.id for update)
    update sequence_enrollments n set status = 'PAUSED', paused_at = ${tx.now()}, paused_by = ${by}
    from held where n.id = held.id
    returning n.id, n.lead_id, n.run, n.sequence_id`.execute(tx.db);
  await sql`
    update sequence_step_executions e set status = 'PENDING', scheduled_at = null,
      remaining_ms = greatest(0, round(extract(epoch from coalesce(e.scheduled_at, e.due_at) - ${tx.now()}::timestamptz) * 1000))
    where e.workspace_id = ${tx.workspace} and e.enrollment_id = any(${rows.map(({ id }) => id)}::text[])
      and e.status = 'SCHEDULED' and coalesce(e.scheduled_at, e.due_at) is not null
      and not exists (select from messages m where m.execution_id = e.id)`.execute(tx.db);
  return rows;
}

/** Executions of these enrollments that are planned for an instant: of those who are paused, the ones whose message is written. */
export async function listPlanned(tx: Context, enrollmentIds: readonly string[]): Promise<string[]> {
  if (enrollmentIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select id from sequence_step_executions
    where workspace_id = ${tx.workspace} and enrollment_id = any(${[...enrollmentIds]}::text[]) and status = 'SCHEDULED'`.execute(
    tx.db,
  );
  return rows.map(({ id }) => id);
}

/**
 * Re-activates those that were paused by the same cause, and plans their steps with the time that was left. Whom their sequence or campaign
 * still holds stays paused, by that one from now on.
 */
export async function resumeEnrollments(tx: Context, chosen: Chosen, by: PauseCause): Promise<MovedEnrollment[]> {
  const which = sql`n.workspace_id = ${tx.workspace} and ${those(chosen)} and n.status = 'PAUSED' and n.paused_by = ${by}`;
  await lockPlans(tx, which);
  await sql`
    update sequence_enrollments n set paused_by = case when s.status = 'PAUSED' then 'sequence' else 'campaign' end
    from sequence_enrollments o
    join retention_sequences s on s.id = o.sequence_id
    left join campaigns c on c.id = o.campaign_id
    where ${which} and o.id = n.id and (s.status = 'PAUSED' or c.status = 'PAUSED')`.execute(tx.db);
  const { rows } = await sql<MovedEnrollment>`
    with held as (select n.id from sequence_enrollments n where ${which} order by n.id for update)
    update sequence_enrollments n set status = 'ACTIVE', paused_at = null, paused_by = null
    from held where n.id = held.id
    returning n.id, n.lead_id, n.run, n.sequence_id`.execute(tx.db);
  await sql`
    update sequence_step_executions e set status = 'SCHEDULED', remaining_ms = null,
      due_at = ${tx.now()}::timestamptz + e.remaining_ms * interval '1 millisecond',
      scheduled_at = ${tx.now()}::timestamptz + e.remaining_ms * interval '1 millisecond'
    from sequence_enrollments n
    where e.workspace_id = ${tx.workspace} and e.enrollment_id = any(${rows.map(({ id }) => id)}::text[])
      and n.id = e.enrollment_id and e.run = n.run and e.status = 'PENDING' and e.remaining_ms is not null`.execute(
    tx.db,
  );
  return rows;
}

/** Those of the enrollments that no step is planned for: their last touch went out during the pause. With the order they have come to. */
export async function listWithoutPlan(
  tx: Context,
  enrollmentIds: readonly string[],
): Promise<{ id: string; leadId: string; run: number; afterOrder: number }[]> {
  const { rows } = await sql<{ id: string; leadId: string; run: number; afterOrder: number }>`
    select n.id, n.lead_id as "leadId", n.run, coalesce(max(e.step_order), -1) as "afterOrder"
    from sequence_enrollments n left join sequence_step_executions e on e.enrollment_id = n.id and e.run = n.run
    where n.workspace_id = ${tx.workspace} and n.id = any(${[...enrollmentIds]}::text[])
    group by n.id
    having count(*) filter (where e.status in ('PENDING', 'SCHEDULED')) = 0`.execute(tx.db);
  return rows;
}

/** Ids of those that are not over. */
export async function listOpenIds(tx: Context, chosen: Chosen): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select n.id from sequence_enrollments n
    where n.workspace_id = ${tx.workspace} and ${those(chosen)} and n.status in ('ACTIVE', 'PAUSED')`.execute(tx.db);
  return rows.map(({ id }) => id);
}
