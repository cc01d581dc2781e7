import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";

/** A due execution with all that the engine must know of its surroundings, claimed until the transaction ends. */
export type DueExecution = {
  id: string;
  enrollmentId: string;
  leadId: string;
  stepId: string;
  stepOrder: number;
  run: number;
  versionId: string;
  priority: number;
  sequenceId: string;
  sequenceName: string;
  settings: Record<string, unknown>;
  sequenceStatus: string;
  enrollmentStatus: string;
  enrolledAt: Date;
  campaignId: string | null;
  campaignStatus: string | null;
  campaignStart: Date | null;
  campaignEnd: Date | null;
  campaignChannels: string[] | null;
  campaignName: string | null;
  channel: Channel;
  scriptId: string | null;
  conditions: Record<string, unknown>;
  stepIsActive: boolean;
};

// Rows that are known by their ids are named by these alone, as in messaging's queries/outbound.ts.

/**
 * Claims due executions. Their sequences are share-locked: a pause that comes now waits, and then finds what was queued. Rows another worker
 * holds are passed over.
 */
export async function claimDue(tx: Context, limit: number): Promise<DueExecution[]> {
  const { rows } = await sql<DueExecution>`
    -- Limited before it is joined: joining all that is due first took 109 ms a batch at 10,000 due, this takes 11.
    with due as materialized (
      select e.* from sequence_step_executions e
      where e.workspace_id = ${tx.workspace} and e.status = 'SCHEDULED' and e.scheduled_at <= ${tx.now()}
        -- Of a lead's touches that are due together the one of the highest priority is decided first, whichever lane has it.
        and not exists (select from sequence_step_executions h
          where h.workspace_id = e.workspace_id and h.lead_id = e.lead_id and h.status = 'SCHEDULED' and h.scheduled_at <= ${tx.now()}
            and h.priority > e.priority)
      order by e.scheduled_at, e.priority desc, e.id
      limit ${limit}
      for update skip locked
    )
    select e.id, e.enrollment_id as "enrollmentId", e.lead_id as "leadId", e.step_id as "stepId", e.step_order as "stepOrder", e.run, e.version_id as "versionId", e.priority,
      s.id as "sequenceId", s.name as "sequenceName", s.settings, s.status as "sequenceStatus",
      n.status as "enrollmentStatus", n.enrolled_at as "enrolledAt", n.campaign_id as "campaignId", c.status as "campaignStatus", c.name as "campaignName",
      c.start_date as "campaignStart", c.end_date as "campaignEnd", c.channels as "campaignChannels",
      st.channel, st.script_id as "scriptId", st.conditions, st.is_active as "stepIsActive"
    from due e
    join sequence_enrollments n on n.id = e.enrollment_id
    join retention_sequences s on s.id = n.sequence_id
    join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    left join campaigns c on c.id = n.campaign_id
    order by e.scheduled_at, e.priority desc, e.id
    for share of s skip locked`.execute(tx.db);
  return rows;
}

/** Beyond this a backlog is spread over the furthest minutes anyway. */
const MOST_COUNTED = 50_000;

/** How many executions are due now; counted no further than it matters. */
export async function countDue(ctx: Context): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from sequence_step_executions
      where workspace_id = ${ctx.workspace} and status = 'SCHEDULED' and scheduled_at <= ${ctx.now()} limit ${MOST_COUNTED}) as due`.execute(
    ctx.db,
  );
  return rows[0]?.count ?? 0;
}

/** One execution's new state. Undefined leaves a column as it is. */
export type ExecutionChange = {
  id: string;
  status: "SCHEDULED" | "SENT" | "DELIVERED" | "FAILED" | "SKIPPED";
  scheduledAt: Date | null;
  executedAt: Date | null;
  contactAttemptId: string | null;
  /** Merged into the result. */
  result: Record<string, unknown>;
  verdict: unknown;
};

export async function updateExecutions(tx: Context, changes: readonly ExecutionChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    update sequence_step_executions e set status = r.status, scheduled_at = r."scheduledAt",
      executed_at = coalesce(e.executed_at, r."executedAt"), contact_attempt_id = coalesce(r."contactAttemptId", e.contact_attempt_id),
      result = e.result || r.result, verdict = coalesce(r.verdict, e.verdict)
    from json_to_recordset(${JSON.stringify(changes)}::json) as r(
      id text, status text, "scheduledAt" timestamptz, "executedAt" timestamptz, "contactAttemptId" text, result jsonb, verdict jsonb)
    where e.id = r.id`.execute(tx.db);
}

/** An execution as a delivery fact finds it, locked. */
export type OpenExecution = {
  id: string;
  enrollmentId: string;
  leadId: string;
  stepOrder: number;
  run: number;
  status: string;
  executedAt: Date | null;
  sequenceId: string;
  sequenceName: string;
  settings: Record<string, unknown>;
  enrollmentStatus: string;
  /** Which run the enrollment is in now. */
  enrollmentRun: number;
  channel: Channel;
};

export async function lockExecutions(tx: Context, ids: readonly string[]): Promise<Map<string, OpenExecution>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<OpenExecution>`
    select e.id, e.enrollment_id as "enrollmentId", e.lead_id as "leadId", e.step_order as "stepOrder", e.run, e.status, e.executed_at as "executedAt",
      s.id as "sequenceId", s.name as "sequenceName", s.settings, n.status as "enrollmentStatus", n.run as "enrollmentRun", st.channel
    from sequence_step_executions e
    join sequence_enrollments n on n.id = e.enrollment_id
    join retention_sequences s on s.id = n.sequence_id
    join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    where e.id = any(${ids})
    order by e.id
    for update of e`.execute(tx.db);
  return new Map(rows.map((row) => [row.id, row]));
}

export type NewExecution = {
  id: string;
  enrollmentId: string;
  stepId: string;
  /** The enrollment's. */
  versionId: string;
  leadId: string;
  run: number;
  stepOrder: number;
  dueAt: Date;
  scheduledAt: Date;
  priority: number;
};

/** One execution per enrollment, run and step: a repeat changes nothing. */
export async function insertExecutions(tx: Context, executions: readonly NewExecution[]): Promise<void> {
  if (executions.length === 0) return;
  await sql`
    insert into sequence_step_executions (id, workspace_id, enrollment_id, step_id, version_id, lead_id, run, step_order, status, due_at, scheduled_at, priority)
    select r.id, ${tx.workspace}, r."enrollmentId", r."stepId", r."versionId", r."leadId", r.run, r."stepOrder", 'SCHEDULED', r."dueAt", r."scheduledAt", r.priority
    from json_to_recordset(${JSON.stringify(executions)}::json) as r(
      id text, "enrollmentId" text, "stepId" text, "versionId" text, "leadId" text, run int, "stepOrder" int, "dueAt" timestamptz, "scheduledAt" timestamptz, priority int)
    on conflict (enrollment_id, run, step_id) do nothing`.execute(tx.db);
}

/** How far an enrollment has come. `completed` when no step is left. */
export async function moveEnrollments(
  tx: Context,
  moves: readonly { id: string; currentStep: number; completed: boolean }[],
): Promise<void> {
  if (moves.length === 0) return;
  await sql`
    update sequence_enrollments n set current_step = greatest(n.current_step, r."currentStep"), last_step_at = ${tx.now()},
      status = case when r.completed and n.status = 'ACTIVE' then 'COMPLETED' else n.status end,
      completed_at = case when r.completed and n.status = 'ACTIVE' then ${tx.now()}::timestamptz else n.completed_at end,
      end_reason = case when r.completed and n.status = 'ACTIVE' then 'finished' else n.end_reason end
    from json_to_recordset(${JSON.stringify(moves)}::json) as r(id text, "currentStep" int, completed boolean)
    where n.id = r.id`.execute(tx.db);
}

/** Open enrollments of leads, with what the stop rules ask for; locked. */
export type OpenEnrollment = {
  id: string;
  sequenceId: string;
  sequenceName: string;
  leadId: string;
  status: "ACTIVE" | "PAUSED";
  run: number;
  settings: Record<string, unknown>;
  campaignId: string | null;
};

export async function lockOpenEnrollments(
  tx: Context,
  which: { leadIds?: readonly string[]; ids?: readonly string[] },
): Promise<OpenEnrollment[]> {
  const those = which.leadIds ? sql`n.lead_id = any(${which.leadIds})` : sql`n.id = any(${which.ids ?? []})`;
  // Planned steps before their enrollments, as those who send and those who record take them: they cannot wait for each other.
  await sql`
    select count(*) from (
      select e.id from sequence_enrollments n join sequence_step_executions e on e.enrollment_id = n.id and e.run = n.run
      where n.workspace_id = ${tx.workspace} and n.status in ('ACTIVE', 'PAUSED') and ${those} and e.status in ('PENDING', 'SCHEDULED')
      order by e.id for update of e
    ) planned`.execute(tx.db);
  const { rows } = await sql<OpenEnrollment>`
    select n.id, n.sequence_id as "sequenceId", s.name as "sequenceName", n.lead_id as "leadId", n.status, n.run, s.settings, n.campaign_id as "campaignId"
    from sequence_enrollments n join retention_sequences s on s.id = n.sequence_id
    where n.workspace_id = ${tx.workspace} and n.status in ('ACTIVE', 'PAUSED')
      and ${those}
    order by n.id
    for update of n`.execute(tx.db);
  return rows;
}

/**
 * Ends enrollments: what was planned becomes SKIPPED with the reason, and so do the steps that had no execution yet, so that the lead page
 * shows all that will not happen and why. Answers the executions that were skipped.
 */
export async function endEnrollments(
  tx: Context,
  ids: readonly string[],
  end: { status: "CANCELLED" | "CONVERTED"; reason: string; by: string | null },
): Promise<{ id: string; enrollmentId: string }[]> {
  if (ids.length === 0) return [];
  const why = JSON.stringify({ reason: end.reason });
  await sql`
    update sequence_enrollments set status = ${end.status}, end_reason = ${end.reason}, ended_by = ${end.by}, completed_at = ${tx.now()}, paused_at = null, paused_by = null
    where workspace_id = ${tx.workspace} and id = any(${ids}) and status in ('ACTIVE', 'PAUSED')`.execute(tx.db);
  const planned = await sql<{ id: string; enrollmentId: string }>`
    update sequence_step_executions e set status = 'SKIPPED', scheduled_at = null, executed_at = ${tx.now()}, result = e.result || ${why}::jsonb
    from sequence_enrollments n
    where e.workspace_id = ${tx.workspace} and e.enrollment_id = any(${ids}) and n.id = e.enrollment_id and e.run = n.run
      and e.status in ('PENDING', 'SCHEDULED')
      -- One that is with the vendor at this moment is settled by the vendor's answer.
      and not exists (select from messages m where m.execution_id = e.id and m.status in ('sending', 'sent', 'delivered', 'unknown'))
    returning e.id, e.enrollment_id as "enrollmentId"`.execute(tx.db);
  return planned.rows;
}

/** The steps an ended enrollment never reached, as SKIPPED executions. */
export async function skipUnreachedSteps(
  tx: Context,
  rows: readonly { id: string; enrollmentId: string; stepId: string }[],
  reason: string,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into sequence_step_executions (id, workspace_id, enrollment_id, step_id, version_id, lead_id, run, step_order, status, executed_at, result)
    select r.id, ${tx.workspace}, n.id, st.step_id, n.version_id, n.lead_id, n.run, st.step_order, 'SKIPPED', ${tx.now()}, ${JSON.stringify({ reason })}::jsonb
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, "enrollmentId" text, "stepId" text)
    join sequence_enrollments n on n.id = r."enrollmentId" and n.workspace_id = ${tx.workspace}
    join sequence_version_steps st on st.version_id = n.version_id and st.step_id = r."stepId"
    on conflict (enrollment_id, run, step_id) do nothing`.execute(tx.db);
}

export async function listUnreachedSteps(
  tx: Context,
  enrollmentIds: readonly string[],
): Promise<{ enrollmentId: string; stepId: string }[]> {
  const { rows } = await sql<{ enrollmentId: string; stepId: string }>`
    select n.id as "enrollmentId", st.step_id as "stepId"
    from sequence_enrollments n join sequence_version_steps st on st.version_id = n.version_id and st.is_active
    where n.workspace_id = ${tx.workspace} and n.id = any(${enrollmentIds})
      and not exists (select from sequence_step_executions e where e.enrollment_id = n.id and e.run = n.run and e.step_id = st.step_id)`.execute(
    tx.db,
  );
  return rows;
}
