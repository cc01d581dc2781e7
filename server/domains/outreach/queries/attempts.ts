import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { CHANNELS, type Channel } from "#domains/messaging/index.ts";

export type AttemptRow = {
  id: string;
  leadId: string;
  firstName: string;
  lastName: string;
  campaignId: string | null;
  campaignName: string | null;
  sequenceId: string | null;
  sequenceName: string | null;
  executionId: string | null;
  messageId: string | null;
  channel: Channel;
  status: "PENDING" | "IN_PROGRESS" | "SUCCESS" | "NO_ANSWER" | "FAILED" | "UNKNOWN";
  scriptId: string | null;
  scriptName: string | null;
  provider: string | null;
  providerRef: string | null;
  startedAt: Date;
  handedAt: Date | null;
  completedAt: Date | null;
  duration: number | null;
  costMicros: number | null;
  result: string | null;
  isTouch: boolean;
};

export type AttemptFilter = {
  campaignId?: string;
  leadId?: string;
  channel?: Channel;
  status?: AttemptRow["status"];
  startedFrom?: Date;
  startedBefore?: Date;
};

/** Newest first; one row more than asked when there are more. */
export async function listAttempts(
  ctx: Context,
  filter: AttemptFilter,
  page: { limit: number; after?: Cursor },
): Promise<AttemptRow[]> {
  const { campaignId, leadId, channel, status, startedFrom, startedBefore } = filter;
  const conditions: RawBuilder<unknown>[] = [sql`a.workspace_id = ${ctx.workspace}`];
  if (campaignId) conditions.push(sql`a.campaign_id = ${campaignId}`);
  if (leadId) conditions.push(sql`a.lead_id = ${leadId}`);
  if (status) conditions.push(sql`a.status = ${status}`);
  if (startedFrom) conditions.push(sql`a.started_at >= ${startedFrom}`);
  if (startedBefore) conditions.push(sql`a.started_at < ${startedBefore}`);
  if (page.after)
    conditions.push(sql`(a.started_at, a.id) < (${new Date(page.after[0] ?? 0)}::timestamptz, ${page.after[1]})`);
  const branch = (own: RawBuilder<unknown>[]) => sql`(
    select a.* from contact_attempts a where ${sql.join([...conditions, ...own], sql` and `)}
    order by a.started_at desc, a.id desc limit ${page.limit + 1})`;
  // The indexes are ordered within a channel, a channel and status, a campaign or a lead: of all attempts, each channel is read by itself. A rare
  // status of a campaign or a lead is looked for among all of theirs.
  const isNarrow = campaignId ?? leadId;
  const branches = channel
    ? [branch([sql`a.channel = ${channel}`])]
    : isNarrow
      ? [branch([])]
      : CHANNELS.map((one) => branch([sql`a.channel = ${one}`]));
  const { rows } = await sql<AttemptRow>`
    with page as materialized (
      select * from (${sql.join(branches, sql` union all `)}) found order by started_at desc, id desc limit ${page.limit + 1}
    )
    select a.id, a.lead_id, l.first_name, l.last_name, a.campaign_id, c.name as campaign_name, n.sequence_id, s.name as sequence_name,
      m.execution_id, m.id as message_id, a.channel, a.status, a.script_id, sc.name as script_name, a.provider, a.provider_ref,
      a.started_at, a.handed_at, a.completed_at, a.duration, a.cost_micros, a.result, a.is_touch
    from page a
    join leads l on l.id = a.lead_id
    left join campaigns c on c.id = a.campaign_id
    left join scripts sc on sc.id = a.script_id
    left join messages m on m.contact_attempt_id = a.id
    left join sequence_step_executions e on e.id = m.execution_id
    left join sequence_enrollments n on n.id = e.enrollment_id
    left join retention_sequences s on s.id = n.sequence_id
    order by a.started_at desc, a.id desc`.execute(ctx.db);
  return rows;
}
