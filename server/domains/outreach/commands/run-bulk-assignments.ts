import type { Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { Runtime } from "#platform/runtime.ts";
import { isErasedSearch, leadFilterSchema, nextInOrder, SEARCH_ERASED } from "#domains/leads/index.ts";
import { type Refused, whyNotTakeOut } from "../campaign-entry.ts";
import { asAsker, isOpen, turnBulkWork } from "../engine/bulk-turns.ts";
import { bringIntoCampaign } from "../engine/put-into-campaign.ts";
import { campaignChanged } from "../messages.ts";
import { CampaignNotInState } from "../problems.ts";
import {
  type AssignmentRow,
  findAssignment,
  holdBrought,
  listOpenAssignments,
  lockAssignment,
  workspacesWithOpenAssignments,
} from "../queries/bulk-assignments.ts";
import { type CampaignRow, deleteCampaignLeads, lockCampaign } from "../queries/campaign-rows.ts";
import { gatherRefusals } from "../refusals.ts";
import { recordAssignment } from "./start-bulk-assignment.ts";

/** Leads of one transaction: for so long whoever else puts leads into the campaign has to wait. */
const BATCH = 1_000;

/** One batch of each bulk assignment that is not over; true while one has more leads. `batch`: leads at most. */
export const runBulkAssignments = (runtime: Runtime, batch = BATCH): Promise<boolean> =>
  turnBulkWork(runtime, {
    name: "outreach.run-bulk-assignments",
    workspaces: workspacesWithOpenAssignments,
    listOpen: listOpenAssignments,
    next: (tx, id) => takeNext(tx, id, batch),
    async fail(tx, id, failure) {
      const bulk = await lockAssignment(tx, id, { skip: true });
      if (bulk && isOpen(bulk)) await recordAssignment(tx, id, { status: "FAILED", failure, finishedAt: tx.now() });
    },
  });

/** What a batch came to. `cursor`: where the next begins; null: it was the last. */
type Step = { changed: string[]; unchanged: number; refused: Refused[]; cursor: string | null };

async function takeNext(tx: Context, id: string, batch: number): Promise<boolean> {
  // The campaign before its rows, as whoever deletes it.
  const found = await findAssignment(tx, id);
  const campaign = found && (await lockCampaign(tx, found.campaignId));
  const bulk = campaign && (await lockAssignment(tx, id, { skip: true }));
  if (!bulk || !isOpen(bulk)) return false;
  const acting = asAsker(tx, bulk);
  const { changed, unchanged, refused, cursor } = await (bulk.undoOf === null
    ? putNext(acting, campaign, bulk, batch)
    : takeOutNext(acting, campaign, bulk, bulk.undoOf, batch));
  if (changed.length > 0) {
    const { id: campaignId, name, status } = campaign;
    await emit(acting, campaignChanged, { campaignId, name, status }, { subjectId: campaignId });
  }
  await recordAssignment(tx, id, {
    status: cursor === null ? "COMPLETED" : "RUNNING",
    changedCount: bulk.changedCount + changed.length,
    unchangedCount: bulk.unchangedCount + unchanged,
    refusedCount: bulk.refusedCount + refused.length,
    refusals: gatherRefusals(bulk.refusals, refused),
    cursor: cursor ?? bulk.cursor,
    finishedAt: cursor === null ? tx.now() : null,
  });
  return cursor !== null;
}

async function putNext(tx: Context, campaign: CampaignRow, bulk: AssignmentRow, batch: number): Promise<Step> {
  if (campaign.status === "COMPLETED") throw CampaignNotInState("A completed campaign takes nobody in.");
  const filter = leadFilterSchema.parse(bulk.filter);
  if (isErasedSearch(filter)) throw CampaignNotInState(SEARCH_ERASED);
  const { ids, next } = await nextInOrder(tx, filter, bulk.cursor, batch);
  // Ids sort by their making: who has come since it was asked is not among those whom the preview was about.
  const asked = ids.filter((id) => id < bulk.beforeLead);
  const { added, inside, refused, hasRoom } = await bringIntoCampaign(tx, campaign, asked, bulk.id);
  // Once it is full, nobody further comes in.
  return { changed: added, unchanged: inside, refused, cursor: hasRoom ? next : null };
}

/** Whom the other one put in and nothing was begun with since. Who was taken out meanwhile is not its concern any more. */
async function takeOutNext(
  tx: Context,
  campaign: CampaignRow,
  bulk: AssignmentRow,
  undoOf: string,
  batch: number,
): Promise<Step> {
  const brought = await holdBrought(tx, undoOf, bulk.cursor, batch);
  const refused = brought.flatMap(({ leadId, ...lead }): Refused[] => {
    const fault = whyNotTakeOut(lead);
    return fault ? [{ leadId, code: fault.code, reason: fault.detail }] : [];
  });
  const stay = new Set(refused.map(({ leadId }) => leadId));
  const changed = await deleteCampaignLeads(
    tx,
    campaign.id,
    brought.flatMap(({ leadId }) => (stay.has(leadId) ? [] : leadId)),
  );
  const last = brought.length < batch ? null : (brought.at(-1)?.id ?? null);
  return { changed, unchanged: 0, refused, cursor: last };
}
