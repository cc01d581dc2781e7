import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { EnrollmentStatus, PauseCause } from "../states.ts";

/** Counts for a person go no further: behind it "1,000+" says as much as the figure. */
const COUNT_CAP = 1_000;

export type DueRow = {
  executionId: string;
  enrollmentId: string;
  leadId: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  sequenceId: string;
  sequenceName: string;
  stepOrder: number;
  channel: Channel;
  scriptName: string | null;
  dueAt: Date | null;
  scheduledAt: Date;
  verdict: unknown;
  enrollmentStatus: EnrollmentStatus;
  pausedBy: PauseCause | null;
  campaignStatus: string | null;
};

/** The next planned touches in the order in which the engine claims them: limited by the index before anything is joined. */
export async function listDueNext(ctx: Context, limit: number): Promise<DueRow[]> {
  const { rows } = await sql<DueRow>`
    with due as materialized (
      select id, enrollment_id, step_id, version_id, lead_id, step_order, due_at, scheduled_at, priority, verdict from sequence_step_executions
      where workspace_id = ${ctx.workspace} and status = 'SCHEDULED' and scheduled_at is not null
      order by scheduled_at, priority desc
      limit ${limit}
    )
    select e.id as "executionId", e.enrollment_id as "enrollmentId", e.lead_id as "leadId", l.first_name as "firstName", l.last_name as "lastName",
      l.email, l.phone, s.id as "sequenceId", s.name as "sequenceName", e.step_order as "stepOrder", st.channel, sc.name as "scriptName",
      e.due_at as "dueAt", e.scheduled_at as "scheduledAt", e.verdict, n.status as "enrollmentStatus", n.paused_by as "pausedBy",
      c.status as "campaignStatus"
    from due e
    join sequence_enrollments n on n.id = e.enrollment_id
    join retention_sequences s on s.id = n.sequence_id
    join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    join leads l on l.id = e.lead_id
    left join scripts sc on sc.id = st.script_id
    left join campaigns c on c.id = n.campaign_id
    order by e.scheduled_at, e.priority desc`.execute(ctx.db);
  return rows;
}

/** How many touches are planned up to that instant, counted no further than the cap. */
export async function countDueUntil(ctx: Context, until: Date): Promise<{ count: number; isMore: boolean }> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from sequence_step_executions
      where workspace_id = ${ctx.workspace} and status = 'SCHEDULED' and scheduled_at <= ${until}
      order by scheduled_at limit ${COUNT_CAP + 1}) due`.execute(ctx.db);
  const count = rows[0]?.count ?? 0;
  return { count: Math.min(count, COUNT_CAP), isMore: count > COUNT_CAP };
}

export type Setup = { hasLeads: boolean; hasScripts: boolean; hasStartedSequence: boolean };

/** Whether there is anything of each kind: the first entry of an index each. */
export async function readSetup(ctx: Context): Promise<Setup> {
  const { rows } = await sql<Setup>`
    select
      (select min(created_at) from leads where workspace_id = ${ctx.workspace}) is not null as "hasLeads",
      exists (select from scripts where workspace_id = ${ctx.workspace}) as "hasScripts",
      exists (select from retention_sequences where workspace_id = ${ctx.workspace} and activated_at is not null) as "hasStartedSequence"`.execute(
    ctx.db,
  );
  const [row] = rows;
  if (!row) throw new Error("A select without a table gave no row.");
  return row;
}
