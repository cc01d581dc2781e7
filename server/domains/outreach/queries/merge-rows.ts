import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { putBack } from "#platform/database/put-back.ts";
import type { EnrollmentStatus } from "../states.ts";

export type MergedEnrollment = {
  id: string;
  leadId: string;
  sequenceId: string;
  status: EnrollmentStatus;
  currentStep: number;
  run: number;
  endReason: string | null;
  enrolledAt: Date;
  /** Of its sequence. */
  settings: Record<string, unknown>;
  /** The row as the database writes it: put back as it was when the merge is undone. */
  row: Record<string, unknown>;
};

export async function lockEnrollmentsOf(tx: Context, leadIds: readonly string[]): Promise<MergedEnrollment[]> {
  const { rows } = await sql<MergedEnrollment>`
    select n.id, n.lead_id, n.sequence_id, n.status, n.current_step, n.run, n.end_reason, n.enrolled_at, s.settings, to_jsonb(n) as row
    from sequence_enrollments n join retention_sequences s on s.id = n.sequence_id
    where n.workspace_id = ${tx.workspace} and n.lead_id = any(${[...leadIds]}::text[])
    order by n.id for update of n`.execute(tx.db);
  return rows;
}

/** Gives enrollments, with all their executions, to another lead. Those that are gone meanwhile are passed over. */
export async function giveEnrollments(tx: Context, ids: readonly string[], leadId: string): Promise<void> {
  if (ids.length === 0) return;
  const list = sql`any(${[...ids]}::text[])`;
  await sql`update sequence_step_executions set lead_id = ${leadId} where enrollment_id = ${list}`.execute(tx.db);
  await sql`update sequence_enrollments set lead_id = ${leadId} where id = ${list}`.execute(tx.db);
}

/** Far beyond any run: numbers are moved out of each other's way in two steps, since the key is checked row by row. */
const OUT_OF_THE_WAY = 1_000_000;

/** Counts an enrollment's runs from further on (or, negative, from further back). */
export async function shiftRuns(tx: Context, enrollmentId: string, above: number, by: number): Promise<void> {
  await sql`
    update sequence_step_executions set run = run + ${OUT_OF_THE_WAY + by}
    where enrollment_id = ${enrollmentId} and run > ${above}`.execute(tx.db);
  await sql`
    update sequence_step_executions set run = run - ${OUT_OF_THE_WAY}
    where enrollment_id = ${enrollmentId} and run > ${OUT_OF_THE_WAY}`.execute(tx.db);
  await sql`update sequence_enrollments set run = run + ${by} where id = ${enrollmentId}`.execute(tx.db);
}

/** How an execution stood before the merge; `remainingMs` says that it was paused, with so much of its delay left. */
export type MovedExecution = {
  id: string;
  status: string;
  scheduledAt: string | null;
  remainingMs: string | null;
  /** The merge skipped it. */
  wasPlanned: boolean;
};

/** Makes all executions of one enrollment another's; what was planned, and is not with a vendor, is skipped. Answers how they stood. */
export async function absorbExecutions(
  tx: Context,
  from: string,
  to: { enrollmentId: string; leadId: string },
  reason: string,
): Promise<MovedExecution[]> {
  const { rows } = await sql<MovedExecution>`
    with before as (
      select id, status, scheduled_at, remaining_ms, status in ('PENDING', 'SCHEDULED') and not exists (
        select from messages m where m.execution_id = x.id and m.status in ('sending', 'sent', 'delivered', 'unknown')) as planned
      from sequence_step_executions x where enrollment_id = ${from} for update
    )
    update sequence_step_executions e set enrollment_id = ${to.enrollmentId}, lead_id = ${to.leadId},
      status = case when b.planned then 'SKIPPED' else e.status end,
      executed_at = case when b.planned then ${tx.now()}::timestamptz else e.executed_at end,
      scheduled_at = case when b.planned then null else e.scheduled_at end,
      result = case when b.planned then e.result || ${JSON.stringify({ reason })}::jsonb else e.result end
    from before b where e.id = b.id
    returning e.id, b.status, b.scheduled_at::text as "scheduledAt", b.remaining_ms::text as "remainingMs", b.planned as "wasPlanned"`.execute(
    tx.db,
  );
  return rows;
}

/**
 * The other way: those that are still there go back, with whatever has come to their runs, and what the merge skipped is planned as it was; where its time has passed, with
 * the wait that was left at the merge, as after a pause. A touch that was with the queue then was cancelled and stays skipped: one step of one run is one message, ever.
 */
export async function releaseExecutions(
  tx: Context,
  executions: readonly MovedExecution[],
  from: { enrollmentId: string; runs: number },
  to: { enrollmentId: string; leadId: string },
  mergedAt: Date,
): Promise<void> {
  await sql`
    update sequence_step_executions e set enrollment_id = ${to.enrollmentId}, lead_id = ${to.leadId}
    where e.id = any(${executions.map(({ id }) => id)}::text[]) or e.enrollment_id = ${from.enrollmentId} and e.run <= ${from.runs}`.execute(
    tx.db,
  );
  const planned = executions.filter(({ wasPlanned }) => wasPlanned);
  await sql`
    update sequence_step_executions e set status = r.status, executed_at = null, result = e.result - 'reason', remaining_ms = r."remainingMs",
      scheduled_at = case when late.has_passed then late.anew else r."scheduledAt" end,
      due_at = case when late.has_passed then late.anew else e.due_at end
    from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) as r(id text, status text, "scheduledAt" timestamptz, "remainingMs" bigint)
    cross join lateral (
      select r."scheduledAt" < ${tx.now()}::timestamptz and ${mergedAt}::timestamptz < ${tx.now()}::timestamptz as has_passed,
        ${tx.now()}::timestamptz + greatest(interval '0', r."scheduledAt" - ${mergedAt}::timestamptz) as anew) late
    where e.id = r.id and e.status = 'SKIPPED' and not exists (select from messages m where m.execution_id = e.id)`.execute(
    tx.db,
  );
}

/** Unless their sequence is gone; where only their campaign is, they stand without one. Kept from before there were versions, they are in the first: it was made of the steps as they stood then. */
export async function restoreEnrollments(tx: Context, rows: readonly Record<string, unknown>[]): Promise<void> {
  const old = rows.flatMap((row) => (row["version_id"] === undefined ? String(row["sequence_id"]) : []));
  const first = old.length === 0 ? new Map<string, string>() : await firstVersions(tx, old);
  const campaigns = await holdSurroundings(tx, rows);
  await putBack(
    tx,
    "sequence_enrollments",
    rows.map((row) => ({
      version_id: first.get(String(row["sequence_id"])),
      ...row,
      campaign_id: campaigns.has(String(row["campaign_id"])) ? row["campaign_id"] : null,
    })),
    sql`exists (select from retention_sequences o where o.id = r.sequence_id)`,
  );
}

/** Their sequences and campaigns do not pause, go on or end until the transaction is over. Answers the ids of the campaigns that are there. */
export async function holdSurroundings(tx: Context, rows: readonly Record<string, unknown>[]): Promise<Set<string>> {
  const idsIn = (column: string) => rows.flatMap((row) => (typeof row[column] === "string" ? [row[column]] : []));
  await sql`
    select from retention_sequences where id = any(${idsIn("sequence_id")}::text[]) order by id for share`.execute(
    tx.db,
  );
  const { rows: held } = await sql<{ id: string }>`
    select id from campaigns where id = any(${idsIn("campaign_id")}::text[]) order by id for share`.execute(tx.db);
  return new Set(held.map(({ id }) => id));
}

async function firstVersions(ctx: Context, sequenceIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom("sequenceVersions")
    .select(["id", "sequenceId"])
    .where("workspaceId", "=", ctx.workspace)
    .where("sequenceId", "in", sequenceIds)
    .where("number", "=", 1)
    .execute();
  return new Map(rows.map(({ id, sequenceId }) => [sequenceId, id]));
}

/** Unless their campaign is gone, or has given their place to somebody else meanwhile, or what put them in was undone: they go as they would have then. */
export async function restoreCampaignLeads(tx: Context, rows: readonly Record<string, unknown>[]): Promise<void> {
  // The campaign before its places, as whoever comes in holds them; the places are kept until the transaction ends.
  await sql`
    select pg_advisory_xact_lock(hashtextextended('campaign ' || id, 0))
    from (select id from campaigns where max_leads is not null
      and id in (select r.campaign_id from jsonb_populate_recordset(null::campaign_leads, ${JSON.stringify(rows)}::jsonb) r) order by id for share) limited`.execute(
    tx.db,
  );
  await putBack(
    tx,
    "campaign_leads",
    rows,
    sql`exists (select from campaigns o where o.id = r.campaign_id
      and (o.max_leads is null or (select count(*) from campaign_leads taken where taken.campaign_id = o.id) < o.max_leads))
      and not exists (select from bulk_assignments b where b.id = r.bulk_assignment_id and b.undone_at is not null and r.status = 'PENDING'
        and not exists (select from sequence_enrollments n where n.lead_id = r.lead_id and n.campaign_id = r.campaign_id
          and (n.status in ('ACTIVE', 'PAUSED') or n.enrolled_at >= r.assigned_at)))`,
  );
}

export async function deleteEnrollment(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("sequenceEnrollments").where("id", "=", id).execute();
}

/** A place that a bulk assignment gave, which is somebody's of their own too. */
export type Freed = { id: string; bulkAssignmentId: string };

/**
 * Campaigns of the other become the survivor's. Answers the ids that moved, and the rows of campaigns that both were in. Whom nobody but a bulk
 * assignment put in goes with its undo; who became one with somebody that came in otherwise does not.
 */
export async function mergeCampaignLeads(
  tx: Context,
  survivorId: string,
  otherId: string,
): Promise<{ moved: string[]; dropped: Record<string, unknown>[]; freed: Freed[] }> {
  const freed = await sql<Freed>`
    with both_in as (
      select s.id, s.bulk_assignment_id from campaign_leads s join campaign_leads o on o.campaign_id = s.campaign_id
      where s.lead_id = ${survivorId} and o.lead_id = ${otherId} and s.bulk_assignment_id is not null and o.bulk_assignment_id is null)
    update campaign_leads c set bulk_assignment_id = null from both_in where c.id = both_in.id
    returning c.id, both_in.bulk_assignment_id as "bulkAssignmentId"`.execute(tx.db);
  const dropped = await sql<{ row: Record<string, unknown> }>`
    delete from campaign_leads o using campaign_leads s
    where o.lead_id = ${otherId} and s.lead_id = ${survivorId} and s.campaign_id = o.campaign_id
    returning to_jsonb(o) as row`.execute(tx.db);
  const moved = await sql<{ id: string }>`
    update campaign_leads set lead_id = ${survivorId} where lead_id = ${otherId} returning id`.execute(tx.db);
  return {
    moved: moved.rows.map(({ id }) => id),
    dropped: dropped.rows.map(({ row }) => row),
    freed: freed.rows,
  };
}

export async function giveCampaignLeads(tx: Context, ids: readonly string[], leadId: string): Promise<void> {
  if (ids.length === 0) return;
  await sql`update campaign_leads set lead_id = ${leadId} where id = any(${[...ids]}::text[])`.execute(tx.db);
}

/** The other way: what a bulk assignment gave is its own again. */
export async function bindCampaignLeads(tx: Context, freed: readonly Freed[]): Promise<void> {
  if (freed.length === 0) return;
  await sql`
    update campaign_leads c set bulk_assignment_id = b.id
    from jsonb_to_recordset(${JSON.stringify(freed)}::jsonb) as r(id text, "bulkAssignmentId" text)
    join bulk_assignments b on b.id = r."bulkAssignmentId"
    where c.id = r.id and c.bulk_assignment_id is null`.execute(tx.db);
}

export async function countOutreachOf(ctx: Context, leadId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ enrollments: number; executions: number; campaigns: number }>`
    select (select count(*)::int from sequence_enrollments where lead_id = ${leadId}) as enrollments,
      (select count(*)::int from sequence_step_executions where workspace_id = ${ctx.workspace} and lead_id = ${leadId}) as executions,
      (select count(*)::int from campaign_leads where lead_id = ${leadId}) as campaigns`.execute(ctx.db);
  const [counts] = rows;
  return {
    sequence_enrollments: counts?.enrollments ?? 0,
    sequence_step_executions: counts?.executions ?? 0,
    campaign_leads: counts?.campaigns ?? 0,
  };
}
