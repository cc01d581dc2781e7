import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { listLeadsForSend, listSurvivors } from "#domains/leads/index.ts";
import { advance } from "../engine/advance.ts";
import { putIntoCampaign, roomFor } from "../engine/put-into-campaign.ts";
import { settingsOf } from "../engine/terms.ts";
import { leadEnrolled } from "../messages.ts";
import { CampaignNotFound, CampaignNotInState, SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { holdInCampaign, shareCampaign } from "../queries/campaign-rows.ts";
import { insertEnrollments, lockEarlierRuns, reopenEnrollments } from "../queries/enroll-rows.ts";
import { shareSequence } from "../queries/sequence-rows.ts";
import { type EnrollFaultCode, whyNotEnroll } from "../states.ts";

export type EnrollOutcome = {
  leadId: string;
  /** `already`: they are in it, or were and may not come in again. */
  kind: "enrolled" | "already" | "refused";
  enrollmentId: string | null;
  code: EnrollFaultCode | "lead_not_found" | "campaign_full" | null;
  reason: string | null;
};

export type EnrollAsk = {
  sequenceId: string;
  leadIds: readonly string[];
  campaignId?: string | null;
  by: "person" | "trigger";
  /** Only those who are in the campaign at this time: whoever was taken out of it since it was asked is passed over, for whoever was merged away comes the survivor. */
  onlyInside?: boolean;
  /** A person's wish to let in whoever has left; without it the sequence's re-entry rule decides. */
  again?: boolean;
};

const ALREADY: readonly string[] = ["already_enrolled", "no_reentry", "reentry_too_early"];

/**
 * Enrols leads into an active sequence and plans their first step: a fixed number of statements for up to 1,000. The unique key on
 * (sequence, lead) decides races: twenty callers make one enrollment and one first execution. With a campaign, whoever comes in is put into
 * it. Throws SequenceNotFound, SequenceNotInState, CampaignNotFound, CampaignNotInState.
 */
export async function enrollLeads(ctx: Context, ask: EnrollAsk): Promise<EnrollOutcome[]> {
  allow(ctx, "outreach:write");
  const { sequenceId, campaignId = null, by, again = false, onlyInside = false } = ask;
  return inTransaction(ctx, async (tx) => {
    const sequence = await shareSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    if (sequence.status !== "ACTIVE") throw SequenceNotInState(`The sequence is ${sequence.status}: start it first.`);
    const campaign = campaignId === null ? null : await shareCampaign(tx, campaignId);
    if (campaign === undefined) throw CampaignNotFound();
    if (campaign?.status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");

    const asked = [...new Set(ask.leadIds)];
    const leadIds = onlyInside && campaign ? await holdInside(tx, campaign.id, asked) : asked;
    const leads = await listLeadsForSend(tx, leadIds);
    const earlier = await lockEarlierRuns(tx, sequenceId, leadIds);
    const { allowStatuses, reentry } = settingsOf(sequence.settings);
    const outcomes = new Map<string, EnrollOutcome>();
    const welcome: string[] = [];
    for (const leadId of leadIds) {
      const lead = leads.get(leadId);
      if (!lead) {
        outcomes.set(leadId, refusal(leadId, "lead_not_found", "There is no such lead"));
        continue;
      }
      const existing = earlier.get(leadId) ?? null;
      const fault = whyNotEnroll({
        sequence,
        lead,
        existing,
        reentry,
        allowStatuses,
        by: by === "person" && again ? "person" : "trigger",
        now: tx.now(),
      });
      if (fault) outcomes.set(leadId, refusal(leadId, fault.code, fault.detail));
      else welcome.push(leadId);
    }
    const room = campaign ? await roomFor(tx, campaign, welcome) : new Set(welcome);
    const [first, reopened]: [string[], string[]] = [[], []];
    for (const leadId of welcome) {
      const existing = earlier.get(leadId);
      if (!room.has(leadId))
        outcomes.set(leadId, refusal(leadId, "campaign_full", "The campaign takes in nobody more"));
      else if (existing) reopened.push(existing.id);
      else first.push(leadId);
    }

    const started = [
      ...(await insertEnrollments(tx, sequenceId, campaignId, first)),
      ...(await reopenEnrollments(tx, sequenceId, campaignId, reopened)),
    ];
    for (const { id, leadId } of started)
      outcomes.set(leadId, { leadId, kind: "enrolled", enrollmentId: id, code: null, reason: null });
    for (const leadId of leadIds) {
      if (!outcomes.has(leadId))
        outcomes.set(leadId, refusal(leadId, "already_enrolled", "The lead is in the sequence already"));
    }
    if (campaign)
      await putIntoCampaign(
        tx,
        campaign,
        started.map(({ leadId }) => leadId),
      );
    const { name: sequenceName, settings } = sequence;
    await advance(
      tx,
      started.map(({ id, leadId, run }) => ({
        enrollmentId: id,
        sequenceId,
        sequenceName,
        settings,
        leadId,
        run,
        afterOrder: -1,
        from: tx.now(),
      })),
    );
    await emitMany(
      tx,
      leadEnrolled,
      started.map(({ id, leadId, run }) => ({
        payload: { enrollmentId: id, sequenceId, sequenceName, run, by },
        leadId,
        subjectId: id,
      })),
    );
    return [...outcomes.values()];
  });
}

/** Those of the leads who are in the campaign; for those who were merged into others, these. */
async function holdInside(tx: Context, campaignId: string, leadIds: readonly string[]): Promise<string[]> {
  const inside = await holdInCampaign(tx, campaignId, leadIds);
  const known = new Set(inside);
  // Looked for once they are not found: a merge that was under way is over then.
  const survivors = await listSurvivors(
    tx,
    leadIds.filter((leadId) => !known.has(leadId)),
  );
  const others = survivors.filter((leadId) => !known.has(leadId));
  return others.length === 0 ? inside : [...new Set([...inside, ...(await holdInside(tx, campaignId, others))])];
}

const refusal = (leadId: string, code: NonNullable<EnrollOutcome["code"]>, reason: string): EnrollOutcome => ({
  leadId,
  kind: ALREADY.includes(code) ? "already" : "refused",
  enrollmentId: null,
  code,
  reason,
});
