import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { cancelBulkAction, previewBulkAction, startBulkAction, undoBulkAction } from "../commands/start-bulk-action.ts";
import { bulkActionOperations, type BulkActionView } from "../contract/bulk-actions.ts";
import { streamCsv } from "../csv/write.ts";
import { BulkActionNotFound } from "../problems.ts";
import {
  type BulkActionRow,
  countRefusals,
  findBulkAction,
  listBulkActions,
  listRefused,
} from "../queries/bulk-actions.ts";
import { leadFilterSchema, whyNotUndo } from "../rules.ts";
import { csvHeaders } from "./show.ts";

const os = implement(bulkActionOperations).$context<RequestContext>();

const show = (row: BulkActionRow, now: Date): BulkActionView => ({
  id: row.id,
  kind: row.kind,
  change: row.change,
  filter: leadFilterSchema.parse(row.filter),
  status: row.status,
  total: row.total,
  isEstimate: row.isEstimate,
  changed: row.changedCount,
  unchanged: row.unchangedCount,
  refused: row.refusedCount,
  failure: row.failure,
  undoOf: row.undoOf,
  undoneAt: instantOrNull(row.undoneAt),
  whyNotUndo: whyNotUndo(row, now),
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  finishedAt: instantOrNull(row.finishedAt),
});

async function findOne(ctx: Context, id: string): Promise<BulkActionRow> {
  const row = await findBulkAction(ctx, id);
  if (!row) throw BulkActionNotFound();
  return row;
}

const showOne = async (ctx: Context, id: string) => show(await findOne(ctx, id), ctx.now());

const PAGE = 1_000;
async function* refusedPages(ctx: Context, id: string): AsyncGenerator<unknown[][], undefined> {
  for (let after: string | undefined; ;) {
    const rows = await listRefused(ctx, id, { limit: PAGE, after });
    if (rows.length === 0) return undefined;
    yield rows.map(({ leadId, name, email, reason }) => [leadId, name, email, reason]);
    after = rows.at(-1)?.leadId;
  }
}

export const bulkActionHandlers = {
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await startBulkAction(ctx, input))),
  preview: os.preview.handler(({ context: { ctx }, input }) => previewBulkAction(ctx, input)),
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor } }) => {
    allow(ctx, "leads:read");
    const rows = await listBulkActions(ctx, { limit, after: instantCursor(cursor) });
    const now = ctx.now();
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => show(row, now),
    );
  }),
  get: os.get.handler(async ({ context: { ctx }, input: { bulkActionId } }) => {
    allow(ctx, "leads:read");
    return { ...(await showOne(ctx, bulkActionId)), refusals: await countRefusals(ctx, bulkActionId) };
  }),
  refusedCsv: os.refusedCsv.handler(async ({ context: { ctx }, input: { bulkActionId } }) => {
    allow(ctx, "leads:read");
    await findOne(ctx, bulkActionId);
    const header = ["lead", "name", "email", "reason"];
    return { headers: csvHeaders("refused.csv"), body: streamCsv(header, refusedPages(ctx, bulkActionId)) };
  }),
  cancel: os.cancel.handler(async ({ context: { ctx }, input: { bulkActionId } }) => {
    await cancelBulkAction(ctx, bulkActionId);
    return showOne(ctx, bulkActionId);
  }),
  undo: os.undo.handler(async ({ context: { ctx }, input: { bulkActionId } }) =>
    showOne(ctx, await undoBulkAction(ctx, bulkActionId)),
  ),
};
