import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { campaignChanged } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { type CampaignRow, lockCampaign, updateCampaignRow } from "../queries/campaign-rows.ts";
import {
  type CampaignStatus,
  type Fault,
  whyNotActivateCampaign,
  whyNotCompleteCampaign,
  whyNotPauseCampaign,
} from "../states.ts";

/** Activates a campaign, or goes on with a paused one. Throws CampaignNotFound, CampaignNotInState. */
export async function activateCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await move(ctx, campaignId, "ACTIVE", (campaign) => whyNotActivateCampaign(campaign, ctx.now()));
}

/** Holds back every touch of a campaign; the gate asks its state before each one. Throws CampaignNotFound, CampaignNotInState. */
export async function pauseCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await move(ctx, campaignId, "PAUSED", whyNotPauseCampaign);
}

/** Ends a campaign for good: the next touch of everybody in it ends their enrollment. Throws CampaignNotFound, CampaignNotInState. */
export async function completeCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await move(ctx, campaignId, "COMPLETED", whyNotCompleteCampaign);
}

async function move(
  ctx: Context,
  campaignId: string,
  status: CampaignStatus,
  whyNot: (campaign: CampaignRow) => Fault | null,
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    const fault = whyNot(campaign);
    if (fault) throw CampaignNotInState(fault.detail);
    await updateCampaignRow(tx, campaignId, { status });
    await emit(tx, campaignChanged, { campaignId, name: campaign.name, status }, { subjectId: campaignId });
  });
}
