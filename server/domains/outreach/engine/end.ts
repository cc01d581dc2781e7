import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { type Check, cancelQueued } from "#domains/messaging/index.ts";
import { enrollmentCancelled, enrollmentConverted } from "../messages.ts";
import { closeCampaignLeads } from "../queries/campaign-progress.ts";
import { type OpenEnrollment, endEnrollments, listUnreachedSteps, skipUnreachedSteps } from "../queries/engine.ts";

/** Why an enrollment ended before its last step, in the words shown to people. */
export const END_REASONS = [
  "replied",
  "a colleague replied",
  "opted out",
  "cancelled by a person",
  "may no longer be contacted",
  "a touch failed",
  "a condition was not met",
  "converted",
  "sequence archived",
  "campaign completed",
  "erased",
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** What the gate's refusal for good means for the enrollment. */
export const reasonToStop = (check: Check | undefined): EndReason =>
  check === "conditions" ? "a condition was not met" : "may no longer be contacted";

/**
 * Ends open enrollments for one reason: queued touches are cancelled, planned and unreached steps become SKIPPED with the reason. Beats a
 * touch that was claimed but not yet handed to its vendor. The caller holds the locks of `lockOpenEnrollments`.
 */
export async function end(
  tx: Context,
  enrollments: readonly OpenEnrollment[],
  reason: EndReason,
  detail: string | null = null,
): Promise<void> {
  if (enrollments.length === 0) return;
  const status = reason === "converted" ? "CONVERTED" : "CANCELLED";
  const why = detail ? `${reason}: ${detail}` : reason;
  const by = tx.actor.kind === "user" || tx.actor.kind === "api_key" ? tx.actor.id : null;
  const ids = enrollments.map((enrollment) => enrollment.id);
  const skipped = await endEnrollments(tx, ids, { status, reason: why, by });
  await cancelQueued(tx, { executionIds: skipped.map((execution) => execution.id) }, why);
  const unreached = await listUnreachedSteps(tx, ids);
  await skipUnreachedSteps(
    tx,
    unreached.map((row) => ({ ...row, id: newId("exe") })),
    why,
  );
  await closeCampaignLeads(tx, ids);
  const event = reason === "converted" ? enrollmentConverted : enrollmentCancelled;
  await emitMany(
    tx,
    event,
    enrollments.map((one) => ({
      payload: { enrollmentId: one.id, sequenceId: one.sequenceId, sequenceName: one.sequenceName, reason: why },
      leadId: one.leadId,
      subjectId: one.id,
    })),
  );
}
