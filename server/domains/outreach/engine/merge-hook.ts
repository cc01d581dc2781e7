import { z } from "zod";
import type { Context } from "#platform/context.ts";
import type { MergeHook } from "#domains/leads/index.ts";
import { cancelQueued } from "#domains/messaging/index.ts";
import {
  absorbExecutions,
  countOutreachOf,
  deleteEnrollment,
  giveCampaignLeads,
  giveEnrollments,
  listEndReasons,
  lockEnrollmentsOf,
  mergeCampaignLeads,
  type MergedEnrollment,
  releaseExecutions,
  restoreCampaignLeads,
  restoreEnrollments,
  shiftRuns,
} from "../queries/merge-rows.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { listWithoutPlan } from "../queries/pause-rows.ts";
import { advance } from "./advance.ts";
import { end } from "./end.ts";

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
  campaigns: z.object({ moved: z.array(z.string()), dropped: z.array(row) }),
});
type Moved = z.infer<typeof movedSchema>;

const MERGED = "merged with a lead that is further in this sequence";

/** Ends that come from the person, or from somebody who speaks for them. */
const BY_THE_PERSON = ["replied", "a colleague replied", "opted out", "converted"] as const;

const isOpen = ({ status }: MergedEnrollment) => status === "ACTIVE" || status === "PAUSED";

/** The one that goes on: open before ended, then the one that has come further, then the survivor's own. */
export function furtherEnrollment(own: MergedEnrollment, others: MergedEnrollment): MergedEnrollment {
  if (isOpen(own) !== isOpen(others)) return isOpen(own) ? own : others;
  return others.currentStep > own.currentStep ? others : own;
}

async function move(tx: Context, survivorId: string, otherId: string): Promise<Moved> {
  const all = await lockEnrollmentsOf(tx, [survivorId, otherId]);
  const moved: Moved = { given: [], joined: [], campaigns: await mergeCampaignLeads(tx, survivorId, otherId) };
  for (const others of all.filter(({ leadId }) => leadId === otherId)) {
    const own = all.find(({ leadId, sequenceId }) => leadId === survivorId && sequenceId === others.sequenceId);
    if (own) moved.joined.push(await join(tx, own, others, survivorId));
    if (!own || furtherEnrollment(own, others) === others) moved.given.push(others.id);
  }
  await giveEnrollments(tx, moved.given, survivorId);
  return moved;
}

/** The history of the one that goes becomes earlier runs of the one that stays. */
async function join(tx: Context, own: MergedEnrollment, others: MergedEnrollment, survivorId: string) {
  const kept = furtherEnrollment(own, others);
  const gone = kept === own ? others : own;
  await shiftRuns(tx, kept.id, 0, gone.run);
  const to = { enrollmentId: kept.id, leadId: survivorId };
  const executions = await absorbExecutions(tx, gone.id, to, MERGED);
  const skipped = executions.filter(({ wasPlanned }) => wasPlanned).map(({ id }) => id);
  await cancelQueued(tx, { executionIds: skipped }, MERGED);
  await deleteEnrollment(tx, gone.id);
  return { keptId: kept.id, goneId: gone.id, goneLeadId: gone.leadId, gone: gone.row, runs: gone.run, executions };
}

async function undo(tx: Context, survivorId: string, otherId: string, moved: Moved): Promise<void> {
  await giveEnrollments(tx, moved.given, otherId);
  for (const { keptId, goneId, goneLeadId, gone, runs, executions } of moved.joined) {
    await restoreEnrollments(tx, [gone]);
    await releaseExecutions(
      tx,
      executions,
      { enrollmentId: keptId, runs },
      { enrollmentId: goneId, leadId: goneLeadId },
    );
    await shiftRuns(tx, keptId, runs, -runs);
  }
  await planWhereNone(
    tx,
    moved.joined.map(({ goneId }) => goneId),
  );
  await giveCampaignLeads(tx, moved.campaigns.moved, otherId);
  await restoreCampaignLeads(tx, moved.campaigns.dropped);
  await endWithTheKept(
    tx,
    moved.joined.filter(({ goneLeadId }) => goneLeadId === survivorId),
  );
}

/**
 * What the survivor said while one enrollment stood for both ended that one, and it goes back to the other lead. Their own, which comes back,
 * is over for the same reason: else who has answered or said no would be written to again.
 */
async function endWithTheKept(tx: Context, joined: readonly { keptId: string; goneId: string }[]): Promise<void> {
  const reasons = await listEndReasons(
    tx,
    joined.map(({ keptId }) => keptId),
  );
  const open = await lockOpenEnrollments(tx, { ids: joined.map(({ goneId }) => goneId) });
  for (const { keptId, goneId } of joined) {
    const said = BY_THE_PERSON.find((reason) => reasons.get(keptId)?.startsWith(reason));
    if (said === undefined) continue;
    await end(
      tx,
      open.filter(({ id }) => id === goneId),
      said,
      "while merged with another lead",
    );
  }
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

/** What a merged lead was in, the survivor is in: with the delays, runs and reasons it had. */
export const outreachMergeHook: MergeHook = {
  name: "outreach",
  tables: ["campaign_leads", "sequence_enrollments", "sequence_step_executions"],
  count: countOutreachOf,
  move: (tx, { survivorId, otherId }) => move(tx, survivorId, otherId),
  undo: (tx, { survivorId, otherId }, kept) => undo(tx, survivorId, otherId, movedSchema.parse(kept)),
};
