import { z } from "zod";
import type { Context } from "#platform/context.ts";
import { type LeadParting, type MergeHook, MergeNotUndoable } from "#domains/leads/index.ts";
import { cancelQueued } from "#domains/messaging/index.ts";
import {
  absorbExecutions,
  bindCampaignLeads,
  countOutreachOf,
  deleteEnrollment,
  giveCampaignLeads,
  giveEnrollments,
  holdSurroundings,
  lockEnrollmentsOf,
  mergeCampaignLeads,
  type MergedEnrollment,
  releaseExecutions,
  restoreCampaignLeads,
  restoreEnrollments,
  shiftRuns,
} from "../queries/merge-rows.ts";
import { settleReturned } from "./parting.ts";
import { listHeardSince } from "../queries/parting-rows.ts";
import { type Said, TELLING, endsBy, saidBy } from "./stop-rules.ts";
import { settingsOf } from "./terms.ts";

const row = z.record(z.string(), z.unknown());
const execution = z.object({
  id: z.string(),
  status: z.string(),
  scheduledAt: z.string().nullable(),
  remainingMs: z.string().nullable(),
  wasPlanned: z.boolean(),
});
const movedSchema = z.object({
  /** Enrollments that became the survivor's as they are. */
  given: z.array(z.string()),
  /** Both leads were in one sequence: the enrollment that stayed took in the runs of the one that went. */
  joined: z.array(
    z.object({
      keptId: z.string(),
      goneId: z.string(),
      goneLeadId: z.string(),
      gone: row,
      runs: z.int(),
      executions: z.array(execution),
    }),
  ),
  campaigns: z.object({
    moved: z.array(z.string()),
    dropped: z.array(row),
    /** Missing in what was kept before there were bulk assignments. */
    freed: z.array(z.object({ id: z.string(), bulkAssignmentId: z.string() })).default([]),
  }),
});
type Moved = z.infer<typeof movedSchema>;

const MERGED = "merged with a lead that is further in this sequence";

/** Ends that come from the person, or from somebody who speaks for them. */
const BY_THE_PERSON: readonly Said[] = ["replied", "a colleague replied", "opted out", "converted"];

const isOpen = ({ status }: MergedEnrollment) => status === "ACTIVE" || status === "PAUSED";

/**
 * The one that stands for both: who has answered or said no in it, or since they came to its end, has done so as both. Else the one that goes on:
 * open before ended, then the one that has come further, then the survivor's own.
 */
export function furtherEnrollment<One extends MergedEnrollment & { isSettled: boolean }>(own: One, others: One): One {
  if (own.isSettled !== others.isSettled) return own.isSettled ? own : others;
  if (isOpen(own) !== isOpen(others)) return isOpen(own) ? own : others;
  return others.currentStep > own.currentStep ? others : own;
}

/** The enrollments of the two, with whether what somebody has said settles them. */
async function weigh(tx: Context, leadIds: readonly string[]): Promise<(MergedEnrollment & { isSettled: boolean })[]> {
  const all = await lockEnrollmentsOf(tx, leadIds);
  const over = all.filter((one) => !isOpen(one));
  const since = new Date(Math.min(...over.map(({ enrolledAt }) => enrolledAt.getTime())));
  const heard = over.length === 0 ? [] : await listHeardSince(tx, leadIds, { since, types: TELLING });
  const isEndedBy = ({ endReason }: MergedEnrollment) =>
    BY_THE_PERSON.some((said) => endReason?.startsWith(said) === true);
  const isAnswered = ({ leadId, enrolledAt, settings }: MergedEnrollment) =>
    heard.some((one) => {
      const said = saidBy(one);
      if (one.leadId !== leadId || one.at < enrolledAt || said === null || said === "closed by hand") return false;
      return endsBy(said, settingsOf(settings));
    });
  return all.map((one) => ({ ...one, isSettled: !isOpen(one) && (isEndedBy(one) || isAnswered(one)) }));
}

async function move(tx: Context, survivorId: string, otherId: string): Promise<Moved> {
  const all = await weigh(tx, [survivorId, otherId]);
  const moved: Moved = { given: [], joined: [], campaigns: await mergeCampaignLeads(tx, survivorId, otherId) };
  for (const others of all.filter(({ leadId }) => leadId === otherId)) {
    const own = all.find(({ leadId, sequenceId }) => leadId === survivorId && sequenceId === others.sequenceId);
    const kept = own ? furtherEnrollment(own, others) : others;
    if (own) moved.joined.push(await join(tx, kept, kept === own ? others : own, survivorId));
    if (kept === others) moved.given.push(others.id);
  }
  await giveEnrollments(tx, moved.given, survivorId);
  return moved;
}

/** The history of the one that goes becomes earlier runs of the one that stays. */
async function join(tx: Context, kept: MergedEnrollment, gone: MergedEnrollment, survivorId: string) {
  await shiftRuns(tx, kept.id, 0, gone.run);
  const to = { enrollmentId: kept.id, leadId: survivorId };
  const executions = await absorbExecutions(tx, gone.id, to, MERGED);
  const skipped = executions.filter(({ wasPlanned }) => wasPlanned).map(({ id }) => id);
  await cancelQueued(tx, { executionIds: skipped }, MERGED);
  await deleteEnrollment(tx, gone.id);
  return { keptId: kept.id, goneId: gone.id, goneLeadId: gone.leadId, gone: gone.row, runs: gone.run, executions };
}

async function undo(tx: Context, parting: LeadParting, moved: Moved): Promise<void> {
  const { otherId, mergedAt } = parting;
  refuseBuiltUpon(parting, moved);
  // Before the rows of those inside, as whoever pauses them takes them.
  await holdSurroundings(
    tx,
    moved.joined.map(({ gone }) => gone),
  );
  await giveEnrollments(tx, moved.given, otherId);
  for (const { keptId, goneId, goneLeadId, gone, runs, executions } of moved.joined) {
    await restoreEnrollments(tx, [gone]);
    await releaseExecutions(
      tx,
      executions,
      { enrollmentId: keptId, runs },
      { enrollmentId: goneId, leadId: goneLeadId },
      mergedAt,
    );
    await shiftRuns(tx, keptId, runs, -runs);
  }
  await giveCampaignLeads(tx, moved.campaigns.moved, otherId);
  await restoreCampaignLeads(tx, moved.campaigns.dropped);
  await bindCampaignLeads(tx, moved.campaigns.freed);
  await settleReturned(tx, parting, moved);
}

/** An enrollment that a later merge joined with a third lead's is taken apart in the order in which it was put together, the last first. */
function refuseBuiltUpon({ later }: LeadParting, { given, joined }: Moved): void {
  const ours = new Set([...given, ...joined.map(({ keptId }) => keptId)]);
  const upon = later.find((one) => {
    const parsed = movedSchema.safeParse(one.moved);
    return parsed.success && parsed.data.joined.some(({ keptId, goneId }) => ours.has(keptId) || ours.has(goneId));
  });
  if (upon)
    throw MergeNotUndoable(
      `A third lead came into the same sequence by a later merge. Undo that merge (${upon.mergeId}) first.`,
    );
}

/** What a merged lead was in, the survivor is in: with the delays, runs and reasons it had. */
export const outreachMergeHook: MergeHook = {
  name: "outreach",
  tables: ["campaign_leads", "sequence_enrollments", "sequence_step_executions"],
  count: countOutreachOf,
  move: (tx, { survivorId, otherId }) => move(tx, survivorId, otherId),
  undo: (tx, parting, kept) => undo(tx, parting, movedSchema.parse(kept)),
};
