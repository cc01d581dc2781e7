import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { readDates, refuseReversed } from "../campaign-dates.ts";
import type { CampaignPatch } from "../contract/campaigns.ts";
import { campaignChanged } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { lockCampaign, updateCampaignRow } from "../queries/campaign-rows.ts";

/**
 * Changes a campaign. `expected`: the `updatedAt` that the change was made from. Throws CampaignNotFound; ChangedElsewhere; CampaignNotInState
 * for one that is completed; Invalid when it would end before it starts.
 */
export async function updateCampaign(
  ctx: Context,
  campaignId: string,
  patch: CampaignPatch,
  expected?: string,
): Promise<void> {
  allow(ctx, "outreach:write");
  const { startDate: _startDate, endDate: _endDate, ...plain } = patch;
  const change = { ...plain, ...readDates(patch) };
  await inTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    await refuseStale(tx, {
      expected,
      updatedAt: campaign.updatedAt,
      told: [campaignChanged],
      about: { subjectId: campaignId },
    });
    if (campaign.status === "COMPLETED") throw CampaignNotInState("A completed campaign is only read.");
    const { name, status, ...rest } = { ...campaign, ...change };
    refuseReversed(rest);
    await updateCampaignRow(tx, campaignId, change);
    await emit(tx, campaignChanged, { campaignId, name, status }, { subjectId: campaignId });
  });
}
