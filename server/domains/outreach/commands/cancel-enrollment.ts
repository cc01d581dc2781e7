import { type Context, allow, inTransaction } from "#platform/context.ts";
import { lockLeads } from "#domains/leads/index.ts";
import { end } from "../engine/end.ts";
import { EnrollmentNotFound, EnrollmentNotInState } from "../problems.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { findEnrollment } from "../queries/enrollments.ts";
import { whyNotCancelEnrollment } from "../states.ts";

/** A person takes a lead out of a sequence: nothing more is sent of it. Throws EnrollmentNotFound, EnrollmentNotInState. */
export async function cancelEnrollment(ctx: Context, input: { enrollmentId: string; reason?: string }): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const enrollment = await findEnrollment(tx, input.enrollmentId);
    if (!enrollment) throw EnrollmentNotFound();
    await lockLeads(tx, [enrollment.leadId], { wait: true });
    const open = await lockOpenEnrollments(tx, { ids: [enrollment.id] });
    const refusal = open.length === 0 ? whyNotCancelEnrollment({ status: enrollment.status }) : null;
    if (refusal) throw EnrollmentNotInState(refusal.detail);
    await end(tx, open, "cancelled by a person", input.reason ?? null);
  });
}
