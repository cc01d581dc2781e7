import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { lockLeads } from "#domains/leads/index.ts";
import { goOn } from "../engine/go-on.ts";
import { hold } from "../engine/hold.ts";
import { enrollmentPaused } from "../messages.ts";
import { EnrollmentNotFound, EnrollmentNotInState } from "../problems.ts";
import { findEnrollment } from "../queries/enrollments.ts";
import { resumeEnrollments } from "../queries/pause-rows.ts";
import { shareSequence } from "../queries/sequence-rows.ts";
import { whyNotPauseEnrollment, whyNotResumeEnrollment } from "../states.ts";

/**
 * Holds one lead where they are in a sequence; what is left of the wait is kept, and resuming the sequence leaves them paused. Throws
 * EnrollmentNotFound, EnrollmentNotInState.
 */
export async function pauseEnrollment(ctx: Context, enrollmentId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const { sequenceId, sequenceName, leadId } = await take(tx, enrollmentId);
    const [paused] = await hold(tx, { ids: [enrollmentId] }, "person");
    if (!paused) {
      const fault = whyNotPauseEnrollment(await read(tx, enrollmentId));
      throw EnrollmentNotInState(fault?.detail);
    }
    const payload = { enrollmentId, sequenceId, sequenceName, by: "person" };
    await emit(tx, enrollmentPaused, payload, { leadId, subjectId: enrollmentId });
  });
}

/**
 * Goes on with a lead that a person paused: what was left of the wait counts from now. Throws EnrollmentNotFound, and EnrollmentNotInState
 * when it is not paused, was paused with its sequence or campaign, or one of these stands still.
 */
export async function resumeEnrollment(ctx: Context, enrollmentId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const { sequenceId, campaignStatus } = await take(tx, enrollmentId);
    const fault = whyNotResumeEnrollment(await read(tx, enrollmentId), "person");
    if (fault) throw EnrollmentNotInState(fault.detail);
    const sequence = await shareSequence(tx, sequenceId);
    if (sequence?.status !== "ACTIVE")
      throw EnrollmentNotInState(`The sequence is ${sequence?.status ?? "gone"}: resume it first.`);
    if (campaignStatus === "PAUSED") throw EnrollmentNotInState("The campaign is PAUSED: activate it first.");
    await goOn(tx, sequence, await resumeEnrollments(tx, { ids: [enrollmentId] }, "person"), "person");
  });
}

/**
 * The enrollment, with its sequence kept from being paused or resumed meanwhile, and its lead held: waits for a sender that is deciding
 * about them.
 */
async function take(tx: Context, enrollmentId: string) {
  const enrollment = await read(tx, enrollmentId);
  await shareSequence(tx, enrollment.sequenceId);
  await lockLeads(tx, [enrollment.leadId], { wait: true });
  return enrollment;
}

async function read(tx: Context, enrollmentId: string) {
  const enrollment = await findEnrollment(tx, enrollmentId);
  if (!enrollment) throw EnrollmentNotFound();
  return enrollment;
}
