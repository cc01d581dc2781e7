import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { leadDeleted } from "../messages.ts";
import { LeadNotFound } from "../problems.ts";
import { countWithLead, deleteLeadRow, type DeletionCounts } from "../queries/delete-lead.ts";
import { deleteMergesOf } from "../queries/merges.ts";
import { blankSubmissionsOf } from "../queries/submission-privacy.ts";

/**
 * Removes a lead with all that goes with it, and tells how many rows of each kind those are; with `dryRun` it only tells.
 * Suppressions belong to addresses and stay.
 */
export async function deleteLead(ctx: Context, leadId: string, { dryRun = false } = {}): Promise<DeletionCounts> {
  allow(ctx, "leads:delete");
  return inTransaction(ctx, async (tx) => {
    const counts = await countWithLead(tx, leadId);
    if (!counts) throw LeadNotFound();
    if (dryRun) return counts;
    await blankSubmissionsOf(tx, [leadId]);
    if (!(await deleteLeadRow(tx, leadId))) throw LeadNotFound();
    await deleteMergesOf(tx, leadId);
    await emit(tx, leadDeleted, { leadId }, { leadId });
    return counts;
  });
}
