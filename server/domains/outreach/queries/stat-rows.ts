import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel, EngagementFact } from "#domains/messaging/index.ts";

/** What became of a step's touches, over all runs. What was delivered was sent; what bounced counts as failed. */
export type StepStats = {
  stepId: string;
  stepOrder: number;
  channel: Channel;
  scriptId: string | null;
  scriptName: string | null;
  isActive: boolean;
  planned: number;
  sent: number;
  delivered: number;
  failed: number;
  skipped: number;
  replied: number;
};

/** Every step of a sequence's newest version, which has those of all earlier ones, in order; of its draft before there is one. One statement. */
export async function countSteps(ctx: Context, sequenceId: string): Promise<StepStats[]> {
  const { rows } = await sql<StepStats>`
    with newest as (select id from sequence_versions where workspace_id = ${ctx.workspace} and sequence_id = ${sequenceId} order by number desc limit 1),
    st as (
      select c.step_id as id, c.step_order, c.channel, c.script_id, c.is_active from newest join sequence_version_steps c on c.version_id = newest.id
      union all
      select d.id, d.step_order, d.channel, d.script_id, d.is_active from sequence_steps d
      where d.workspace_id = ${ctx.workspace} and d.sequence_id = ${sequenceId} and not exists (select from newest)
    )
    select st.id as step_id, st.step_order, st.channel, st.script_id, sc.name as script_name, st.is_active,
      coalesce(x.planned, 0) as planned, coalesce(x.sent, 0) as sent, coalesce(x.delivered, 0) as delivered,
      coalesce(x.failed, 0) as failed, coalesce(x.skipped, 0) as skipped, coalesce(x.replied, 0) as replied
    from st
    left join scripts sc on sc.id = st.script_id
    left join lateral (
      select (count(*) filter (where e.status in ('PENDING', 'SCHEDULED')))::int as planned,
        (count(*) filter (where e.status in ('SENT', 'DELIVERED')))::int as sent,
        (count(*) filter (where e.status = 'DELIVERED'))::int as delivered,
        (count(*) filter (where e.status = 'FAILED'))::int as failed,
        (count(*) filter (where e.status = 'SKIPPED'))::int as skipped,
        count(e.replied_at)::int as replied
      from sequence_step_executions e where e.step_id = st.id
    ) x on true
    order by st.step_order`.execute(ctx.db);
  return rows;
}

/**
 * How far people came, each counted once: who entered, was sent something, answered, converted, or left before the end without either.
 */
export type Funnel = { entered: number; executed: number; responded: number; converted: number; dropped: number };

/** A sequence's funnel in one statement. */
export async function countFunnel(ctx: Context, sequenceId: string): Promise<Funnel> {
  const { rows } = await sql<Funnel>`
    select count(*)::int as entered,
      (count(*) filter (where x.was_sent))::int as executed,
      (count(*) filter (where x.has_replied))::int as responded,
      (count(*) filter (where n.status = 'CONVERTED'))::int as converted,
      (count(*) filter (where n.status = 'CANCELLED' and x.has_replied is not true))::int as dropped
    from sequence_enrollments n
    left join (
      select e.enrollment_id, true as was_sent, bool_or(e.replied_at is not null) as has_replied
      from sequence_steps st join sequence_step_executions e on e.step_id = st.id and e.status in ('SENT', 'DELIVERED')
      where st.sequence_id = ${sequenceId}
      group by e.enrollment_id
    ) x on x.enrollment_id = n.id
    where n.workspace_id = ${ctx.workspace} and n.sequence_id = ${sequenceId}`.execute(ctx.db);
  return rows[0] ?? { entered: 0, executed: 0, responded: 0, converted: 0, dropped: 0 };
}

/** Keeps on which channel came the reply that ended these enrollments. */
export async function noteReplyChannel(tx: Context, enrollmentIds: readonly string[], channel: Channel): Promise<void> {
  if (enrollmentIds.length === 0) return;
  await sql`
    update sequence_enrollments set meta = meta || jsonb_build_object('repliedOn', ${channel}::text)
    where workspace_id = ${tx.workspace} and id = any(${[...enrollmentIds]}::text[])`.execute(tx.db);
}

/** Notes on touches when they were first opened and clicked by a person, as document 004 has it: `openedAt`, `clickedAt`. */
export async function noteEngagements(tx: Context, facts: readonly EngagementFact[]): Promise<void> {
  const own = facts.flatMap(({ executionId, openedAt, clickedAt }) =>
    executionId ? [{ executionId, openedAt, clickedAt }] : [],
  );
  if (own.length === 0) return;
  await sql`
    update sequence_step_executions e set result = e.result || jsonb_build_object('openedAt', r."openedAt", 'clickedAt', r."clickedAt")
    from json_to_recordset(${JSON.stringify(own)}::json) as r("executionId" text, "openedAt" text, "clickedAt" text)
    where e.workspace_id = ${tx.workspace} and e.id = r."executionId"`.execute(tx.db);
}

/**
 * Notes on one touch of each lead that it has answered: the one whose thread the answer continues, else the last that went out before. The first
 * answer stays. No two answers of one lead.
 */
export async function markReplied(
  tx: Context,
  answers: readonly { leadId: string; messageId: string; at: Date }[],
): Promise<void> {
  if (answers.length === 0) return;
  await sql`
    update sequence_step_executions x set replied_at = answered.at
    from json_to_recordset(${JSON.stringify(answers)}::json) as answered("leadId" text, "messageId" text, at timestamptz)
    cross join lateral (
      select e.id from sequence_step_executions e
      left join messages own on own.execution_id = e.id
      where e.workspace_id = ${tx.workspace} and e.lead_id = answered."leadId" and e.status in ('SENT', 'DELIVERED') and e.executed_at <= answered.at
      order by coalesce(own.id = (
        select substring(i.in_reply_to from 'msg_[0-9a-z]{26}') from messages i where i.id = answered."messageId"), false) desc,
        e.executed_at desc, e.id desc
      limit 1) touch
    where x.id = touch.id and x.replied_at is null`.execute(tx.db);
}
