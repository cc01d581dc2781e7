import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { mergeUndone } from "../messages.ts";
import { listMergeHooks } from "../merge/hooks.ts";
import { planUndo } from "../merge/plan.ts";
import { type MergeSnapshot, snapshotSchema } from "../merge/snapshot.ts";
import { MergeNotFound, MergeNotUndoable } from "../problems.ts";
import {
  deleteOpenProposals,
  deleteRowKey,
  findMerge,
  findMergeOf,
  listLaterMerges,
  markUndone,
  moveRowKeys,
  restoreLeadRows,
  type MergeRow,
} from "../queries/merges.ts";
import { findTagsByName, untagLeads } from "../queries/tags.ts";
import { loadKnownLeads, lockAddresses, lockKnownLeads } from "../queries/upsert-load.ts";
import { updateLeadRows, writeAddresses } from "../queries/upsert-write.ts";
import { MERGE_UNDO_DAYS } from "../rules.ts";
import type { KnownLead } from "../upsert/known.ts";
import { wantedOf } from "../merge/wanted.ts";

const DAY_MS = 86_400_000;

/**
 * Makes two leads of one again: both as they were, but for what was changed since; what came in or went out since stays with the survivor.
 * Addresses that the merge closed stay closed: only a person opens one, knowing why. Undoing twice is undoing once.
 */
export async function undoMerge(ctx: Context, mergeId: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const merge = await findMerge(tx, mergeId, true);
    if (!merge) throw MergeNotFound();
    if (merge.undoneAt) return;
    if (tx.now().getTime() - merge.mergedAt.getTime() > MERGE_UNDO_DAYS * DAY_MS)
      throw MergeNotUndoable(`It was made more than ${MERGE_UNDO_DAYS} days ago; what it takes is no longer kept.`);
    if (isForgotten(merge)) throw MergeNotUndoable("A person's data was erased, and with it what the undoing takes.");
    const snapshot = snapshotSchema.parse(merge.snapshot);
    await lockAddresses(tx, wantedOf(snapshot.other));
    const [now] = await lockKnownLeads(tx, [merge.survivorId]);
    if (!now) throw MergeNotUndoable(await whereSurvivorIs(tx, merge));
    await refuseTaken(tx, merge, snapshot);
    await carryBack(tx, merge, snapshot, now);
    await emit(
      tx,
      mergeUndone,
      { mergeId, survivorId: merge.survivorId, otherId: merge.otherId },
      { leadId: merge.survivorId, subjectId: mergeId },
    );
  });
}

const isForgotten = ({ snapshot }: MergeRow) =>
  typeof snapshot === "object" && snapshot !== null && Object.keys(snapshot).length === 0;

async function whereSurvivorIs(tx: Context, merge: MergeRow): Promise<string> {
  const next = await findMergeOf(tx, merge.survivorId);
  return next
    ? `The lead was merged into ${next.survivorId} since. Undo that merge (${next.id}) first.`
    : "The lead that came of it was deleted.";
}

/** An address or id that went to a third lead meanwhile cannot be given back to the other. */
async function refuseTaken(tx: Context, merge: MergeRow, { other }: MergeSnapshot): Promise<void> {
  const wanted = wantedOf(other);
  const third = (await loadKnownLeads(tx, wanted, "look")).filter(({ id }) => id !== merge.survivorId);
  for (const lead of third) {
    const address = wanted.addresses.find(
      ({ kind, value }) => kind !== "PHONE" && lead.addresses.some((own) => own.kind === kind && own.value === value),
    );
    if (address) throw MergeNotUndoable(`${address.value} belongs to the lead ${lead.id} now.`);
    if (lead.source === other.source && other.externalId !== null && lead.externalId === other.externalId)
      throw MergeNotUndoable(`The ID ${other.externalId} belongs to the lead ${lead.id} now.`);
  }
}

async function carryBack(tx: Context, merge: MergeRow, snapshot: MergeSnapshot, now: KnownLead): Promise<void> {
  const { survivor, other, merged, rows, addedKey, addedProposals } = snapshot;
  const draft = planUndo(now, survivor, other, merged);
  await deleteOpenProposals(tx, addedProposals);
  await updateLeadRows(tx, [draft]);
  await writeAddresses(tx, [draft]);
  const brought = now.tags.filter((tag) => !draft.tags.includes(tag));
  await untagLeads(tx, [now.id], await findTagsByName(tx, brought));
  await restoreLeadRows(tx, rows);
  if (addedKey !== null) await deleteRowKey(tx, now.id, addedKey);
  await moveRowKeys(
    tx,
    now.id,
    merge.otherId,
    rows.rowKeys.map(({ key }) => String(key)),
  );
  const { id: mergeId, survivorId, otherId, mergedAt } = merge;
  const after = await listLaterMerges(tx, merge);
  for (const hook of listMergeHooks()) {
    const later = after.map(({ id, moved }) => ({ mergeId: id, moved: moved[hook.name] ?? null }));
    await hook.undo(tx, { mergeId, survivorId, otherId, mergedAt, later }, merge.moved[hook.name] ?? null);
  }
  await markUndone(tx, merge.id);
}
