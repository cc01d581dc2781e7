import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { mergeLeads } from "../commands/merge-leads.ts";
import { undoMerge } from "../commands/undo-merge.ts";
import { mergeOperations, type MergeView } from "../contract/merges.ts";
import { snapshotSchema } from "../merge/snapshot.ts";
import { MergeNotFound } from "../problems.ts";
import { findMerge, listMerges, type MergeRow } from "../queries/merges.ts";
import { MERGE_UNDO_DAYS } from "../rules.ts";

const os = implement(mergeOperations).$context<RequestContext>();
const UNDO_MS = MERGE_UNDO_DAYS * 86_400_000;

function nameOfOther(snapshot: unknown): string | null {
  const read = snapshotSchema.safeParse(snapshot);
  if (!read.success) return null;
  const { firstName, lastName, fullName, addresses } = read.data.other;
  return fullName ?? ([firstName, lastName].filter(Boolean).join(" ") || (addresses[0]?.value ?? null));
}

const showMerge = ({ snapshot, moved: _moved, ...merge }: MergeRow): MergeView => ({
  ...merge,
  otherName: nameOfOther(snapshot),
  mergedAt: merge.mergedAt.toISOString(),
  undoneAt: instantOrNull(merge.undoneAt),
  undoUntil: new Date(merge.mergedAt.getTime() + UNDO_MS).toISOString(),
});

async function show(ctx: Context, mergeId: string): Promise<MergeView> {
  const merge = await findMerge(ctx, mergeId);
  if (!merge) throw MergeNotFound();
  return showMerge(merge);
}

export const mergeHandlers = {
  create: os.create.handler(({ context: { ctx }, input }) =>
    mergeLeads(ctx, {
      survivorId: input.leadId,
      otherId: input.otherLeadId,
      fields: input.fields,
      dryRun: input.dryRun,
    }),
  ),
  list: os.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const { limit, leadId } = input;
    const rows = await listMerges(ctx, { leadId, limit, after: instantCursor(input.cursor) });
    return toPage(rows, limit, (row) => [row.mergedAt.getTime(), row.id], showMerge);
  }),
  get: os.get.handler(({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    return show(ctx, input.mergeId);
  }),
  undo: os.undo.handler(async ({ context: { ctx }, input }) => {
    await undoMerge(ctx, input.mergeId);
    return show(ctx, input.mergeId);
  }),
};
