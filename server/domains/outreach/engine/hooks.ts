import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { listColleagues, lockLeads } from "#domains/leads/index.ts";
import type { DeliveryFact, InboundNotice, MessagingHooks, OptOutNotice, SendTerms } from "#domains/messaging/index.ts";
import { markInProgress } from "../queries/campaign-progress.ts";
import { listCompanySequences, listOpenIn } from "../queries/company-stops.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { type ConditionAsk, judgeConditions } from "./condition-facts.ts";
import { markReplied, noteEngagements, noteReplyChannel } from "../queries/stat-rows.ts";
import { onDelivery } from "./delivery-hook.ts";
import { end } from "./end.ts";
import { endsBy, isReply } from "./stop-rules.ts";
import { type Standing, rulingsOf, settingsOf } from "./terms.ts";

/**
 * Who answers, answers for their organisation where a sequence says so: everybody of it who is in one of those sequences leaves, whether the one
 * who answered is still inside or has come to the end.
 */
async function stopColleagues(tx: Context, leadIds: readonly string[]): Promise<void> {
  for (const [leadId, sequences] of await listCompanySequences(tx, leadIds)) {
    const colleagues = await listOpenIn(tx, sequences, await listColleagues(tx, leadId));
    await lockLeads(tx, [...new Set(colleagues.map((one) => one.leadId))], { wait: true });
    await end(tx, await lockOpenEnrollments(tx, { ids: colleagues.map(({ id }) => id) }), "a colleague replied");
  }
}

/** A reply is noted on the touch that it answers, and stops the sequences that stop on reply; an automatic answer (out of office) does neither. */
async function onInbound(tx: Context, notices: readonly InboundNotice[]): Promise<void> {
  const replies = new Map(
    notices.flatMap(({ leadId, reading, ...notice }) =>
      leadId === null || !isReply(reading) ? [] : [[leadId, notice] as const],
    ),
  );
  const leadIds = [...replies.keys()];
  if (leadIds.length === 0) return;
  // Waits for a sender that is deciding about one of these leads, so that what it has queued is cancelled below.
  await lockLeads(tx, leadIds, { wait: true });
  await markReplied(
    tx,
    [...replies].map(([leadId, { messageId, at }]) => ({ leadId, messageId, at })),
  );
  const open = await lockOpenEnrollments(tx, { leadIds });
  const stopped = open.filter(({ settings }) => endsBy("replied", settingsOf(settings)));
  await end(tx, stopped, "replied");
  for (const [channel, those] of Map.groupBy(stopped, ({ leadId }) => replies.get(leadId)?.channel))
    if (channel !== undefined)
      await noteReplyChannel(
        tx,
        those.map(({ id }) => id),
        channel,
      );
  await stopColleagues(tx, leadIds);
}

/** Who said no leaves every sequence. */
async function onOptOut(tx: Context, notices: readonly OptOutNotice[]): Promise<void> {
  for (const { leadIds, reason } of notices)
    await end(tx, await lockOpenEnrollments(tx, { leadIds }), "opted out", reason);
}

type QueuedStanding = Standing &
  Omit<ConditionAsk, "key"> & { id: string; settings: Record<string, unknown>; priority: number };

async function sendTerms(tx: Context, executionIds: string[]): Promise<Map<string, SendTerms>> {
  const { rows } = await sql<QueuedStanding>`
    select e.id, e.priority, e.enrollment_id as "enrollmentId", e.run, e.version_id as "versionId", e.lead_id as "leadId", s.settings, s.status as "sequenceStatus",
      n.status as "enrollmentStatus", n.enrolled_at as "enrolledAt", c.status as "campaignStatus", c.start_date as "campaignStart",
      c.end_date as "campaignEnd", c.channels as "campaignChannels", st.channel, st.is_active as "stepIsActive", st.conditions
    from sequence_step_executions e
    join sequence_enrollments n on n.id = e.enrollment_id
    join retention_sequences s on s.id = n.sequence_id
    join sequence_version_steps st on st.version_id = e.version_id and st.step_id = e.step_id
    left join campaigns c on c.id = n.campaign_id
    where e.workspace_id = ${tx.workspace} and e.id = any(${executionIds})
    -- Whoever changes a sequence waits for its messages next: he who has these must not wait for him.
    for share of s skip locked`.execute(tx.db);
  const conditions = await judgeConditions(
    tx,
    rows.map((row) => ({ ...row, key: row.id })),
  );
  return new Map(
    rows.map((row) => {
      const settings = settingsOf(row.settings);
      return [
        row.id,
        {
          extra: rulingsOf(row, tx.now(), conditions.get(row.id)),
          window: settings.sendWindow ?? null,
          allowStatuses: settings.allowStatuses ?? null,
          priority: row.priority,
        },
      ];
    }),
  );
}

const handedOver = ({ kind, campaignId, leadId }: DeliveryFact) =>
  campaignId && leadId && (kind === "accepted" || kind === "delivered") ? [{ campaignId, leadId }] : [];

export const outreachHooks: MessagingHooks = {
  name: "outreach",
  sendTerms,
  delivery: async (tx, facts) => {
    await markInProgress(tx, facts.flatMap(handedOver));
    await onDelivery(tx, facts);
  },
  engagement: noteEngagements,
  inbound: onInbound,
  optOut: onOptOut,
};
