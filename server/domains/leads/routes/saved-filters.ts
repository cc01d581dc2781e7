import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { changeSavedFilter, forgetSavedFilter, saveFilter } from "../commands/save-filter.ts";
import { savedFilterOperations, type SavedFilterView } from "../contract/saved-filters.ts";
import { SavedFilterNotFound } from "../problems.ts";
import { findSavedFilter, listGone, listSavedFilterRows, type SavedFilter } from "../queries/saved-filters.ts";

const os = implement(savedFilterOperations).$context<RequestContext>();

async function show(ctx: Context, rows: readonly SavedFilter[]): Promise<SavedFilterView[]> {
  const gone = await listGone(
    ctx,
    rows.map(({ filter }) => filter),
  );
  return rows.map((row, place) => ({
    ...row,
    gone: gone[place] ?? [],
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
}

async function showOne(ctx: Context, id: string): Promise<SavedFilterView> {
  const row = await findSavedFilter(ctx, id);
  const [view] = row ? await show(ctx, [row]) : [];
  if (!view) throw SavedFilterNotFound();
  return view;
}

export const savedFilterHandlers = {
  list: os.list.handler(async ({ context: { ctx } }) => {
    allow(ctx, "leads:read");
    return { data: await show(ctx, await listSavedFilterRows(ctx)) };
  }),
  get: os.get.handler(({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    return showOne(ctx, input.savedFilterId);
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await saveFilter(ctx, input))),
  change: os.change.handler(async ({ context: { ctx }, input: { savedFilterId, expectedUpdatedAt, ...patch } }) => {
    await changeSavedFilter(ctx, savedFilterId, patch, expectedUpdatedAt);
    return showOne(ctx, savedFilterId);
  }),
  delete: os.delete.handler(({ context: { ctx }, input }) => forgetSavedFilter(ctx, input.savedFilterId)),
};
