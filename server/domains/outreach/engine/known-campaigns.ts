import type { Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { listCampaignStatuses } from "../queries/campaign-rows.ts";
import { type Trigger, newLeadTriggerSchema } from "../trigger-config.ts";

/** Places of the campaigns that a trigger waits for and that are not there. */
async function missing(ctx: Context, { triggerType, triggerConfig }: Waiting): Promise<number[]> {
  if (triggerType !== "new_lead") return [];
  const { campaigns } = newLeadTriggerSchema.parse(triggerConfig);
  const known = await listCampaignStatuses(ctx, campaigns);
  return campaigns.flatMap((campaign, index) => (known.has(campaign) ? [] : index));
}

type Waiting = { triggerType: string; triggerConfig: unknown };

/** A trigger that waits for a campaign that is not there waits for nobody: throws Invalid, with the place of each. */
export async function refuseUnknownCampaigns(tx: Context, trigger: Trigger): Promise<void> {
  const faults = (await missing(tx, trigger)).map((index) => ({
    pointer: `/triggerConfig/campaigns/${index}`,
    detail: "There is no such campaign",
  }));
  if (faults.length > 0) throw Invalid(undefined, faults);
}

/** How many campaigns that a stored trigger waits for were deleted since. */
export const countGoneCampaigns = async (ctx: Context, trigger: Waiting): Promise<number> =>
  (await missing(ctx, trigger)).length;
