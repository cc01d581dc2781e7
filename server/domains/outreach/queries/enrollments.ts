import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { LeadStatus } from "#domains/leads/index.ts";
import type { Channel } from "#domains/messaging/index.ts";
import { ENROLLMENT_STATUSES, type EnrollmentStatus, type ExecutionStatus, type PauseCause } from "../states.ts";

/** An enrollment with its lead and the touch that is planned next; the touch's fields are null where none is. */
export type EnrollmentRow = {
  id: string;
  sequenceId: string;
  sequenceName: string;
  leadId: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  company: string | null;
  leadStatus: LeadStatus;
  campaignId: string | null;
  campaignName: string | null;
  campaignStatus: string | null;
  status: EnrollmentStatus;
  currentStep: number;
  run: number;
  versionId: string;
  /** Of the version that the run goes through. */
  versionNumber: number;
  enrolledAt: Date;
  completedAt: Date | null;
  pausedAt: Date | null;
  pausedBy: PauseCause | null;
  endReason: string | null;
  repliedOn: Channel | null;
  executionId: string | null;
  executionStatus: ExecutionStatus | null;
  stepOrder: number | null;
  channel: Channel | null;
  scriptId: string | null;
  scriptName: string | null;
  dueAt: Date | null;
  scheduledAt: Date | null;
  remainingMs: number | null;
  result: unknown;
  verdict: unknown;
  messageStatus: string | null;
  messageDueAt: Date | null;
  messageTries: number | null;
  failure: string | null;
};

/** The chosen rows of `sequence_enrollments n`, with all that is shown of them: one statement, joined after the page is cut. */
async function describe(ctx: Context, chosen: RawBuilder<unknown>): Promise<EnrollmentRow[]> {
  const { rows } = await sql<EnrollmentRow>`
    with page as materialized (select n.* from sequence_enrollments n where n.workspace_id = ${ctx.workspace} and ${chosen})
    select n.id, n.sequence_id, s.name as sequence_name, n.lead_id, l.first_name, l.last_name, l.email, l.phone, l.company,
      l.status as lead_status, n.campaign_id, c.name as campaign_name, c.status as campaign_status, n.status, n.current_step, n.run,
      n.version_id, v.number as version_number,
      n.enrolled_at, n.completed_at, n.paused_at, n.paused_by, n.end_reason,
      case when n.end_reason = 'replied' then n.meta ->> 'repliedOn' end as replied_on,
      e.id as execution_id, e.status as execution_status, e.step_order, st.channel, st.script_id, sc.name as script_name,
      e.due_at, e.scheduled_at, e.remaining_ms, e.result, e.verdict,
      m.status as message_status, m.due_at as message_due_at, m.tries as message_tries, m.failure
    from page n
    join retention_sequences s on s.id = n.sequence_id
    join sequence_versions v on v.id = n.version_id
    join leads l on l.id = n.lead_id
    left join campaigns c on c.id = n.campaign_id
    left join lateral (
      select * from sequence_step_executions x
      where x.enrollment_id = n.id and x.run = n.run and x.status in ('PENDING', 'SCHEDULED')
      order by x.step_order limit 1
    ) e on n.status in ('ACTIVE', 'PAUSED')
    left join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    left join scripts sc on sc.id = st.script_id
    left join messages m on m.execution_id = e.id
    order by n.enrolled_at desc, n.id desc`.execute(ctx.db);
  return rows;
}

export async function findEnrollment(ctx: Context, id: string): Promise<EnrollmentRow | undefined> {
  const [row] = await describe(ctx, sql`n.id = ${id}`);
  return row;
}

/** Newest first; a lead is in few sequences. */
export const listLeadEnrollments = (ctx: Context, leadId: string): Promise<EnrollmentRow[]> =>
  describe(ctx, sql`n.lead_id = ${leadId} order by n.enrolled_at desc, n.id desc limit 200`);

/** A sequence's enrollments, newest first; one row more than asked when there are more. */
export function listSequenceEnrollments(
  ctx: Context,
  sequenceId: string,
  page: { status?: EnrollmentStatus; version?: number; leadIds?: readonly string[]; limit: number; after?: Cursor },
): Promise<EnrollmentRow[]> {
  const conditions = [sql`n.sequence_id = ${sequenceId}`];
  if (page.leadIds) conditions.push(sql`n.lead_id = any(${[...page.leadIds]}::text[])`);
  if (page.status) conditions.push(sql`n.status = ${page.status}`);
  if (page.version !== undefined)
    conditions.push(
      sql`n.version_id = (select v.id from sequence_versions v where v.sequence_id = ${sequenceId} and v.number = ${page.version})`,
    );
  if (page.after)
    conditions.push(sql`(n.enrolled_at, n.id) < (${new Date(page.after[0] ?? 0)}::timestamptz, ${page.after[1]})`);
  const last = sql`order by n.enrolled_at desc, n.id desc limit ${page.limit + 1}`;
  // Of a version the index is in order within a status: each is read by itself.
  const statuses = page.version !== undefined && !page.status && !page.leadIds ? ENROLLMENT_STATUSES : [];
  if (statuses.length === 0) return describe(ctx, sql`${sql.join(conditions, sql` and `)} ${last}`);
  const branches = statuses.map(
    (status) =>
      sql`(select n.id, n.enrolled_at from sequence_enrollments n where ${sql.join([...conditions, sql`n.status = ${status}`], sql` and `)} ${last})`,
  );
  return describe(ctx, sql`n.id in (select id from (${sql.join(branches, sql` union all `)}) as n ${last})`);
}

/**
 * Every step of the enrollment's version, with what became of it in the present run; steps not reached yet have no execution. What was done
 * before the lead came to this version is told with the version and the script that it was done by.
 */
export function explainSteps(ctx: Context, enrollment: { id: string; versionId: string; run: number }) {
  return ctx.db
    .selectFrom("sequenceVersionSteps as st")
    .leftJoin("sequenceStepExecutions as e", (join) =>
      join
        .onRef("e.stepId", "=", "st.stepId")
        .on("e.enrollmentId", "=", enrollment.id)
        .on("e.run", "=", enrollment.run),
    )
    .leftJoin("sequenceVersionSteps as own", (join) =>
      join.onRef("own.versionId", "=", "e.versionId").onRef("own.stepId", "=", "e.stepId"),
    )
    .leftJoin("scripts as sc", (join) =>
      join.on((eb) =>
        eb(
          "sc.id",
          "=",
          eb.case().when("e.id", "is", null).then(eb.ref("st.scriptId")).else(eb.ref("own.scriptId")).end(),
        ),
      ),
    )
    .leftJoin("sequenceVersions as by", "by.id", "e.versionId")
    .leftJoin("contactAttempts as a", "a.id", "e.contactAttemptId")
    .leftJoin("messages as m", "m.executionId", "e.id")
    .leftJoin("scriptVersions as v", "v.id", "m.scriptVersionId")
    .select([
      "e.id as executionId",
      "by.number as version",
      "st.stepOrder",
      "st.channel",
      "sc.name as scriptName",
      "e.status",
      "e.dueAt",
      "e.scheduledAt",
      "e.executedAt",
      "e.result",
      "e.verdict",
      "a.id as attemptId",
      "a.status as attemptStatus",
      "a.provider",
      "a.tries",
      "a.result as attemptResult",
      "a.verdict as attemptVerdict",
      "m.id as messageId",
      "m.status as messageStatus",
      "m.failure",
      "m.dueAt as messageDueAt",
      "m.openedAt",
      "m.clickedAt",
      "v.id as scriptVersionId",
      "v.number as scriptVersion",
    ])
    .where("st.workspaceId", "=", ctx.workspace)
    .where("st.versionId", "=", enrollment.versionId)
    .where((eb) => eb.or([eb("st.isActive", "=", true), eb("e.id", "is not", null)]))
    .orderBy("st.stepOrder")
    .execute();
}
