import { allow, type Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { countLeads, type LeadFilter, nextMatching } from "#domains/leads/index.ts";
import { CAMPAIGN_FULL, channelsOf, type Refused, sortOut, type Standing } from "../campaign-entry.ts";
import type { AssignmentPreview } from "../contract/bulk-assignments.ts";
import { CampaignNotFound } from "../problems.ts";
import { listStandings } from "../queries/bulk-assignments.ts";
import { type CampaignRow, countInCampaign, findCampaign } from "../queries/campaign-rows.ts";
import { gatherRefusals } from "../refusals.ts";

/** Leads of one statement, and so many times at most: whatever the filter, a preview looks at a bounded number of leads. */
const AT_ONCE = 1_000;
const TIMES = 10;

/**
 * How many leads a bulk assignment would put into a campaign, and why it would leave the others out, by the same rules; writes nothing. Of many leads
 * the oldest are looked at, ten thousand at most. Throws CampaignNotFound.
 */
export async function previewBulkAssignment(
  ctx: Context,
  { campaignId, filter }: { campaignId: string; filter: LeadFilter },
): Promise<AssignmentPreview> {
  allow(ctx, "outreach:read");
  allow(ctx, "leads:read");
  const campaign = await findCampaign(ctx, campaignId);
  if (!campaign) throw CampaignNotFound();
  const { standings, isAll } = await lookAt(ctx, campaign, filter);
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

async function lookAt(
  ctx: Context,
  campaign: CampaignRow,
  filter: LeadFilter,
): Promise<{ standings: Standing[]; isAll: boolean }> {
  const standings: Standing[] = [];
  let after: Cursor | null = null;
  for (let times = 0; times < TIMES; times++) {
    const { ids, next }: Awaited<ReturnType<typeof nextMatching>> = await nextMatching(ctx, filter, after, AT_ONCE);
    standings.push(...(await listStandings(ctx, campaign.id, channelsOf(campaign), ids)));
    if (next === null) return { standings, isAll: true };
    after = next;
  }
  return { standings, isAll: false };
}
