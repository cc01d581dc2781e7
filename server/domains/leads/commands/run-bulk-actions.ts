import { allow, type Context, inTransaction } from "#platform/context.ts";
import { isId } from "#platform/ids.ts";
import { forEach } from "#platform/loops.ts";
import type { Runtime } from "#platform/runtime.ts";
import { deleteMany, suppressMany, writeChanges } from "../bulk/carry-out.ts";
import { beforeSchema, type BulkDoing, bulkDoingSchema, type LeadVerdict } from "../bulk/change.ts";
import { type BulkLead, decide, decideBack } from "../bulk/decide.ts";
import {
  type BulkActionRow,
  findBulkAction,
  forgetBulkRows,
  insertBulkRows,
  listOpenBulkActions,
  lockBulkAction,
  nextChanged,
  updateBulkAction,
  workspacesWithOpenBulkActions,
} from "../queries/bulk-actions.ts";
import { loadBulkLeads } from "../queries/bulk-leads.ts";
import { findExisting, lockLeads } from "../queries/leads.ts";
import { nextInOrder } from "../queries/next-leads.ts";
import { BULK_UNDO_DAYS, isErasedSearch, leadFilterSchema, SEARCH_ERASED } from "../rules.ts";
import { announce, isOpen } from "./start-bulk-action.ts";

/** Leads of one transaction: what whoever wants one of them may have to wait for. */
const BATCH = 1_000;
const DAY_MS = 86_400_000;

/**
 * One batch of each bulk action that is not over: of those just asked for, and of those whose process died. True while one has more leads.
 *
 * Any number of processes may do this at once. A batch and the lead that it reaches are one transaction that holds the action's row; whoever
 * finds the row held leaves it alone. So every lead is taken once, and a process that is killed loses only the batch it was at.
 */
export async function runBulkActions(runtime: Runtime): Promise<boolean> {
  const open = await workspacesWithOpenBulkActions({ db: runtime.database.forWorkspace("") });
  return forEach(open, 1, async (workspace) => {
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "leads.run-bulk-actions" });
    return forEach(await listOpenBulkActions(ctx), 1, (id) => takeBatch(ctx, id));
  });
}

async function takeBatch(ctx: Context, id: string): Promise<boolean> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    const action = await lockBulkAction(tx, id, { skip: true });
    if (!action || !isOpen(action)) return false;
    const undone = action.undoOf === null ? action : await findBulkAction(tx, action.undoOf);
    const doing = bulkDoingSchema.safeParse({ ...undone?.change, kind: undone?.kind });
    const failure = doing.success ? whyNotGoOn(action) : "What it was to do is gone.";
    if (!doing.success || failure) {
      // It went with the data of a person who was erased.
      await updateBulkAction(tx, id, { status: "FAILED", failure, finishedAt: tx.now() });
      await announce(tx, id);
      return false;
    }
    const acting = asking(tx, action);
    const { verdicts, next } = await (action.undoOf === null
      ? doNext(acting, action, doing.data)
      : undoNext(acting, action, doing.data, action.undoOf));
    await insertBulkRows(tx, id, verdicts);
    const countOf = (kind: LeadVerdict["kind"]) => verdicts.filter((verdict) => verdict.kind === kind).length;
    const done = next === null;
    await updateBulkAction(tx, id, {
      status: done ? "COMPLETED" : "RUNNING",
      changedCount: action.changedCount + countOf("changed"),
      unchangedCount: action.unchangedCount + countOf("unchanged"),
      refusedCount: action.refusedCount + countOf("refused"),
      cursor: next ?? action.cursor,
      finishedAt: done ? tx.now() : null,
    });
    await announce(tx, id);
    return !done;
  });
}

const whyNotGoOn = ({ leadIds, filter }: BulkActionRow): string | null =>
  leadIds === null && isErasedSearch(leadFilterSchema.parse(filter)) ? SEARCH_ERASED : null;

/** `next`: where the next batch begins; null when there are no more behind this one. */
type Step = { verdicts: LeadVerdict[]; next: string | null };

const nextOf = (ids: readonly string[]) => (ids.length < BATCH ? null : (ids.at(-1) ?? null));

async function doNext(tx: Context, action: BulkActionRow, doing: BulkDoing): Promise<Step> {
  const { leadIds, cursor } = action;
  const { ids, next } = leadIds
    ? await nextNamed(tx, leadIds, cursor)
    : await nextInOrder(tx, leadFilterSchema.parse(action.filter), cursor, BATCH);
  const leads = await holdLeads(tx, ids, doing);
  const verdicts = [...leads.values()].map((lead) => decide(doing, lead));
  const changed = verdicts.flatMap((verdict) => (verdict.kind === "changed" ? [verdict.change] : []));
  if (doing.kind === "delete") await deleteMany(tx, [...leads.keys()]);
  else if (doing.kind === "suppress")
    await suppressMany(
      tx,
      changed.flatMap(({ leadId }) => leads.get(leadId) ?? []),
      doing,
    );
  else await writeChanges(tx, changed, leads);
  return { verdicts, next };
}

async function nextNamed(tx: Context, leadIds: readonly string[], after: string | null) {
  const ids = await findExisting(tx, leadIds, after, BATCH);
  return { ids, next: nextOf(ids) };
}

async function undoNext(tx: Context, action: BulkActionRow, doing: BulkDoing, undoOf: string): Promise<Step> {
  const rows = await nextChanged(tx, undoOf, action.cursor, BATCH);
  const ids = rows.map(({ leadId }) => leadId);
  const leads = await holdLeads(tx, ids, doing);
  const verdicts = rows.map(({ leadId, before }) =>
    decideBack(doing, beforeSchema.parse(before), leadId, leads.get(leadId)),
  );
  await writeChanges(
    tx,
    verdicts.flatMap((verdict) => (verdict.kind === "changed" ? [verdict.change] : [])),
    leads,
  );
  return { verdicts, next: nextOf(ids) };
}

/** The leads as they are once nobody else can change them; those that were deleted meanwhile are missing. */
async function holdLeads(tx: Context, ids: readonly string[], doing: BulkDoing): Promise<Map<string, BulkLead>> {
  await lockLeads(tx, ids, { wait: true });
  return loadBulkLeads(tx, ids, doing.kind === "suppress" ? doing.scope : null);
}

/** Whoever asked is named in the events; what they may was checked when they asked. */
function asking(tx: Context, { createdBy }: BulkActionRow): Context {
  if (!createdBy) return tx;
  const kind = isId("key", createdBy) ? "api_key" : "user";
  const permissions = new Set(["leads:write", "leads:delete", "suppressions:write"] as const);
  return { ...tx, actor: { kind, id: createdBy, name: "", permissions } };
}

/** In each workspace: what bulk actions keep to be undone by goes when they no longer can be. */
export async function forgetBulkActions(runtime: Runtime): Promise<boolean> {
  const { db } = runtime.contextFor("", { kind: "system", id: "leads.forget-bulk-actions" });
  const before = new Date(runtime.clock.now().getTime() - BULK_UNDO_DAYS * DAY_MS);
  for (const { id } of await db.selectFrom("workspaces").select("id").execute())
    await forgetBulkRows(runtime.contextFor(id, { kind: "system", id: "leads.forget-bulk-actions" }), before);
  return false;
}
