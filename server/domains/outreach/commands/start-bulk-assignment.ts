import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { countLeads, type LeadFilter, whyNotTakeBack } from "#domains/leads/index.ts";
import { isOpen } from "../engine/bulk-turns.ts";
import { bulkAssignmentFinished, bulkAssignmentProgressed } from "../messages.ts";
import { BulkAssignmentNotFound, BulkAssignmentNotInState, CampaignNotFound, CampaignNotInState } from "../problems.ts";
import {
  type AssignmentChange,
  type AssignmentRow,
  countTakenOut,
  findAssignment,
  findSame,
  insertAssignment,
  lockAssignment,
  updateAssignment,
} from "../queries/bulk-assignments.ts";
import { shareCampaign } from "../queries/campaign-rows.ts";

/**
 * Asks for all leads of a filter to be put into a campaign, and returns its id; the loop does it. Where the same is under way, the id of that. Throws
 * CampaignNotFound, CampaignNotInState.
 */
export async function startBulkAssignment(
  ctx: Context,
  asked: { campaignId: string; filter: LeadFilter },
): Promise<string> {
  allow(ctx, "outreach:write");
  allow(ctx, "leads:read");
  const { count: total, isEstimate } = await countLeads(ctx, asked.filter);
  return inTransaction(ctx, async (tx) => {
    const campaign = await shareCampaign(tx, asked.campaignId);
    if (!campaign) throw CampaignNotFound();
    if (campaign.status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");
    const id = await insertAssignment(tx, { ...asked, total, isEstimate, undoOf: null });
    if (id !== undefined) await announce(tx, id);
    const found = id ?? (await findSame(tx, asked));
    if (found === undefined) throw CampaignNotInState("The same was under way and has just ended: ask again.");
    return found;
  });
}

/**
 * Ends a bulk assignment behind the batch it is at; whoever came in stays. The rest of what an undo was to take out can be taken out by another.
 * Throws BulkAssignmentNotFound, BulkAssignmentNotInState.
 */
export async function cancelBulkAssignment(ctx: Context, id: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    // What is undone before its undo, as whoever asks for one.
    const undoOf = (await findAssignment(tx, id))?.undoOf ?? null;
    if (undoOf !== null) await lockAssignment(tx, undoOf);
    const bulk = await lockAssignment(tx, id);
    if (!bulk) throw BulkAssignmentNotFound();
    if (!isOpen(bulk)) throw BulkAssignmentNotInState(`It is ${bulk.status}.`);
    if (undoOf !== null) await updateAssignment(tx, undoOf, { undoneAt: null });
    await recordAssignment(tx, id, { status: "CANCELLED", finishedAt: tx.now() });
  });
}

/** Why a bulk assignment cannot be undone at this time, or null. */
export const whyNotUndoAssignment = (bulk: AssignmentRow, now: Date): string | null =>
  bulk.undoOf === null ? whyNotTakeBack(bulk, now) : "It is an undo itself.";

/**
 * Asks for those to be taken out again whom a bulk assignment put in, and returns the id of the one that does it. Throws BulkAssignmentNotFound,
 * BulkAssignmentNotInState.
 */
export async function undoBulkAssignment(ctx: Context, id: string): Promise<string> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    // The campaign before its rows, as whoever deletes it.
    const found = await findAssignment(tx, id);
    if (found) await shareCampaign(tx, found.campaignId);
    const bulk = found && (await lockAssignment(tx, id));
    if (!bulk) throw BulkAssignmentNotFound();
    const why = whyNotUndoAssignment(bulk, tx.now());
    if (why) throw BulkAssignmentNotInState(why);
    const { campaignId, changedCount } = bulk;
    const total = changedCount - (await countTakenOut(tx, bulk));
    const undoId = await insertAssignment(tx, { campaignId, filter: {}, total, isEstimate: false, undoOf: id });
    if (undoId === undefined) throw BulkAssignmentNotInState("It is being undone already.");
    await updateAssignment(tx, id, { undoneAt: tx.now() });
    await announce(tx, undoId);
    return undoId;
  });
}

/** Writes how far a bulk assignment has come, and tells it. */
export async function recordAssignment(tx: Context, id: string, change: AssignmentChange): Promise<void> {
  await updateAssignment(tx, id, change);
  await announce(tx, id);
}

async function announce(tx: Context, id: string): Promise<void> {
  const bulk = await findAssignment(tx, id);
  if (!bulk) return;
  const { campaignId, status, total, changedCount: changed, unchangedCount: unchanged, refusedCount: refused } = bulk;
  const told = { bulkAssignmentId: id, campaignId, total, changed, unchanged, refused };
  if (isOpen(bulk)) await emit(tx, bulkAssignmentProgressed, told, { subjectId: id });
  else await emit(tx, bulkAssignmentFinished, { ...told, status }, { subjectId: id });
}
