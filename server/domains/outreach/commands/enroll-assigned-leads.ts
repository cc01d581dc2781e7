import type { Context } from "#platform/context.ts";
import { listCampaignStatuses } from "../queries/campaign-rows.ts";
import { listWaitingSequences } from "../queries/sequence-rows.ts";
import { newLeadTriggerSchema } from "../trigger-config.ts";
import { enrollLeads } from "./enroll-leads.ts";

/**
 * The new_lead trigger with campaigns: leads that were just put into one enter every active sequence that waits for it, as leads of that
 * campaign. The job was queued with the assignment, in one transaction; whoever was taken out again before it ran is left alone, and for whoever was merged
 * into another the survivor comes.
 */
export async function enrollAssignedLeads(
  ctx: Context,
  { items }: { items: readonly { campaignId: string; leadId: string }[] },
): Promise<void> {
  const sequences = await listWaitingSequences(ctx, "new_lead");
  const statuses = await listCampaignStatuses(ctx, [...new Set(items.map(({ campaignId }) => campaignId))]);
  for (const { id: sequenceId, triggerConfig } of sequences) {
    const { campaigns } = newLeadTriggerSchema.parse(triggerConfig);
    for (const [campaignId, status] of statuses) {
      if (!campaigns.includes(campaignId) || status === "COMPLETED") continue;
      const leadIds = items.filter((item) => item.campaignId === campaignId).map(({ leadId }) => leadId);
      await enrollLeads(ctx, { sequenceId, leadIds, campaignId, by: "trigger", onlyInside: true });
    }
  }
}
