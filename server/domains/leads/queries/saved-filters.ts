import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import { newId } from "#platform/ids.ts";
import { readCondition, whyNotCondition } from "../custom-fields.ts";
import { type LeadFilter, leadFilterSchema, type ViewSort } from "../rules.ts";
import { fold } from "../search-text.ts";
import { listFieldRows } from "./custom-fields.ts";
import { allOf, conditionsOf, like, patternsOf } from "./filter.ts";

export type SavedFilter = {
  id: string;
  name: string;
  filter: LeadFilter;
  columns: string[];
  sort: ViewSort | null;
  shared: boolean;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
};

export type SavedFilterInput = Pick<SavedFilter, "name" | "filter" | "columns" | "sort" | "shared">;

const ROW = ["id", "name", "filter", "columns", "sort", "shared", "createdBy", "createdAt", "updatedAt"] as const;
export const MOST_SAVED_FILTERS = 500;

/** Those of everybody and the reader's own. */
const visible = (ctx: Context) =>
  ctx.db
    .selectFrom("savedFilters")
    .select(ROW)
    .where("workspaceId", "=", ctx.workspace)
    .where((eb) => eb.or([eb("shared", "=", true), eb("createdBy", "=", ctx.actor.id)]));

type Row = Omit<SavedFilter, "filter"> & { filter: Record<string, unknown> };
const read = (row: Row): SavedFilter => ({ ...row, filter: leadFilterSchema.parse(row.filter) });

/** By name; at most 500 in a workspace: no pages. */
export async function listSavedFilterRows(ctx: Context): Promise<SavedFilter[]> {
  return (await visible(ctx).orderBy("nameKey").execute()).map(read);
}

export async function findSavedFilter(
  ctx: Context,
  id: string,
  { lock = false } = {},
): Promise<SavedFilter | undefined> {
  const query = visible(ctx).where("id", "=", id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && read(row);
}

type Gone = {
  /** What it refers to that is not there any more, in sentences. */
  gone: string[];
  /** All that is gone are some of the tags of which it asks for any: it finds by the others, fewer than it did and nobody besides. */
  goesOn: boolean;
};

/** A saved filter as a rule names it. */
export type NamedFilter = Pick<SavedFilter, "id" | "name" | "filter" | "shared" | "createdBy"> & Gone;

/** Of the workspace whosever they are: a rule that names a filter holds for everybody. Those that are not there are missing. */
export async function findNamedFilters(ctx: Context, ids: readonly string[]): Promise<Map<string, NamedFilter>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("savedFilters")
    .select(["id", "name", "filter", "shared", "createdBy"])
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", sql<string>`any(${[...new Set(ids)]}::text[])`)
    .execute();
  if (rows.length === 0) return new Map();
  const filters = rows.map((row) => leadFilterSchema.parse(row.filter));
  const parts = await goneParts(ctx, filters);
  return new Map(
    rows.map((row, place) => [
      row.id,
      { ...row, filter: filters[place] ?? {}, ...(parts[place] ?? { gone: [], goesOn: false }) },
    ]),
  );
}

export async function countSavedFilters(ctx: Context): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("savedFilters")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("workspaceId", "=", ctx.workspace)
    .executeTakeFirstOrThrow();
  return count;
}

const toRow = ({ name, filter, columns, sort, shared }: SavedFilterInput) => ({
  name,
  nameKey: fold(name),
  filter: sql<Record<string, unknown>>`${JSON.stringify(filter)}::jsonb`,
  columns: sql<string[]>`${JSON.stringify(columns)}::jsonb`,
  sort,
  shared,
});

/** Undefined: another has the name. */
export async function insertSavedFilter(tx: Context, input: SavedFilterInput): Promise<string | undefined> {
  const at = tx.now();
  const row = await tx.db
    .insertInto("savedFilters")
    .values({
      ...toRow(input),
      id: newId("view"),
      workspaceId: tx.workspace,
      createdBy: tx.actor.id,
      createdAt: at,
      updatedAt: at,
    })
    .onConflict((conflict) => conflict.columns(["workspaceId", "nameKey"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

/** False: another has the name. */
export async function updateSavedFilter(tx: Context, id: string, input: SavedFilterInput): Promise<boolean> {
  const taken = await tx.db
    .selectFrom("savedFilters")
    .select("id")
    .where("nameKey", "=", fold(input.name))
    .where("id", "!=", id)
    .executeTakeFirst();
  if (taken) return false;
  await tx.db
    .updateTable("savedFilters")
    .set({ ...toRow(input), updatedAt: laterThanBefore(tx) })
    .where("id", "=", id)
    .execute();
  return true;
}

export async function deleteSavedFilter(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("savedFilters").where("id", "=", id).execute();
}

/** What each filter refers to that is not there any more, in words. In the order of the filters. */
export const listGone = async (ctx: Context, filters: readonly LeadFilter[]): Promise<string[][]> =>
  (await goneParts(ctx, filters)).map(({ gone }) => gone);

/** A part that is gone finds nobody, but for some of the tags of which any is enough. */
async function goneParts(ctx: Context, filters: readonly LeadFilter[]): Promise<Gone[]> {
  const fields = new Map((await listFieldRows(ctx, { archived: true })).map((field) => [field.key, field]));
  const tagsOf = ({ tagsAny, tagsAll, tagsNone }: LeadFilter) =>
    [tagsAny, tagsAll, tagsNone].flatMap((ids) => ids ?? []);
  const wanted = [...new Set(filters.flatMap(tagsOf))];
  const { rows } = await sql<{ id: string }>`
    select id from tags where id = any(${wanted}::text[])`.execute(ctx.db);
  const there = new Set(rows.map(({ id }) => id));
  return filters.map((filter) => {
    const isGone = (id: string) => !there.has(id);
    const lost = tagsOf(filter).filter(isGone).length;
    const { tagsAny = [] } = filter;
    const spare = tagsAny.filter(isGone).length;
    const goesOnByTags = lost === spare && spare < tagsAny.length;
    const told = lost === 1 ? "A tag of it was deleted" : `${lost} tags of it were deleted`;
    const tags = lost === 0 ? [] : [goesOnByTags ? `${told}; the others still count.` : `${told}.`];
    const conditions = (filter.custom ?? []).flatMap((text) => {
      const condition = readCondition(text);
      const field = condition && fields.get(condition.key);
      const why = condition && whyNotCondition(field, condition);
      return why ? [why === "The field is gone." ? `The field “${field?.label ?? condition.key}” is gone.` : why] : [];
    });
    return {
      gone: [...tags, ...new Set(conditions)],
      goesOn: lost > 0 && goesOnByTags && conditions.length === 0,
    };
  });
}

/** Those of the leads that a filter finds: the same answer as the list's, asked of these leads alone. */
export async function matchFilter(ctx: Context, filter: LeadFilter, leadIds: readonly string[]): Promise<Set<string>> {
  if (leadIds.length === 0) return new Set();
  const conditions = [
    sql`l.workspace_id = ${ctx.workspace}`,
    sql`l.id = any(${[...leadIds]}::text[])`,
    ...conditionsOf(filter, sql`l`),
    ...like(patternsOf(filter) ?? [], sql`l`),
  ];
  const { rows } = await sql<{ id: string }>`select l.id from leads l where ${allOf(conditions)}`.execute(ctx.db);
  return new Set(rows.map(({ id }) => id));
}
