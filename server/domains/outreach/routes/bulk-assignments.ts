import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { previewBulkAssignment } from "../commands/preview-bulk-assignment.ts";
import {
  cancelBulkAssignment,
  startBulkAssignment,
  undoBulkAssignment,
  whyNotUndoAssignment,
} from "../commands/start-bulk-assignment.ts";
import { type BulkAssignmentView, bulkAssignmentOperations } from "../contract/bulk-assignments.ts";
import { BulkAssignmentNotFound } from "../problems.ts";
import { type AssignmentRow, findAssignment, listAssignments } from "../queries/bulk-assignments.ts";
import { showFilter } from "./show-filter.ts";

const os = implement(bulkAssignmentOperations).$context<RequestContext>();

function show(ctx: Context, row: AssignmentRow): BulkAssignmentView {
  const { changedCount, unchangedCount, refusedCount, beforeLead: _beforeLead, cursor: _cursor, ...plain } = row;
  return {
    ...plain,
    filter: showFilter(ctx, row.filter),
    changed: changedCount,
    unchanged: unchangedCount,
    refused: refusedCount,
    whyNotUndo: whyNotUndoAssignment(row, ctx.now()),
    undoneAt: instantOrNull(row.undoneAt),
    createdAt: row.createdAt.toISOString(),
    finishedAt: instantOrNull(row.finishedAt),
  };
}

async function showOne(ctx: Context, id: string): Promise<BulkAssignmentView> {
  const row = await findAssignment(ctx, id);
  if (!row) throw BulkAssignmentNotFound();
  return show(ctx, row);
}

export const bulkAssignmentRoutes = {
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await startBulkAssignment(ctx, input))),
  preview: os.preview.handler(({ context: { ctx }, input }) => previewBulkAssignment(ctx, input)),
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, campaignId } }) => {
    allow(ctx, "outreach:read");
    const rows = await listAssignments(ctx, { campaignId, limit, after: instantCursor(cursor) });
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => show(ctx, row),
    );
  }),
  get: os.get.handler(({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showOne(ctx, input.bulkAssignmentId);
  }),
  cancel: os.cancel.handler(async ({ context: { ctx }, input: { bulkAssignmentId } }) => {
    await cancelBulkAssignment(ctx, bulkAssignmentId);
    return showOne(ctx, bulkAssignmentId);
  }),
  undo: os.undo.handler(async ({ context: { ctx }, input }) =>
    showOne(ctx, await undoBulkAssignment(ctx, input.bulkAssignmentId)),
  ),
};
