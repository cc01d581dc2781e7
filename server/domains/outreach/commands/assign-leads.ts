import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { putIntoCampaign } from "../engine/put-into-campaign.ts";
import { campaignChanged } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { deleteCampaignLeads, isFull, lockCampaign } from "../queries/campaign-rows.ts";

/** Who came in, and whether the campaign takes in nobody more. */
export type Assigned = { added: string[]; isFull: boolean };

/**
 * Puts leads into a campaign, as many as it has room for; who is in it stays as they are. Throws CampaignNotFound, CampaignNotInState.
 */
export async function assignLeads(ctx: Context, campaignId: string, leadIds: readonly string[]): Promise<Assigned> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    const { name, status } = campaign;
    if (status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");
    const added = await putIntoCampaign(tx, campaign, [...new Set(leadIds)]);
    if (added.length > 0) await emit(tx, campaignChanged, { campaignId, name, status }, { subjectId: campaignId });
    return { added, isFull: await isFull(tx, campaign) };
  });
}

/** Takes leads out of a campaign and returns those that were in it; enrollments go on. Throws CampaignNotFound. */
export async function removeLeads(ctx: Context, campaignId: string, leadIds: readonly string[]): Promise<string[]> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    const { name, status } = campaign;
    const removed = await deleteCampaignLeads(tx, campaignId, leadIds);
    if (removed.length > 0) await emit(tx, campaignChanged, { campaignId, name, status }, { subjectId: campaignId });
    return removed;
  });
}
