import { implement } from "@orpc/server";
import { type Context, allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { previewBulkEnrollment } from "../commands/preview-bulk-enrollment.ts";
import { cancelBulkEnrollment, startBulkEnrollment } from "../commands/start-bulk-enrollment.ts";
import { type BulkEnrollmentView, bulkEnrollmentOperations } from "../contract/bulk-enrollments.ts";
import { BulkEnrollmentNotFound } from "../problems.ts";
import { type BulkRow, findBulk, listBulks } from "../queries/bulk-enrollments.ts";
import { showFilter } from "./show-filter.ts";

const os = implement(bulkEnrollmentOperations).$context<RequestContext>();

const show = (ctx: Context, row: BulkRow): BulkEnrollmentView => ({
  id: row.id,
  sequenceId: row.sequenceId,
  sequenceName: row.sequenceName,
  campaignId: row.campaignId,
  filter: showFilter(ctx, row.filter),
  status: row.status,
  total: row.total,
  enrolled: row.enrolledCount,
  refused: row.refusedCount,
  refusals: row.refusals,
  failure: row.failure,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  finishedAt: instantOrNull(row.finishedAt),
});

async function showOne(ctx: Context, id: string): Promise<BulkEnrollmentView> {
  const row = await findBulk(ctx, id);
  if (!row) throw BulkEnrollmentNotFound();
  return show(ctx, row);
}

export const bulkEnrollmentRoutes = {
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await startBulkEnrollment(ctx, input))),
  preview: os.preview.handler(({ context: { ctx }, input }) => previewBulkEnrollment(ctx, input)),
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "outreach:read");
    const rows = await listBulks(ctx, { ...filter, limit, after: instantCursor(cursor) });
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => show(ctx, row),
    );
  }),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showOne(ctx, input.bulkEnrollmentId);
  }),
  cancel: os.cancel.handler(async ({ context: { ctx }, input: { bulkEnrollmentId } }) => {
    await cancelBulkEnrollment(ctx, bulkEnrollmentId);
    return showOne(ctx, bulkEnrollmentId);
  }),
};
