import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { campaignChanged } from "../messages.ts";
import { CampaignInUse, CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { countOpenInCampaign, deleteCampaignRow, lockCampaign } from "../queries/campaign-rows.ts";

/**
 * Deletes a campaign; attempts, conversions and scripts stay without it. Throws CampaignNotFound; CampaignNotInState while it is active;
 * CampaignInUse while leads are under way in it, whom its state would no longer hold back.
 */
export async function deleteCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    const { name, status } = campaign;
    if (status === "ACTIVE") throw CampaignNotInState("An active campaign cannot be deleted; pause or complete it.");
    const open = await countOpenInCampaign(tx, campaignId);
    if (open > 0) throw CampaignInUse(`${open} leads are in sequences for this campaign.`);
    await deleteCampaignRow(tx, campaignId);
    await emit(tx, campaignChanged, { campaignId, name, status: "DELETED" }, { subjectId: campaignId });
  });
}
