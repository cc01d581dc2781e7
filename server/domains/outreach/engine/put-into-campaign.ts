import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { leadAssigned } from "../messages.ts";
import { CAMPAIGN_FULL, channelsOf, LEAVING, type Refused, sortOut } from "../campaign-entry.ts";
import { listStandings } from "../queries/bulk-assignments.ts";
import { type CampaignRow, findRoom, insertCampaignLeads } from "../queries/campaign-rows.ts";

/** A campaign as those who would come in find it. */
export type Entered = { id: string; name: string; maxLeads: number | null };

/** Whom of these leads a campaign has room for; the places are kept until the transaction ends. */
export async function roomFor(
  tx: Context,
  { id, maxLeads }: Entered,
  leadIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (maxLeads === null || leadIds.length === 0) return new Set(leadIds);
  return findRoom(tx, { id, maxLeads }, leadIds);
}

/** `inside`: how many were in it before. */
export type Entry = { added: string[]; inside: number; refused: Refused[]; hasRoom: boolean };

/** Puts leads into a campaign that the caller holds, in the order given, but for those to whom nothing can go. `by`: the bulk assignment that brings them. */
export async function bringIntoCampaign(
  tx: Context,
  campaign: Entered & Pick<CampaignRow, "channels">,
  leadIds: readonly string[],
  by: string | null = null,
): Promise<Entry> {
  const { welcome, inside, refused } = sortOut(await listStandings(tx, campaign.id, channelsOf(campaign), leadIds));
  const room = await roomFor(tx, campaign, welcome);
  const full = welcome.filter((leadId) => !room.has(leadId));
  const entering = welcome.filter((leadId) => room.has(leadId));
  const added = await putIntoCampaign(tx, campaign, entering, by);
  const came = new Set(added);
  const leaving = entering.filter((leadId) => !came.has(leadId));
  return {
    added,
    inside: inside.length,
    refused: [
      ...refused,
      ...leaving.map((leadId) => ({ leadId, ...LEAVING })),
      ...full.map((leadId) => ({ leadId, ...CAMPAIGN_FULL })),
    ],
    hasRoom: full.length === 0,
  };
}

/** Puts leads into a campaign, as many as it has room for, each told by an event of its own, which is what the trigger on campaigns waits for. `by`: the bulk assignment that brings them. Returns those that came in. */
export async function putIntoCampaign(
  tx: Context,
  campaign: Entered,
  leadIds: readonly string[],
  by: string | null = null,
): Promise<string[]> {
  if (leadIds.length === 0) return [];
  const { id: campaignId, name: campaignName } = campaign;
  const room = await roomFor(tx, campaign, leadIds);
  const added = await insertCampaignLeads(
    tx,
    campaignId,
    leadIds.filter((leadId) => room.has(leadId)),
    by,
  );
  await emitMany(
    tx,
    leadAssigned,
    added.map((leadId) => ({ payload: { campaignId, campaignName, leadId }, leadId, subjectId: campaignId })),
  );
  return added;
}
