import type { Context } from "#platform/context.ts";
import { Problem } from "#platform/problems.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { assignLeads } from "./assign-leads.ts";

type Submitted = { campaignId: string | null; leadId: string | null };

/** Whether the campaign takes nobody in any more: that is no fault of whoever fills in a form. */
const isClosed = (error: unknown) =>
  error instanceof Problem && [CampaignNotFound.definition, CampaignNotInState.definition].includes(error.definition);

/** Puts those who filled in a form into the campaign that its source names. */
export async function assignSubmitted(ctx: Context, { items }: { items: readonly Submitted[] }): Promise<void> {
  for (const [campaignId, group] of Map.groupBy(items, (item) => item.campaignId)) {
    if (campaignId === null) continue;
    try {
      await assignLeads(
        ctx,
        campaignId,
        group.flatMap(({ leadId }) => leadId ?? []),
      );
    } catch (error) {
      if (!isClosed(error)) throw error;
      ctx.log.info({ campaign: campaignId }, "a campaign that takes nobody in is named by a source of leads");
    }
  }
}
