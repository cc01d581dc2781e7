import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { readDates, refuseReversed } from "../campaign-dates.ts";
import type { NewCampaign } from "../contract/campaigns.ts";
import { campaignChanged } from "../messages.ts";
import { insertCampaign } from "../queries/campaign-rows.ts";

/** Begins a campaign as a draft, and returns its id. Throws Invalid when it would end before it starts. */
export async function createCampaign(ctx: Context, campaign: NewCampaign): Promise<string> {
  allow(ctx, "outreach:write");
  const { name, description = null, channels = [], meta = null, autoAssign = null, maxLeads = null } = campaign;
  const dates = { startDate: null, endDate: null, ...readDates(campaign) };
  refuseReversed(dates);
  return inTransaction(ctx, async (tx) => {
    const campaignId = await insertCampaign(tx, { name, description, channels, meta, autoAssign, maxLeads, ...dates });
    await emit(tx, campaignChanged, { campaignId, name, status: "DRAFT" }, { subjectId: campaignId });
    return campaignId;
  });
}
