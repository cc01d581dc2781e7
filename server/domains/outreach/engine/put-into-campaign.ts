import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { leadAssigned } from "../messages.ts";
import { insertCampaignLeads } from "../queries/campaign-rows.ts";

/** Puts leads into a campaign, each told by an event of its own, which is what the trigger on campaigns waits for. Returns those that came in. */
export async function putIntoCampaign(
  tx: Context,
  { id: campaignId, name: campaignName }: { id: string; name: string },
  leadIds: readonly string[],
): Promise<string[]> {
  if (leadIds.length === 0) return [];
  const added = await insertCampaignLeads(tx, campaignId, leadIds);
  await emitMany(
    tx,
    leadAssigned,
    added.map((leadId) => ({ payload: { campaignId, campaignName, leadId }, leadId, subjectId: campaignId })),
  );
  return added;
}
