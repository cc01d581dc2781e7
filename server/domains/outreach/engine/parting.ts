import type { Context } from "#platform/context.ts";
import { type LeadParting, listColleagues } from "#domains/leads/index.ts";
import { cancelQueued } from "#domains/messaging/index.ts";
import { closeCampaignLeads } from "../queries/campaign-progress.ts";
import { listCompanySequences } from "../queries/company-stops.ts";
import { type OpenEnrollment, lockOpenEnrollments } from "../queries/engine.ts";
import {
  type Heard,
  type Returned,
  listCancelledByPerson,
  listHeardSince,
  listReturned,
  listWrittenToAnother,
  skipExecutions,
} from "../queries/parting-rows.ts";
import { listWithoutPlan, resumeEnrollments } from "../queries/pause-rows.ts";
import { advance } from "./advance.ts";
import { type EndReason, end } from "./end.ts";
import { hold } from "./hold.ts";
import { leaveUnreachable } from "./leave-unreachable.ts";
import { type Said, TELLING, endsBy, saidBy } from "./stop-rules.ts";
import { settingsOf } from "./terms.ts";

/** What an undone merge gives back. */
export type GivenBack = {
  /** Set aside by the merge for one that stood for both: ids of the two. */
  joined: readonly { keptId: string; goneId: string }[];
  /** Went over to the survivor as they were, and are the other's again. */
  given: readonly string[];
};

const PARTED = "two leads again: it was written to the other of them";
const WHILE_MERGED = "while merged with another lead";

/**
 * Sets right what has come back. While two leads are one, what is said is said by either; who answered or said no then is out of what comes back
 * by the same rules (`stop-rules.ts`) by which they would have left it on the spot, whatever has become of the enrollment that stood for both. What
 * goes on stands as its sequence and campaign do today, and has a step that is planned. The caller holds the locks of both leads.
 */
export async function settleReturned(tx: Context, parting: LeadParting, back: GivenBack): Promise<void> {
  const gone = back.joined.map(({ goneId }) => goneId);
  const all = [...gone, ...back.given];
  await takeBackWritten(tx, back.given);
  const returned = await listReturned(tx, all, parting.mergedAt);
  await endOver(tx, parting, back, returned);
  await standAsToday(
    tx,
    returned.filter(({ id }) => gone.includes(id)),
  );
  await planWhereNone(tx, all);
  await closeCampaignLeads(tx, [...all, ...back.joined.map(({ keptId }) => keptId)]);
}

/** What was written while they were one went to the survivor: it is not sent any more for a step of the other's. */
async function takeBackWritten(tx: Context, enrollmentIds: readonly string[]): Promise<void> {
  const written = await listWrittenToAnother(tx, enrollmentIds);
  if (written.length === 0) return;
  await cancelQueued(tx, { executionIds: written }, PARTED);
  await skipExecutions(tx, written, PARTED);
}

async function endOver(
  tx: Context,
  parting: LeadParting,
  { joined }: GivenBack,
  returned: readonly Returned[],
): Promise<void> {
  const open = await lockOpenEnrollments(tx, { ids: returned.map(({ id }) => id) });
  if (open.length === 0) return;
  const hears = await listen(tx, parting, open);
  const cancelled = await listCancelledByPerson(
    tx,
    joined.map(({ keptId }) => keptId),
  );
  const isCancelled = (id: string) => joined.some(({ goneId, keptId }) => goneId === id && cancelled.has(keptId));
  const facts = new Map(returned.map((one) => [one.id, one]));
  const why = (one: OpenEnrollment): EndReason | undefined => {
    const fact = facts.get(one.id);
    if (!fact) return undefined;
    if (fact.hasFailed && settingsOf(one.settings).onFailure === "stop") return "a touch failed";
    if (isCancelled(one.id)) return "cancelled by a person";
    if (fact.sequenceStatus === "ARCHIVED") return "sequence archived";
    if (fact.campaignStatus === "COMPLETED") return "campaign completed";
    return hears.why(one, fact.enrolledAt);
  };
  for (const [reason, those] of Map.groupBy(open, why))
    if (reason !== undefined) await end(tx, those, reason, WHILE_MERGED);
  if (hears.isClosedByHand)
    for (const leadId of [parting.survivorId, parting.otherId]) await leaveUnreachable(tx, leadId);
}

/** What was said since the merge, by either of the two and by those who answer for them. */
async function listen(tx: Context, parting: LeadParting, open: readonly OpenEnrollment[]) {
  const { survivorId, otherId, mergeId } = parting;
  const after = { since: parting.mergedAt, mergeId, types: TELLING };
  const own = (await listHeardSince(tx, [survivorId, otherId], after)).map((heard) => ({
    at: heard.at,
    said: saidBy(heard),
  }));
  const others = new Map<string, readonly Heard[]>();
  const companies = new Map<string, string[]>();
  for (const leadId of [survivorId, otherId]) {
    if (!open.some((one) => one.leadId === leadId && endsBy("a colleague replied", settingsOf(one.settings)))) continue;
    const colleagues = await listColleagues(tx, leadId);
    others.set(leadId, await listHeardSince(tx, colleagues, after));
    for (const [id, sequences] of await listCompanySequences(tx, colleagues)) companies.set(id, sequences);
  }
  return {
    isClosedByHand: own.some(({ said }) => said === "closed by hand"),
    /** Why an enrollment would have ended, by the first word since it began. */
    why({ leadId, sequenceId, settings }: OpenEnrollment, enrolledAt: Date): Said | undefined {
      const ends = (said: Said) => endsBy(said, settingsOf(settings));
      const mine = own.flatMap(({ at, said }) =>
        said !== null && said !== "closed by hand" && at >= enrolledAt && ends(said) ? [said] : [],
      );
      if (mine[0] !== undefined) return mine[0];
      const answered = (others.get(leadId) ?? []).some(
        (heard) =>
          saidBy(heard) === "replied" &&
          heard.at >= enrolledAt &&
          companies.get(heard.leadId)?.includes(sequenceId) === true,
      );
      return answered && ends("a colleague replied") ? "a colleague replied" : undefined;
    },
  };
}

/** Their sequences and campaigns may have come to stand still, or gone on, since they were set aside. */
async function standAsToday(tx: Context, returned: readonly Returned[]): Promise<void> {
  const idsOf = (which: (one: Returned) => boolean) => returned.filter(which).map(({ id }) => id);
  const holds = { sequence: (one: Returned) => one.sequenceStatus, campaign: (one: Returned) => one.campaignStatus };
  for (const by of ["sequence", "campaign"] as const)
    await resumeEnrollments(tx, { ids: idsOf((one) => one.pausedBy === by && holds[by](one) !== "PAUSED") }, by);
  for (const by of ["sequence", "campaign"] as const)
    await hold(tx, { ids: idsOf((one) => holds[by](one) === "PAUSED") }, by);
}

/** Nobody is left standing: where the step under way was cancelled or done meanwhile, the next is planned from now. */
async function planWhereNone(tx: Context, enrollmentIds: readonly string[]): Promise<void> {
  const open = (await lockOpenEnrollments(tx, { ids: enrollmentIds })).filter(({ status }) => status === "ACTIVE");
  const waiting = await listWithoutPlan(
    tx,
    open.map(({ id }) => id),
  );
  await advance(
    tx,
    waiting.flatMap(({ id, ...place }) => {
      const enrollment = open.find((one) => one.id === id);
      if (!enrollment) return [];
      const { sequenceId, sequenceName, settings } = enrollment;
      return [{ ...place, enrollmentId: id, sequenceId, sequenceName, settings, from: tx.now() }];
    }),
  );
}
