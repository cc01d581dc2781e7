import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { Permission } from "#platform/permissions.ts";
import { Invalid } from "#platform/problems.ts";
import { type BulkDoing, bulkDoingSchema } from "../bulk/change.ts";
import { decide } from "../bulk/decide.ts";
import type { BulkActionPreview, NewBulkAction } from "../contract/bulk-actions.ts";
import { readCustomValues } from "../custom-fields.ts";
import { bulkActionFinished, bulkActionProgressed } from "../messages.ts";
import { BulkActionNotFound, BulkActionNotInState, BulkActionNotUndoable } from "../problems.ts";
import {
  findBulkAction,
  findUndone,
  insertBulkAction,
  lockBulkAction,
  updateBulkAction,
  type BulkActionRow,
} from "../queries/bulk-actions.ts";
import { loadBulkLeads } from "../queries/bulk-leads.ts";
import { countLeads } from "../queries/count-leads.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { findExisting } from "../queries/leads.ts";
import { firstMatching } from "../queries/next-leads.ts";
import { whyNotUndo } from "../rules.ts";

/** What a person must be allowed to do, for each kind. */
const PERMISSION: Record<BulkDoing["kind"], Permission> = {
  tags: "leads:write",
  status: "leads:write",
  field: "leads:write",
  suppress: "suppressions:write",
  delete: "leads:delete",
};

/** Leads that a preview looks at one by one. */
const LOOKED_AT = 1_000;

/** A value of an own field as the field holds it; throws Invalid where it cannot, or where nothing is asked. */
async function readDoing(ctx: Context, doing: BulkDoing): Promise<BulkDoing> {
  allow(ctx, PERMISSION[doing.kind]);
  if (doing.kind === "tags" && doing.addTags.length + doing.removeTags.length === 0)
    throw Invalid(undefined, [{ pointer: "/addTags", detail: "Name a tag to add or to remove." }]);
  if (doing.kind !== "field") return doing;
  const { values, faults } = readCustomValues(await listFieldRows(ctx), { [doing.key]: doing.value });
  const [fault] = faults;
  if (fault) throw Invalid(undefined, [{ pointer: "/value", detail: fault.reason }]);
  return { ...doing, value: values[doing.key] ?? null };
}

async function countWanted(ctx: Context, { filter, leadIds }: NewBulkAction) {
  if (leadIds) return { count: new Set(leadIds).size, isEstimate: false };
  return countLeads(ctx, filter ?? {});
}

/**
 * Asks for a change to all leads of a filter, or to those that are named, and returns its id; the loop does it. The leads are counted one by
 * one up to 10,000 only, so it starts at once however many there are.
 */
export async function startBulkAction(ctx: Context, asked: NewBulkAction): Promise<string> {
  allow(ctx, "leads:write");
  const { kind, ...change } = await readDoing(ctx, bulkDoingSchema.parse(asked.doing));
  const { count: total, isEstimate } = await countWanted(ctx, asked);
  const leadIds = asked.leadIds ? [...new Set(asked.leadIds)] : null;
  return inTransaction(ctx, async (tx) => {
    const id = await insertBulkAction(tx, {
      kind,
      change,
      filter: asked.filter ?? {},
      leadIds,
      total,
      isEstimate,
      undoOf: null,
    });
    if (id === undefined) throw new Error("A bulk action was not written.");
    await announce(tx, id);
    return id;
  });
}

/**
 * How many leads an action is for, and what would become of the first thousand, or where they lie far apart in a large list of fewer, by the rules of
 * the action itself; writes nothing.
 */
export async function previewBulkAction(ctx: Context, asked: NewBulkAction): Promise<BulkActionPreview> {
  allow(ctx, "leads:read");
  const doing = await readDoing(ctx, bulkDoingSchema.parse(asked.doing));
  const { ids, isAll } = asked.leadIds
    ? { ids: await findExisting(ctx, asked.leadIds, null, LOOKED_AT), isAll: false }
    : await firstMatching(ctx, asked.filter ?? {}, LOOKED_AT);
  const counted = isAll ? { count: ids.length, isEstimate: false } : await countWanted(ctx, asked);
  const leads = await loadBulkLeads(ctx, ids, doing.kind === "suppress" ? doing.scope : null);
  const verdicts = [...leads.values()].map((lead) => decide(doing, lead));
  const refusals = new Map<string, number>();
  for (const verdict of verdicts)
    if (verdict.kind === "refused") refusals.set(verdict.reason, (refusals.get(verdict.reason) ?? 0) + 1);
  const countOf = (kind: string) => verdicts.filter((verdict) => verdict.kind === kind).length;
  return {
    ...counted,
    lookedAt: verdicts.length,
    changed: countOf("changed"),
    unchanged: countOf("unchanged"),
    refused: countOf("refused"),
    refusals: [...refusals].map(([reason, count]) => ({ reason, count })),
  };
}

/**
 * Ends a bulk action behind the batch it is at; what was changed stays. The rest of what an undo was to put back can be put back by another.
 * Throws BulkActionNotFound, BulkActionNotInState.
 */
export async function cancelBulkAction(ctx: Context, id: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    // What is undone before its undo, as whoever asks for one.
    const undoOf = (await findBulkAction(tx, id))?.undoOf ?? null;
    if (undoOf !== null) await lockBulkAction(tx, undoOf);
    const action = await lockBulkAction(tx, id);
    if (!action) throw BulkActionNotFound();
    if (!isOpen(action)) throw BulkActionNotInState(`It is ${action.status}.`);
    if (undoOf !== null) await updateBulkAction(tx, undoOf, { undoneAt: null });
    await updateBulkAction(tx, id, { status: "CANCELLED", finishedAt: tx.now() });
    await announce(tx, id);
  });
}

/**
 * Asks for what a bulk action changed to be as it was, for leads that nobody changed since; returns the id of the action that does it. It goes on
 * where one that was stopped has come to: what became of those leads since is somebody else's. Throws BulkActionNotFound, BulkActionNotUndoable.
 */
export async function undoBulkAction(ctx: Context, id: string): Promise<string> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    const action = await lockBulkAction(tx, id);
    if (!action) throw BulkActionNotFound();
    const why = whyNotUndo(action, tx.now());
    if (why) throw BulkActionNotUndoable(why);
    const { cursor, count } = await findUndone(tx, id);
    const undoId = await insertBulkAction(tx, {
      kind: "undo",
      change: {},
      filter: {},
      leadIds: null,
      total: action.changedCount - count,
      isEstimate: false,
      undoOf: id,
      cursor,
    });
    if (undoId === undefined) throw BulkActionNotUndoable("It is being undone already.");
    await updateBulkAction(tx, id, { undoneAt: tx.now() });
    await announce(tx, undoId);
    return undoId;
  });
}

/** Tells how far an action has come, or that it is over. */
export async function announce(tx: Context, id: string): Promise<void> {
  const action = await findBulkAction(tx, id);
  if (!action) return;
  const { kind, status, total } = action;
  const counts = { changed: action.changedCount, unchanged: action.unchangedCount, refused: action.refusedCount };
  const told = { bulkActionId: id, kind, total, ...counts };
  if (isOpen(action)) await emit(tx, bulkActionProgressed, told, { subjectId: id });
  else await emit(tx, bulkActionFinished, { ...told, status }, { subjectId: id });
}

export const isOpen = ({ status }: Pick<BulkActionRow, "status">) => status === "QUEUED" || status === "RUNNING";
