import type { Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { listCampaignStatuses } from "../queries/campaign-rows.ts";
import { type Trigger, newLeadTriggerSchema } from "../trigger-config.ts";

/** A trigger that waits for a campaign that is not there waits for nobody: throws Invalid, with the place of each. */
export async function refuseUnknownCampaigns(tx: Context, { triggerType, triggerConfig }: Trigger): Promise<void> {
  if (triggerType !== "new_lead") return;
  const { campaigns } = newLeadTriggerSchema.parse(triggerConfig);
  const known = await listCampaignStatuses(tx, campaigns);
  const faults = campaigns.flatMap((campaign, index) =>
    known.has(campaign) ? [] : [{ pointer: `/triggerConfig/campaigns/${index}`, detail: "There is no such campaign" }],
  );
  if (faults.length > 0) throw Invalid(undefined, faults);
}
