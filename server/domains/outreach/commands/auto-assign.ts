import { allow, type Context, inTransaction } from "#platform/context.ts";
import { enqueue } from "#platform/jobs.ts";
import { Problem } from "#platform/problems.ts";
import { leadFilterSchema, matchFilter } from "#domains/leads/index.ts";
import { assignMatching } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { nextWanted } from "../queries/bulk-enrollments.ts";
import { findCampaign, listAutoAssigning } from "../queries/campaign-rows.ts";
import { assignLeads } from "./assign-leads.ts";

/** Leads that are looked at in one transaction. */
const BATCH = 1_000;

/**
 * Leads that were just created or changed come into every active campaign whose rule finds them. The job was queued with the change, in one
 * transaction: none is missed, and the unique key of campaign and lead lets none in twice.
 */
export async function autoAssignLeads(
  ctx: Context,
  { items }: { items: readonly { leadId: string }[] },
): Promise<void> {
  const leadIds = [...new Set(items.map(({ leadId }) => leadId))];
  for (const { id, autoAssign } of await listAutoAssigning(ctx)) {
    if (!autoAssign) continue;
    const found = await matchFilter(ctx, leadFilterSchema.parse(autoAssign.filter), leadIds);
    await assignUnlessOver(ctx, id, [...found].toSorted());
  }
}

/** Asks for all leads that the rule of an active campaign finds now. Throws CampaignNotFound, CampaignNotInState. */
export async function startAssigningMatching(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const campaign = await findCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    if (campaign.status !== "ACTIVE") throw CampaignNotInState("Only an active campaign takes leads in by its rule.");
    if (!campaign.autoAssign) throw CampaignNotInState("The campaign has no rule by which it takes leads in.");
    await enqueue(tx, assignMatching, { campaignId, after: null }, { key: `assign-matching ${campaignId}` });
  });
}

/** One batch of the leads that a campaign's rule finds, the oldest first; the next is another job. */
export async function assignNextMatching(
  ctx: Context,
  { campaignId, after }: { campaignId: string; after: string | null },
): Promise<void> {
  const campaign = await findCampaign(ctx, campaignId);
  if (campaign?.status !== "ACTIVE" || !campaign.autoAssign) return;
  const filter = leadFilterSchema.parse(campaign.autoAssign.filter);
  await inTransaction(ctx, async (tx) => {
    const { ids, next } = await nextWanted(tx, { filter, leadIds: null }, after, BATCH);
    const isFull = await assignUnlessOver(tx, campaignId, ids);
    if (next !== null && !isFull) await enqueue(tx, assignMatching, { campaignId, after: next });
  });
}

/** True: it takes in nobody more. A campaign that ended or was deleted meanwhile is no fault. */
async function assignUnlessOver(ctx: Context, campaignId: string, leadIds: readonly string[]): Promise<boolean> {
  if (leadIds.length === 0) return false;
  try {
    return (await assignLeads(ctx, campaignId, leadIds)).isFull;
  } catch (error) {
    if (error instanceof Problem) return true;
    throw error;
  }
}
