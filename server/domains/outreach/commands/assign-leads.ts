import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { bringIntoCampaign } from "../engine/put-into-campaign.ts";
import type { Refused } from "../campaign-entry.ts";
import { campaignChanged } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { deleteCampaignLeads, isFull, lockCampaign } from "../queries/campaign-rows.ts";

/** Who came in, who is left out for which reason, and whether the campaign takes in nobody more. */
export type Assigned = { added: string[]; refused: Refused[]; isFull: boolean };

/**
 * Puts leads into a campaign, as many as it has room for; who is in it stays as they are. Who was erased, or can be reached over no channel of it
 * because their addresses are closed, is left out. Throws CampaignNotFound, CampaignNotInState.
 */
export async function assignLeads(ctx: Context, campaignId: string, leadIds: readonly string[]): Promise<Assigned> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    const { name, status } = campaign;
    if (status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");
    const { added, refused } = await bringIntoCampaign(tx, campaign, [...new Set(leadIds)]);
    if (added.length > 0) await emit(tx, campaignChanged, { campaignId, name, status }, { subjectId: campaignId });
    return { added, refused, isFull: await isFull(tx, campaign) };
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
