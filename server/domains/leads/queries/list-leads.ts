import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import { LEAD_SOURCES, LEAD_STATUSES, type LeadFilter, type ScoreLabel } from "../rules.ts";
import { allOf, conditionsOf, patternsOf, type Condition } from "./filter.ts";
import { fieldPage } from "./field-page.ts";
import { fieldConditions, orderedField, rareField, valuesInOrder, withoutField } from "./field-conditions.ts";
import { VIEW_COLUMNS, type LeadView } from "./leads.ts";
import { afterCursor, cursorKey, direction, sortColumn, type LeadPage, type PageKey } from "./page.ts";
import { searchPage } from "./search-leads.ts";

/** `similar`: nothing matched as it was typed, these are what may have been meant; there is no next page of them. */
export type LeadList = { rows: (LeadView & { key: string | number })[]; similar: boolean };

/** A page of leads (one more than `limit`, to tell whether there are others), each with the sort key for the cursor. */
export async function listLeads(ctx: Context, filter: LeadFilter, page: LeadPage): Promise<LeadList> {
  const patterns = patternsOf(filter);
  if (patterns) {
    const { keys, similar } = await searchPage(ctx, filter, patterns, page);
    return { rows: await fetchRows(ctx, keys), similar };
  }
  const chosen = await chooseWay(ctx, filter, page);
  const keys = chosen.kind === "page" ? chosen.keys : await readBranches(ctx, chosen.branches, page);
  return { rows: await fetchRows(ctx, keys), similar: false };
}

async function readBranches(
  ctx: Context,
  branches: readonly RawBuilder<unknown>[],
  page: LeadPage,
): Promise<PageKey[]> {
  const { rows } = await sql<PageKey>`
    select id, key from (${sql.join(
      branches.map((branch) => sql`(${branch})`),
      sql` union `,
    )}) as found
    order by key ${direction(page)}, id ${direction(page)} limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

/** A page that was found on the way, or the reads that it is put together of. */
type Way = { kind: "page"; keys: PageKey[] } | { kind: "branches"; branches: RawBuilder<unknown>[] };

async function chooseWay(ctx: Context, filter: LeadFilter, page: LeadPage): Promise<Way> {
  const branches = await chooseBranches(ctx, filter, page);
  if (branches) return { kind: "branches", branches };
  const keys = await fieldPage(ctx, filter, page);
  return keys ? { kind: "page", keys } : { kind: "branches", branches: plainBranches(ctx, filter, page) };
}

const ordered = (select: RawBuilder<unknown>, page: LeadPage, key: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
  sql`${select} order by ${key} ${direction(page)}, ${id} ${direction(page)} limit ${page.limit + 1}`;

/**
 * The page as one or several ordered reads of an index, of which each stops after `limit` rows. The indexes are ordered within
 * one status and source, one country or one tag; for several of them the planner would read the whole workspace in order and
 * throw away what does not fit: 300 ms where the leads of a rare status are the oldest (1,000,000 leads), 2 ms by branches.
 */
async function chooseBranches(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
): Promise<RawBuilder<unknown>[] | undefined> {
  const { tagsAny, tagsAll, custom, scoreLabel } = filter;
  const read = readerOf(ctx, page);
  if (page.sort === "score") return [scoredBranch(ctx, filter, page)];
  const [tag] = tagsAll ?? [];
  if (tag !== undefined || tagsAny?.length) {
    const driving = tag === undefined ? (tagsAny ?? []) : [await rarestTag(ctx, tagsAll ?? [tag])];
    if (page.sort === "createdAt") return driving.map((id) => taggedBranch(ctx, filter, page, id));
    if (await hasFewLeads(ctx, driving)) return [read(filter, [], taggedLeads(ctx, driving))];
  }
  if (custom?.length) {
    const asked = orderedField(custom);
    if (asked && custom.length === 1 && page.sort === "createdAt") return [valuedBranch(ctx, filter, page, asked)];
    const rare = await rareField(ctx, custom, FEW);
    if (rare) return [read(filter, [], rare)];
    if (asked && page.sort === "createdAt") return [valuedBranch(ctx, filter, page, asked)];
    return undefined;
  }
  if (scoreLabel?.length) {
    if (page.sort === "createdAt") return scoreLabel.map((label) => labelledBranch(ctx, filter, page, label));
    if (await hasFewLabelled(ctx, scoreLabel)) return [read(filter, [], labelledLeads(ctx, scoreLabel))];
  }
  return plainBranches(ctx, filter, page);
}

const readerOf =
  (ctx: Context, page: LeadPage) =>
  (rest: LeadFilter, own: readonly Condition[], from = sql`leads l`): RawBuilder<unknown> => {
    const key = sortColumn(page, sql`l`);
    const conditions = [
      sql`l.workspace_id = ${ctx.workspace}`,
      ...own,
      ...conditionsOf(rest, sql`l`),
      ...afterCursor(page, key, sql`l.id`),
    ];
    return ordered(sql`select l.id, ${key} as key from ${from} where ${allOf(conditions)}`, page, key, sql`l.id`);
  };

/** The list in its order, within each status and source or each country that is asked for; what else is asked, of each lead by itself. */
function plainBranches(ctx: Context, filter: LeadFilter, page: LeadPage): RawBuilder<unknown>[] {
  const { status, source, country, custom = [], ...others } = filter;
  const read = readerOf(ctx, page);
  const fields = fieldConditions(custom, sql`l`, { inOrder: true });
  if (status?.length || source?.length) {
    return (status?.length ? status : LEAD_STATUSES).flatMap((oneStatus) =>
      (source?.length ? source : LEAD_SOURCES).map((oneSource) =>
        read({ ...others, country }, [sql`l.status = ${oneStatus}`, sql`l.source = ${oneSource}`, ...fields]),
      ),
    );
  }
  if (country?.length && page.sort === "createdAt")
    return country.map((one) => read(others, [sql`l.country = ${one}`, ...fields]));
  return [read({ ...others, country }, fields)];
}

/** In the order of the scores, among those of the labels that are asked for. Whoever was not scored yet counts as 0, and is cold. */
function scoredBranch(ctx: Context, filter: LeadFilter, page: LeadPage): RawBuilder<unknown> {
  const { scoreLabel } = filter;
  const rest = conditionsOf({ ...filter, scoreLabel: undefined }, sql`l`);
  const select = sql`
    select d.lead_id as id, d.score as key from lead_scores d ${rest.length > 0 ? sql`join leads l on l.id = d.lead_id` : sql``}
    where ${allOf([
      sql`d.workspace_id = ${ctx.workspace}`,
      ...(scoreLabel?.length ? [sql`d.label = any(${scoreLabel}::text[])`] : []),
      ...rest,
      ...afterCursor(page, sql`d.score`, sql`d.lead_id`),
    ])}`;
  return ordered(select, page, sql`d.score`, sql`d.lead_id`);
}

/** Leads of one label, read in the order of their making. */
function labelledBranch(ctx: Context, filter: LeadFilter, page: LeadPage, label: ScoreLabel): RawBuilder<unknown> {
  const key = sql`d.lead_created_at`;
  const rest = conditionsOf({ ...filter, scoreLabel: undefined }, sql`l`);
  const select = sql`
    select d.lead_id as id, ${key} as key from lead_scores d ${rest.length > 0 ? sql`join leads l on l.id = d.lead_id` : sql``}
    where ${allOf([
      sql`d.workspace_id = ${ctx.workspace}`,
      sql`d.label = ${label}`,
      ...rest,
      ...afterCursor(page, key, sql`d.lead_id`),
    ])}`;
  return ordered(select, page, key, sql`d.lead_id`);
}

const ofLabels = (ctx: Context, labels: readonly ScoreLabel[]) =>
  sql`from lead_scores x where x.workspace_id = ${ctx.workspace} and x.label = any(${[...labels]}::text[])`;

async function hasFewLabelled(ctx: Context, labels: readonly ScoreLabel[]): Promise<boolean> {
  const { rows } = await sql<{ leads: number }>`
    select count(*)::int as leads from (select ${ofLabels(ctx, labels)} limit ${FEW + 1}) as bounded`.execute(ctx.db);
  return (rows[0]?.leads ?? 0) <= FEW;
}

const labelledLeads = (ctx: Context, labels: readonly ScoreLabel[]) =>
  sql`(select x.lead_id ${ofLabels(ctx, labels)} offset 0) as labelled join leads l on l.id = labelled.lead_id`;

function taggedBranch(ctx: Context, filter: LeadFilter, page: LeadPage, tagId: string): RawBuilder<unknown> {
  const key = sql`d.lead_created_at`;
  const { tagsAny, tagsAll } = filter;
  // The branch has the tag; the other conditions on tags are asked of each of its leads.
  const others = tagsAll?.length ? { tagsAny, tagsAll: tagsAll.filter((id) => id !== tagId) } : { tagsAny: undefined };
  const rest = conditionsOf({ ...filter, ...others }, sql`l`);
  const select = sql`
    select d.lead_id as id, ${key} as key from lead_tags d ${rest.length > 0 ? sql`join leads l on l.id = d.lead_id` : sql``}
    where ${allOf([
      sql`d.workspace_id = ${ctx.workspace}`,
      sql`d.tag_id = ${tagId}`,
      ...rest,
      ...afterCursor(page, key, sql`d.lead_id`),
    ])}`;
  return ordered(select, page, key, sql`d.lead_id`);
}

/** Leads of one value of an own field, read in the order of their making. */
function valuedBranch(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
  asked: NonNullable<ReturnType<typeof orderedField>>,
): RawBuilder<unknown> {
  const key = sql`d.lead_created_at`;
  const { from, conditions } = valuesInOrder(ctx, asked);
  const rest = conditionsOf({ ...filter, custom: withoutField(filter.custom ?? [], asked) }, sql`l`);
  const select = sql`
    select d.lead_id as id, ${key} as key from ${from} ${rest.length > 0 ? sql`join leads l on l.id = d.lead_id` : sql``}
    where ${allOf([...conditions, ...rest, ...afterCursor(page, key, sql`d.lead_id`)])}`;
  return ordered(select, page, key, sql`d.lead_id`);
}

/** So many leads of a tag are sorted faster than the whole workspace is read in order for the few that carry it. */
const FEW = 7_000;

async function rarestTag(ctx: Context, tagIds: readonly string[]): Promise<string> {
  const { rows } = await sql<{ tagId: string }>`
    select w.tag_id from unnest(${[...tagIds]}::text[]) w(tag_id)
    cross join lateral (
      select count(*) as leads from (
        select from lead_tags t where t.workspace_id = ${ctx.workspace} and t.tag_id = w.tag_id limit ${FEW}) as bounded
    ) as counted order by counted.leads, w.tag_id limit 1`.execute(ctx.db);
  return rows[0]?.tagId ?? tagIds[0] ?? "";
}

const ofTags = (ctx: Context, tagIds: readonly string[]) =>
  sql`from lead_tags t where t.workspace_id = ${ctx.workspace} and t.tag_id = any(${[...tagIds]}::text[])`;

async function hasFewLeads(ctx: Context, tagIds: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ leads: number }>`
    select count(*)::int as leads from (select ${ofTags(ctx, tagIds)} limit ${FEW + 1}) as bounded`.execute(ctx.db);
  return (rows[0]?.leads ?? 0) <= FEW;
}

/** Begins with the tags: the limit that is none keeps the planner from beginning with the leads. */
const taggedLeads = (ctx: Context, tagIds: readonly string[]) =>
  sql`(select distinct t.lead_id ${ofTags(ctx, tagIds)} offset 0) as tagged join leads l on l.id = tagged.lead_id`;

/** The whole rows of a page, in its order. */
async function fetchRows(ctx: Context, keys: readonly PageKey[]): Promise<LeadList["rows"]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<LeadView>`
    select ${VIEW_COLUMNS} from leads l where l.id = any(${keys.map(({ id }) => id)}::text[])`.execute(ctx.db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return keys.flatMap(({ id, key }) => {
    const row = byId.get(id);
    return row ? [{ ...row, key: cursorKey(key) }] : [];
  });
}
