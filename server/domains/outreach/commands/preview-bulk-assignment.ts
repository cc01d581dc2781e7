import { allow, type Context } from "#platform/context.ts";
import { countLeads, firstMatching } from "#domains/leads/index.ts";
import { CAMPAIGN_FULL, channelsOf, type Refused, sortOut } from "../campaign-entry.ts";
import type { AssignmentAsk, AssignmentPreview } from "../contract/bulk-assignments.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { listStandings } from "../queries/bulk-assignments.ts";
import { countInCampaign, findCampaign } from "../queries/campaign-rows.ts";
import { gatherRefusals } from "../refusals.ts";

/** Leads that a preview looks at one by one. */
const LOOKED_AT = 10_000;

/**
 * How many leads of a filter, or of those named, would come into a campaign, and why the others would be left out, by the same rules; writes nothing. Of
 * many the oldest are looked at, ten thousand at most. Throws CampaignNotFound, CampaignNotInState.
 */
export async function previewBulkAssignment(
  ctx: Context,
  { campaignId, filter = {}, leadIds }: AssignmentAsk,
): Promise<AssignmentPreview> {
  allow(ctx, "outreach:read");
  allow(ctx, "leads:read");
  const campaign = await findCampaign(ctx, campaignId);
  if (!campaign) throw CampaignNotFound();
  if (campaign.status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");
  const { ids, isAll } = leadIds
    ? { ids: [...new Set(leadIds)], isAll: true }
    : await firstMatching(ctx, filter, LOOKED_AT);
  const standings = await listStandings(ctx, campaignId, channelsOf(campaign), ids);
  const counted = isAll ? { count: standings.length, isEstimate: false } : await countLeads(ctx, filter);
  const { welcome, inside, refused } = sortOut(standings);
  const { maxLeads } = campaign;
  const room = maxLeads === null ? null : Math.max(0, maxLeads - (await countInCampaign(ctx, campaignId)));
  const wouldAdd = Math.min(welcome.length, room ?? welcome.length);
  const full = welcome.slice(wouldAdd).map((leadId): Refused => ({ leadId, ...CAMPAIGN_FULL }));
  return {
    ...counted,
    lookedAt: standings.length,
    wouldAdd,
    inside: inside.length,
    refusals: gatherRefusals([], [...refused, ...full]).map(({ leadIds: _leadIds, ...one }) => one),
    room,
  };
}
