import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { NewBulkEnrollment } from "../contract/bulk-enrollments.ts";
import { bulkEnrollmentFinished, bulkEnrollmentProgressed } from "../messages.ts";
import {
  BulkEnrollmentNotFound,
  BulkEnrollmentNotInState,
  CampaignNotFound,
  CampaignNotInState,
  SequenceNotFound,
  SequenceNotInState,
} from "../problems.ts";
import { countWanted, insertBulk, lockBulk, updateBulk } from "../queries/bulk-enrollments.ts";
import { shareCampaign } from "../queries/campaign-rows.ts";
import { shareSequence } from "../queries/sequence-rows.ts";

/**
 * Asks for the enrolment of all leads of a filter, or of those that are named, and returns its id; the loop does it. Throws
 * SequenceNotFound, SequenceNotInState, CampaignNotFound, CampaignNotInState.
 */
export async function startBulkEnrollment(ctx: Context, asked: NewBulkEnrollment): Promise<string> {
  allow(ctx, "outreach:write");
  allow(ctx, "leads:read");
  const { sequenceId, campaignId = null, again, filter = {}, leadIds } = asked;
  return inTransaction(ctx, async (tx) => {
    const sequence = await shareSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    if (sequence.status !== "ACTIVE") throw SequenceNotInState(`The sequence is ${sequence.status}: start it first.`);
    const campaign = campaignId === null ? null : await shareCampaign(tx, campaignId);
    if (campaign === undefined) throw CampaignNotFound();
    if (campaign?.status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");
    const wanted = { filter, leadIds: leadIds ? [...new Set(leadIds)] : null };
    const total = await countWanted(tx, wanted);
    const bulkEnrollmentId = await insertBulk(tx, { sequenceId, campaignId, again, ...wanted }, total);
    const told = { bulkEnrollmentId, sequenceId, total, enrolled: 0, refused: 0 };
    await emit(tx, bulkEnrollmentProgressed, told, { subjectId: bulkEnrollmentId });
    return bulkEnrollmentId;
  });
}

/** Ends a bulk enrolment behind the batch it is at; whoever came in stays. Throws BulkEnrollmentNotFound, BulkEnrollmentNotInState. */
export async function cancelBulkEnrollment(ctx: Context, bulkEnrollmentId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const bulk = await lockBulk(tx, bulkEnrollmentId);
    if (!bulk) throw BulkEnrollmentNotFound();
    const { sequenceId, status, total, enrolledCount: enrolled, refusedCount: refused } = bulk;
    if (status !== "QUEUED" && status !== "RUNNING") throw BulkEnrollmentNotInState(`It is ${status}.`);
    await updateBulk(tx, bulkEnrollmentId, { status: "CANCELLED", finishedAt: tx.now() });
    const told = { bulkEnrollmentId, sequenceId, status: "CANCELLED", total, enrolled, refused } as const;
    await emit(tx, bulkEnrollmentFinished, told, { subjectId: bulkEnrollmentId });
  });
}
