import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { lockLeads } from "#domains/leads/index.ts";
import { cancelQueued } from "#domains/messaging/index.ts";
import { advance } from "../engine/advance.ts";
import { stepRescheduled, stepSkipped } from "../messages.ts";
import { ExecutionNotFound, ExecutionNotInState } from "../problems.ts";
import { type PlannedExecution, decideExecution, findExecution, lockPlanned } from "../queries/executions.ts";
import { whyNotDecideExecution } from "../states.ts";

/**
 * A person leaves out a planned step: what was queued for it is cancelled, and the next step is planned from now; for a lead who is paused,
 * when they are resumed. Throws ExecutionNotFound, and ExecutionNotInState for one that is decided or with its vendor.
 */
export async function skipExecution(ctx: Context, input: { executionId: string; reason: string }): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const planned = await take(tx, input.executionId);
    const fault = whyNotDecideExecution(planned, "skip");
    if (fault) throw ExecutionNotInState(fault.detail);
    const reason = `skipped by a person: ${input.reason}`;
    const cancelled = await cancelQueued(tx, { executionIds: [planned.id] }, reason);
    if (planned.messageStatus !== null && cancelled.length === 0)
      throw ExecutionNotInState("The step was handed to its vendor a moment ago");
    await decideExecution(tx, planned.id, {
      status: "SKIPPED",
      scheduledAt: null,
      result: { reason, by: tx.actor.id },
    });
    await emit(tx, stepSkipped, { ...aboutStep(planned), reason }, about(planned));
    if (planned.enrollmentStatus === "ACTIVE")
      await advance(tx, [{ ...planned, afterOrder: planned.stepOrder, from: tx.now() }]);
  });
}

/**
 * A person moves a planned step to another time, or to now where that has passed; when it comes the gate is asked as ever. Throws
 * ExecutionNotFound, and ExecutionNotInState for one that is paused, decided or with its vendor.
 */
export async function rescheduleExecution(
  ctx: Context,
  input: { executionId: string; at: Date; reason: string },
): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const planned = await take(tx, input.executionId);
    const fault = whyNotDecideExecution(planned, "reschedule");
    if (fault) throw ExecutionNotInState(fault.detail);
    const { reason } = input;
    const to = input.at < tx.now() ? tx.now() : input.at;
    await decideExecution(tx, planned.id, {
      status: "SCHEDULED",
      scheduledAt: to,
      result: { moved: { to: to.toISOString(), reason, by: tx.actor.id } },
    });
    const from = planned.scheduledAt?.toISOString() ?? null;
    const told = { ...aboutStep(planned), from, to: to.toISOString(), reason };
    await emit(tx, stepRescheduled, told, about(planned));
  });
}

/** Waits for a sender that is deciding about the lead, so that what it has queued is seen. */
async function take(tx: Context, executionId: string): Promise<PlannedExecution> {
  const known = await findExecution(tx, executionId);
  if (!known) throw ExecutionNotFound();
  await lockLeads(tx, [known.leadId], { wait: true });
  const planned = await lockPlanned(tx, executionId);
  if (!planned) throw ExecutionNotFound();
  return planned;
}

const about = ({ id, leadId }: PlannedExecution) => ({ leadId, subjectId: id });
const aboutStep = ({ id, enrollmentId, sequenceId, sequenceName, stepOrder, channel }: PlannedExecution) => ({
  enrollmentId,
  sequenceId,
  sequenceName,
  executionId: id,
  stepOrder,
  channel,
});
