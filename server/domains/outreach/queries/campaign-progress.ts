import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { EnrollmentStatus, SequenceStatus } from "../states.ts";

/** The first touch of a lead was handed over: who waited in the campaign is under way now. */
export async function markInProgress(
  tx: Context,
  touched: readonly { campaignId: string; leadId: string }[],
): Promise<void> {
  if (touched.length === 0) return;
  await sql`
    with held as (
      select cl.id from json_to_recordset(${JSON.stringify(touched)}::json) as r("campaignId" text, "leadId" text)
      join campaign_leads cl on cl.campaign_id = r."campaignId" and cl.lead_id = r."leadId"
      where cl.workspace_id = ${tx.workspace} and cl.status = 'PENDING'
      order by cl.id for update of cl
    )
    update campaign_leads cl set status = 'IN_PROGRESS' from held where cl.id = held.id`.execute(tx.db);
}

/**
 * Closes a campaign's leads whose last enrollment for it has ended: COMPLETED where one of their ways led to its end with a touch handed
 * over, to an answer or to a conversion; FAILED where none did. Whoever is closed stays as they are.
 */
export async function closeCampaignLeads(tx: Context, enrollmentIds: readonly string[]): Promise<void> {
  if (enrollmentIds.length === 0) return;
  await sql`
    with ended as (
      select distinct n.campaign_id, n.lead_id from sequence_enrollments n
      where n.workspace_id = ${tx.workspace} and n.id = any(${[...enrollmentIds]}::text[]) and n.campaign_id is not null
    ), held as (
      select cl.id, cl.status, (
        select bool_or(n.status = 'CONVERTED' or n.end_reason like 'replied%' or (n.status = 'COMPLETED' and cl.status = 'IN_PROGRESS'))
        from sequence_enrollments n where n.campaign_id = cl.campaign_id and n.lead_id = cl.lead_id
      ) as went_well
      from ended join campaign_leads cl on cl.campaign_id = ended.campaign_id and cl.lead_id = ended.lead_id
      where cl.status in ('PENDING', 'IN_PROGRESS') and not exists (
        select from sequence_enrollments o where o.campaign_id = cl.campaign_id and o.lead_id = cl.lead_id and o.status in ('ACTIVE', 'PAUSED'))
      order by cl.id for update of cl
    )
    update campaign_leads cl set status = case when held.went_well then 'COMPLETED' else 'FAILED' end, completed_at = ${tx.now()}
    from held where cl.id = held.id`.execute(tx.db);
}

export type CampaignSequence = {
  id: string;
  name: string;
  status: SequenceStatus;
  /** A trigger lets in whoever is put into the campaign. */
  isTriggered: boolean;
  enrolled: Partial<Record<EnrollmentStatus, number>>;
};

/** Sequences that leads are or were in for the campaign, and those that wait for its leads, with their people in it by status. */
export async function listCampaignSequences(ctx: Context, campaignId: string): Promise<CampaignSequence[]> {
  const { rows } = await sql<CampaignSequence>`
    with people as (
      select sequence_id, json_object_agg(status, count) as enrolled
      from (
        select sequence_id, status, count(*)::int as count from sequence_enrollments
        where workspace_id = ${ctx.workspace} and campaign_id = ${campaignId}
        group by sequence_id, status
      ) counted group by sequence_id
    )
    select s.id, s.name, s.status, w.waits as is_triggered, coalesce(p.enrolled, '{}') as enrolled
    from retention_sequences s
    left join people p on p.sequence_id = s.id
    cross join lateral (
      select s.trigger_type = 'new_lead' and coalesce(s.trigger_config->'campaigns', '[]') @> to_jsonb(${campaignId}::text) as waits) w
    where s.workspace_id = ${ctx.workspace} and (p.sequence_id is not null or w.waits)
    order by s.name, s.id`.execute(ctx.db);
  return rows;
}

export type ChannelTouches = {
  channel: Channel;
  /** Written and not yet taken by the vendor, or nobody knows. */
  underway: number;
  sent: number;
  delivered: number;
  failed: number;
  replied: number;
};

/** What became of a campaign's messages, by channel. What was delivered was sent too. */
export async function countCampaignTouches(ctx: Context, campaignId: string): Promise<ChannelTouches[]> {
  const { rows } = await sql<ChannelTouches>`
    select m.channel,
      (count(*) filter (where m.status in ('queued', 'sending', 'unknown')))::int as underway,
      (count(*) filter (where m.status in ('sent', 'delivered')))::int as sent,
      (count(*) filter (where m.status = 'delivered'))::int as delivered,
      (count(*) filter (where m.status = 'failed'))::int as failed,
      count(e.replied_at)::int as replied
    from messages m left join sequence_step_executions e on e.id = m.execution_id
    where m.workspace_id = ${ctx.workspace} and m.campaign_id = ${campaignId} and m.direction = 'outbound'
    group by m.channel order by m.channel`.execute(ctx.db);
  return rows;
}
