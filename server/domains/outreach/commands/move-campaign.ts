import { allow, type Context, inRetriedTransaction } from "#platform/context.ts";
import { emit, emitMany } from "#platform/events.ts";
import { end } from "../engine/end.ts";
import { goneInCampaigns } from "../engine/gone-parts.ts";
import { goOn } from "../engine/go-on.ts";
import { hold } from "../engine/hold.ts";
import { campaignChanged, enrollmentPaused } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { type CampaignRow, lockCampaign, updateCampaignRow } from "../queries/campaign-rows.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { listOpenIds, resumeEnrollments } from "../queries/pause-rows.ts";
import { findSequence } from "../queries/sequence-rows.ts";
import {
  type CampaignStatus,
  type Fault,
  whyNotActivateCampaign,
  whyNotCompleteCampaign,
  whyNotPauseCampaign,
} from "../states.ts";

/**
 * Activates a campaign; one that was paused goes on with those it paused, and what was left of each wait counts from now. Throws
 * CampaignNotFound, CampaignNotInState.
 */
export async function activateCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  const whyNot = async (campaign: CampaignRow, tx: Context) =>
    whyNotActivateCampaign(campaign, tx.now()) ?? (await whyNotTakeIn(tx, campaign));
  await move(ctx, campaignId, "ACTIVE", whyNot, async (tx) => {
    const resumed = await resumeEnrollments(tx, { campaignId }, "campaign");
    for (const [sequenceId, own] of Map.groupBy(resumed, (one) => one.sequenceId)) {
      const sequence = await findSequence(tx, sequenceId);
      if (sequence) await goOn(tx, sequence, own, "campaign");
    }
  });
}

/**
 * Pauses a campaign and everybody active in it; what is left of each wait is kept. Whoever comes in meanwhile is held by the gate. Throws
 * CampaignNotFound, CampaignNotInState.
 */
export async function pauseCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await move(ctx, campaignId, "PAUSED", whyNotPauseCampaign, async (tx) => {
    const paused = await hold(tx, { campaignId }, "campaign");
    const names = new Map<string, string>();
    for (const { sequenceId } of paused)
      if (!names.has(sequenceId)) names.set(sequenceId, (await findSequence(tx, sequenceId))?.name ?? "");
    await emitMany(
      tx,
      enrollmentPaused,
      paused.map(({ id, leadId, sequenceId }) => ({
        payload: { enrollmentId: id, sequenceId, sequenceName: names.get(sequenceId) ?? "", by: "campaign" },
        leadId,
        subjectId: id,
      })),
    );
  });
}

/** Ends a campaign for good, and the way of everybody who is under way in it. Throws CampaignNotFound, CampaignNotInState. */
export async function completeCampaign(ctx: Context, campaignId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await move(ctx, campaignId, "COMPLETED", whyNotCompleteCampaign, async (tx) => {
    const ids = await listOpenIds(tx, { campaignId });
    await end(tx, await lockOpenEnrollments(tx, { ids }), "campaign completed");
  });
}

/** A rule that asks for something that is gone finds nobody: it is said before anybody waits for it. */
async function whyNotTakeIn(tx: Context, campaign: CampaignRow): Promise<Fault<"rule_gone"> | null> {
  const detail = (await goneInCampaigns(tx, [campaign])).get(campaign.id);
  return detail === undefined ? null : { code: "rule_gone", detail };
}

async function move(
  ctx: Context,
  campaignId: string,
  status: CampaignStatus,
  whyNot: (campaign: CampaignRow, tx: Context) => Fault | null | Promise<Fault | null>,
  follow: (tx: Context) => Promise<void>,
): Promise<void> {
  // The queue holds messages and wants their executions, we the other way round: who loses begins again.
  await inRetriedTransaction(ctx, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (!campaign) throw CampaignNotFound();
    const fault = await whyNot(campaign, tx);
    if (fault) throw CampaignNotInState(fault.detail);
    await updateCampaignRow(tx, campaignId, { status });
    await follow(tx);
    await emit(tx, campaignChanged, { campaignId, name: campaign.name, status }, { subjectId: campaignId });
  });
}
