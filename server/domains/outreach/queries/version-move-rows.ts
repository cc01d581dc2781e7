import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Inside } from "../version-move.ts";

/** Somebody under way in an older version. */
export type InsideRow = Inside & {
  id: string;
  leadId: string;
  status: "ACTIVE" | "PAUSED";
  run: number;
  pausedAt: Date | null;
  executionId: string | null;
  scheduledAt: Date | null;
  /** The time of the planned step that a person chose, if one did. */
  isChosen: boolean;
};

export type InsidePlace = { enrolledAt: Date; id: string };

/**
 * Locks everybody under way in a sequence with what is planned for them: planned steps before their enrollments, as everywhere. The caller holds
 * the sequence, so that nothing of it is claimed meanwhile.
 */
export async function lockInside(tx: Context, sequenceId: string): Promise<void> {
  const inside = sql`n.workspace_id = ${tx.workspace} and n.sequence_id = ${sequenceId} and n.status in ('ACTIVE', 'PAUSED')`;
  await sql`
    select count(*) from (
      select e.id from sequence_enrollments n join sequence_step_executions e on e.enrollment_id = n.id and e.run = n.run
      where ${inside} and e.status in ('PENDING', 'SCHEDULED')
      order by e.id for update of e
    ) planned`.execute(tx.db);
  await sql`
    select count(*) from (select n.id from sequence_enrollments n where ${inside} order by n.id for update) held`.execute(
    tx.db,
  );
}

/** People of one version in the order in which they came, those behind `after`; at most `limit`. */
export async function listInside(
  ctx: Context,
  asked: { versionId: string; status: "ACTIVE" | "PAUSED"; after: InsidePlace | null; limit: number },
): Promise<InsideRow[]> {
  const { versionId, status, after, limit } = asked;
  const behind = after ? sql`and (n.enrolled_at, n.id) > (${after.enrolledAt}::timestamptz, ${after.id})` : sql``;
  const { rows } = await sql<Omit<InsideRow, "waiting"> & { stepId: string | null; dueAt: Date | null }>`
    with page as materialized (
      select n.* from sequence_enrollments n
      where n.workspace_id = ${ctx.workspace} and n.version_id = ${versionId} and n.status = ${status} ${behind}
      order by n.enrolled_at, n.id limit ${limit}
    )
    select n.id, n.lead_id, n.status, n.run, n.enrolled_at, n.paused_at, coalesce(d.done_order, -1) as done_order, d.done_at, coalesce(d.had, '{}') as had,
      w.id as execution_id, w.step_id, w.due_at, w.scheduled_at, coalesce(w.result -> 'moved' ->> 'to' is not null, false) as is_chosen
    from page n
    left join lateral (
      select max(e.step_order) as done_order, max(e.executed_at) as done_at, array_agg(e.step_id) as had
      from sequence_step_executions e
      where e.enrollment_id = n.id and e.run = n.run
        -- What is written is about to be handed over: it counts as reached.
        and (e.executed_at is not null or exists (select from messages m where m.execution_id = e.id))
    ) d on true
    left join lateral (
      select e.* from sequence_step_executions e
      where e.enrollment_id = n.id and e.run = n.run and e.status in ('PENDING', 'SCHEDULED') and e.executed_at is null
        and not exists (select from messages m where m.execution_id = e.id)
      order by e.step_order limit 1
    ) w on true
    order by n.enrolled_at, n.id`.execute(ctx.db);
  return rows.map(({ stepId, dueAt, ...row }) => ({ ...row, waiting: stepId === null ? null : { stepId, dueAt } }));
}

/** One person who goes over. `currentStep`: how far they have come, in orders of the new version. */
export type Crossed = { id: string; run: number; currentStep: number };

/** Pins people to another version; what they have done keeps the version it was done by, and takes its place in the new order. */
export async function moveToVersion(tx: Context, versionId: string, crossed: readonly Crossed[]): Promise<void> {
  if (crossed.length === 0) return;
  const rows = sql`json_to_recordset(${JSON.stringify(crossed)}::json) as r(id text, run int, "currentStep" int)`;
  await sql`
    update sequence_enrollments n set version_id = ${versionId}, current_step = r."currentStep" from ${rows} where n.id = r.id`.execute(
    tx.db,
  );
  await sql`
    update sequence_step_executions e set step_order = least(st.step_order, r."currentStep" - 1)
    from ${rows} cross join sequence_version_steps st
    where e.enrollment_id = r.id and e.run = r.run and st.version_id = ${versionId} and st.step_id = e.step_id
      and (e.executed_at is not null or exists (select from messages m where m.execution_id = e.id))
      and e.step_order <> least(st.step_order, r."currentStep" - 1)`.execute(tx.db);
  await sql`
    update sequence_step_executions e set version_id = ${versionId}, step_order = st.step_order
    from ${rows} cross join sequence_version_steps st
    where e.enrollment_id = r.id and e.run = r.run and st.version_id = ${versionId} and st.step_id = e.step_id
      and e.status in ('PENDING', 'SCHEDULED') and e.executed_at is null
      and not exists (select from messages m where m.execution_id = e.id)`.execute(tx.db);
}

/** The planned step of one person, planned anew: the same row, so that there is one of it. While paused, with what is left of the wait. */
export type Replanned = {
  id: string;
  stepId: string;
  stepOrder: number;
  dueAt: Date;
  scheduledAt: Date | null;
  remainingMs: number | null;
  /** It is another step now: what was known of the former is no part of it. */
  isOther: boolean;
};

export async function replanWaiting(tx: Context, versionId: string, replanned: readonly Replanned[]): Promise<void> {
  if (replanned.length === 0) return;
  await sql`
    update sequence_step_executions e set version_id = ${versionId}, step_id = r."stepId", step_order = r."stepOrder", due_at = r."dueAt",
      scheduled_at = r."scheduledAt", remaining_ms = r."remainingMs",
      result = case when r."isOther" then '{}' else e.result end, verdict = case when r."isOther" then '{}' else e.verdict end
    from json_to_recordset(${JSON.stringify(replanned)}::json) as r(
      id text, "stepId" text, "stepOrder" int, "dueAt" timestamptz, "scheduledAt" timestamptz, "remainingMs" bigint, "isOther" boolean)
    where e.id = r.id`.execute(tx.db);
}

/** What was planned and is no part of the new version any more. */
export async function skipTakenOut(
  tx: Context,
  versionId: string,
  ids: readonly string[],
  reason: string,
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update sequence_step_executions e set status = 'SKIPPED', version_id = ${versionId}, scheduled_at = null, remaining_ms = null,
      executed_at = ${tx.now()}, result = e.result || ${JSON.stringify({ reason })}::jsonb
    where e.id = any(${[...ids]}::text[])`.execute(tx.db);
}
