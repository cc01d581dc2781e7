import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { Channel } from "#domains/messaging/index.ts";
import { EXECUTION_STATUSES, type EnrollmentStatus, type ExecutionStatus, type PauseCause } from "../states.ts";

export type ExecutionRow = {
  id: string;
  enrollmentId: string;
  enrollmentStatus: EnrollmentStatus;
  pausedBy: PauseCause | null;
  sequenceId: string;
  sequenceName: string;
  leadId: string;
  firstName: string;
  lastName: string;
  campaignId: string | null;
  campaignName: string | null;
  campaignStatus: string | null;
  stepId: string;
  stepOrder: number;
  channel: Channel;
  scriptId: string | null;
  scriptName: string | null;
  run: number;
  status: ExecutionStatus;
  dueAt: Date | null;
  scheduledAt: Date | null;
  executedAt: Date | null;
  repliedAt: Date | null;
  result: Record<string, unknown>;
  verdict: unknown;
  attemptId: string | null;
  attemptStatus: string | null;
  attemptVerdict: unknown;
  attemptResult: string | null;
  provider: string | null;
  tries: unknown;
  messageId: string | null;
  messageStatus: string | null;
  messageDueAt: Date | null;
  messageTries: number | null;
  failure: string | null;
  openedAt: Date | null;
  clickedAt: Date | null;
  scriptVersionId: string | null;
  scriptVersion: number | null;
};

export type ExecutionFilter = {
  sequenceId?: string;
  leadId?: string;
  campaignId?: string;
  channel?: Channel;
  status?: ExecutionStatus;
  dueFrom?: Date;
  dueBefore?: Date;
};

export type ExecutionPage = { order: "asc" | "desc"; limit: number; after?: Cursor };

const allOf = (conditions: readonly RawBuilder<unknown>[]) => sql.join(conditions, sql` and `);

/** The chosen ids with all that is shown of them, in any order: one statement. */
async function describe(ctx: Context, chosen: RawBuilder<unknown>): Promise<ExecutionRow[]> {
  const { rows } = await sql<ExecutionRow>`
    with page as materialized (${chosen})
    select e.id, e.enrollment_id, n.status as enrollment_status, n.paused_by, n.sequence_id, s.name as sequence_name,
      e.lead_id, l.first_name, l.last_name, n.campaign_id, c.name as campaign_name, c.status as campaign_status,
      e.step_id, e.step_order, st.channel, st.script_id, sc.name as script_name, e.run, e.status,
      e.due_at, e.scheduled_at, e.executed_at, e.replied_at, e.result, e.verdict,
      a.id as attempt_id, a.status as attempt_status, a.verdict as attempt_verdict, a.result as attempt_result, a.provider, a.tries,
      m.id as message_id, m.status as message_status, m.due_at as message_due_at, m.tries as message_tries, m.failure,
      m.opened_at, m.clicked_at, v.id as script_version_id, v.number as script_version
    from page join sequence_step_executions e on e.id = page.id
    join sequence_enrollments n on n.id = e.enrollment_id
    join retention_sequences s on s.id = n.sequence_id
    join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    join leads l on l.id = e.lead_id
    left join scripts sc on sc.id = st.script_id
    left join campaigns c on c.id = n.campaign_id
    left join contact_attempts a on a.id = e.contact_attempt_id
    left join messages m on m.execution_id = e.id
    left join script_versions v on v.id = m.script_version_id
    where e.workspace_id = ${ctx.workspace}`.execute(ctx.db);
  return rows;
}

export async function findExecution(ctx: Context, id: string): Promise<ExecutionRow | undefined> {
  const [row] = await describe(ctx, sql`select ${id}::text as id`);
  return row;
}

/** These executions, in the order of their ids here; those that are gone are left out. */
export async function describeExecutions(ctx: Context, ids: readonly string[]): Promise<ExecutionRow[]> {
  if (ids.length === 0) return [];
  const rows = await describe(ctx, sql`select unnest(${[...ids]}::text[]) as id`);
  const places = new Map(ids.map((id, place) => [id, place]));
  return rows.toSorted((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

/** Executions of each step and status that are looked at for those of a campaign; with each page that ends short twice as many, up to eight times. */
const LOOKED_AT = 150;
const GROWTH = 8;
/** The executions of so many enrollments are gathered. */
const FEW_ENROLLMENTS = 500;

export type ExecutionList = {
  /** In order of their due times; one row more than asked when there are more. */
  rows: ExecutionRow[];
  /** Where to go on when the page is not full and is not the last. */
  stoppedAt: Cursor | null;
  /** Executions that were looked at until then. */
  looked: number;
};

/** Executions that were due once. `bounds`: how many of each step and status are looked at for a campaign's, and whose all are gathered. */
export async function listExecutions(
  ctx: Context,
  filter: ExecutionFilter,
  page: ExecutionPage,
  { lookedAt = LOOKED_AT, few = FEW_ENROLLMENTS }: { lookedAt?: number; few?: number } = {},
): Promise<ExecutionList> {
  const { campaignId, leadId } = filter;
  const near =
    campaignId !== undefined && !leadId && !(await isFew(ctx, campaignId, few))
      ? await campaignsNext(ctx, filter, page, lookedAt * Math.min(GROWTH, 2 ** (page.after?.[2] ?? 0)))
      : undefined;
  const rows = await describe(ctx, near ? sql`select unnest(${near.ids}::text[]) as id` : chosenBy(ctx, filter, page));
  const sign = page.order === "asc" ? 1 : -1;
  const time = (row: ExecutionRow) => row.dueAt?.getTime() ?? 0;
  return {
    rows: rows.toSorted((a, b) => sign * (time(a) - time(b) || (a.id < b.id ? -1 : 1))),
    stoppedAt: near?.stoppedAt ?? null,
    looked: near?.stoppedAt ? near.looked : 0,
  };
}

async function isFew(ctx: Context, campaignId: string, few: number): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from sequence_enrollments where campaign_id = ${campaignId} limit ${few + 1}) as bounded`.execute(
    ctx.db,
  );
  return (rows[0]?.count ?? 0) <= few;
}

/**
 * A campaign's executions among those that come next of each step and status: no index has a campaign's in their order, and to gather all that a large
 * one has takes half a second. Only what lies before the end of each reading counts: behind it others may come between. Where that is less than a page,
 * the page ends there.
 */
async function campaignsNext(
  ctx: Context,
  filter: ExecutionFilter,
  page: ExecutionPage,
  lookedAt: number,
): Promise<{ ids: string[]; stoppedAt: Cursor | null; looked: number }> {
  const { due, steps, statuses, direction } = askedOf(ctx, filter, page);
  const { rows } = await sql<{ id: string | null; endAt: Date | null; endId: string | null; looked: number }>`
    with read as materialized (
      select found.* from (select st.id from sequence_steps st where ${allOf(steps)}) steps
      cross join unnest(${statuses}::text[]) as one(status)
      cross join lateral (
        select e.id, e.due_at, e.enrollment_id, row_number() over (order by e.due_at ${direction}, e.id ${direction}) as place
        from sequence_step_executions e where e.step_id = steps.id and e.status = one.status and ${allOf(due)}
        order by e.due_at ${direction}, e.id ${direction} limit ${lookedAt}
      ) found
    ), ending as (
      select due_at, id from read where place = ${lookedAt} order by due_at ${direction}, id ${direction} limit 1
    )
    select hits.id, ends.due_at as end_at, ends.id as end_id, (select count(*)::int from read) as looked
    from (select) as once left join ending ends on true left join lateral (
      select r.id from (select * from read order by due_at ${direction}, id ${direction} offset 0) as r left join ending f on true
      where (f.id is null or (r.due_at, r.id) ${page.order === "asc" ? sql`<=` : sql`>=`} (f.due_at, f.id))
        and exists (select from sequence_enrollments n where n.id = r.enrollment_id and n.campaign_id = ${filter.campaignId} offset 0)
      limit ${page.limit + 1}
    ) as hits on true`.execute(ctx.db);
  const ids = rows.flatMap(({ id }) => id ?? []);
  const { endAt = null, endId = null, looked = 0 } = rows[0] ?? {};
  const isWhole = ids.length > page.limit || endAt === null || endId === null;
  return { ids, stoppedAt: isWhole ? null : [endAt.getTime(), endId, (page.after?.[2] ?? 0) + 1], looked };
}

/** What is asked of executions `e`, of steps `st`, and in which states. */
function askedOf(ctx: Context, filter: ExecutionFilter, page: ExecutionPage) {
  const { sequenceId, channel, status, dueFrom, dueBefore } = filter;
  const direction = page.order === "asc" ? sql`asc` : sql`desc`;
  const due: RawBuilder<unknown>[] = [sql`e.due_at is not null`];
  if (dueFrom) due.push(sql`e.due_at >= ${dueFrom}`);
  if (dueBefore) due.push(sql`e.due_at < ${dueBefore}`);
  if (page.after) {
    const [at, id] = page.after;
    const beyond = page.order === "asc" ? sql`>` : sql`<`;
    due.push(sql`(e.due_at, e.id) ${beyond} (${new Date(at ?? 0)}::timestamptz, ${id})`);
  }
  const steps = [sql`st.workspace_id = ${ctx.workspace}`];
  if (sequenceId) steps.push(sql`st.sequence_id = ${sequenceId}`);
  if (channel) steps.push(sql`st.channel = ${channel}`);
  return { due, steps, direction, statuses: status ? [status] : [...EXECUTION_STATUSES] };
}

function chosenBy(ctx: Context, filter: ExecutionFilter, page: ExecutionPage): RawBuilder<unknown> {
  const { leadId, campaignId, status } = filter;
  const { due, steps, statuses, direction } = askedOf(ctx, filter, page);
  const ordered = (alias: RawBuilder<unknown>) =>
    sql`order by ${alias}.due_at ${direction}, ${alias}.id ${direction} limit ${page.limit + 1}`;

  if (leadId || campaignId) {
    const own = [sql`e.workspace_id = ${ctx.workspace}`, ...due, ...steps];
    if (leadId) own.push(sql`e.lead_id = ${leadId}`);
    if (campaignId) own.push(sql`n.campaign_id = ${campaignId}`);
    if (status) own.push(sql`e.status = ${status}`);
    return sql`
      select e.id from sequence_step_executions e join sequence_steps st on st.id = e.step_id
      ${campaignId ? sql`join sequence_enrollments n on n.id = e.enrollment_id` : sql``}
      where ${allOf(own)} ${ordered(sql`e`)}`;
  }
  // One ordered read of an index for each step and status, of which each stops after `limit` rows.
  return sql`
    select found.id from (select st.id from sequence_steps st where ${allOf(steps)}) steps
    cross join unnest(${statuses}::text[]) as one(status)
    cross join lateral (
      select e.id, e.due_at from sequence_step_executions e
      where e.step_id = steps.id and e.status = one.status and ${allOf(due)} ${ordered(sql`e`)}
    ) found ${ordered(sql`found`)}`;
}

/** A planned execution, locked, with all that a person's act on it is decided by. */
export type PlannedExecution = {
  id: string;
  enrollmentId: string;
  leadId: string;
  stepOrder: number;
  run: number;
  currentRun: number;
  status: ExecutionStatus;
  dueAt: Date | null;
  scheduledAt: Date | null;
  sequenceId: string;
  sequenceName: string;
  settings: Record<string, unknown>;
  enrollmentStatus: EnrollmentStatus;
  channel: Channel;
  messageStatus: string | null;
};

export async function lockPlanned(tx: Context, id: string): Promise<PlannedExecution | undefined> {
  const { rows } = await sql<PlannedExecution>`
    select e.id, e.enrollment_id, e.lead_id, e.step_order, e.run, n.run as current_run, e.status, e.due_at, e.scheduled_at,
      s.id as sequence_id, s.name as sequence_name, s.settings, n.status as enrollment_status, st.channel, m.status as message_status
    from sequence_step_executions e
    join sequence_enrollments n on n.id = e.enrollment_id
    join retention_sequences s on s.id = n.sequence_id
    join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    left join messages m on m.execution_id = e.id
    where e.workspace_id = ${tx.workspace} and e.id = ${id}
    for update of e`.execute(tx.db);
  return rows[0];
}

/** A person's decision on a planned execution; `result` is merged into what is known of it. */
export async function decideExecution(
  tx: Context,
  id: string,
  change: { status: "SKIPPED" | "SCHEDULED"; scheduledAt: Date | null; result: Record<string, unknown> },
): Promise<void> {
  const executedAt = change.status === "SKIPPED" ? tx.now() : null;
  await sql`
    update sequence_step_executions set status = ${change.status}, scheduled_at = ${change.scheduledAt}, executed_at = ${executedAt},
      remaining_ms = null, result = result || ${JSON.stringify(change.result)}::jsonb
    where id = ${id}`.execute(tx.db);
}
