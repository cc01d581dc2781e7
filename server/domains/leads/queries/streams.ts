import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import * as inOrder from "#platform/database/in-order.ts";
import { HOT_FROM, LEAD_SOURCES, LEAD_STATUSES, type LeadFilter, type ScoreLabel, WARM_FROM } from "../rules.ts";
import { orderedField, valuesInOrder, withoutField } from "./field-conditions.ts";
import { allOf, type Condition } from "./filter.ts";
import { afterCursor, sortColumn, type LeadPage } from "./page.ts";

/**
 * Leads in the order of a page, read from indexes that stand in it: they can be read on from any place, and reading can stop at any. `rest` is
 * what is still to be asked of each. The branches are read as one, in order; each is ordered within one status and source, country, tag, value or label.
 */
export type Stream = {
  /** Statements with `id` and `key`. */
  branches: RawBuilder<unknown>[];
  /** Whether the branches have the columns of a lead that conditions ask for; else the lead is fetched for them. */
  carriesLead: boolean;
  /** Whether leads that follow each other in it lie together on the disk. */
  liesTogether: boolean;
  /** Whether a lead can stand in several branches. */
  repeats: boolean;
  /** Whether they are gathered and sorted before the first comes out. */
  isGathered?: true;
  rest: LeadFilter;
};

/** What conditions ask of a lead itself. */
export const LEAD_COLUMNS = sql`l.search_text, l.status, l.source, l.country, l.email, l.phone, l.created_at`;

/** The streams that a page can be read from, each by another condition of its filter; without any, the whole list. Never none. */
export function streamsOf(ctx: Context, filter: LeadFilter, page: LeadPage): Stream[] {
  if (page.sort === "score") return [scored(ctx, filter, page)];
  const narrowed = page.sort === "createdAt" ? [...marked(ctx, filter, page), ...byCountry(ctx, filter, page)] : [];
  const streams = [...narrowed, ...byStatus(ctx, filter, page)];
  return streams.length > 0 ? streams : [ofLeads(ctx, filter, page, [[]], filter)];
}

/** The page's own bounds and its cursor, over the column that it is sorted by. */
function bounds(filter: LeadFilter, page: LeadPage, key: RawBuilder<unknown>, id: RawBuilder<unknown>): Condition[] {
  const { createdFrom, createdBefore } = page.sort === "createdAt" ? filter : {};
  return [
    ...(createdFrom ? [sql`${key} >= ${new Date(createdFrom)}`] : []),
    ...(createdBefore ? [sql`${key} < ${new Date(createdBefore)}`] : []),
    ...afterCursor(page, key, id),
  ];
}

/** Without what the bounds have asked already. */
const unbound = ({ createdFrom, createdBefore, ...rest }: LeadFilter, page: LeadPage): LeadFilter =>
  page.sort === "createdAt" ? rest : { ...rest, createdFrom, createdBefore };

function ofLeads(ctx: Context, filter: LeadFilter, page: LeadPage, own: Condition[][], rest: LeadFilter): Stream {
  const key = sortColumn(page, sql`l`);
  const branches = own.map(
    (conditions) => sql`select l.id, ${key} as key, ${LEAD_COLUMNS} from leads l
      where ${allOf([sql`l.workspace_id = ${ctx.workspace}`, ...conditions, ...bounds(filter, page, key, sql`l.id`)])}`,
  );
  const liesTogether = page.sort === "createdAt" && own.every((conditions) => conditions.length === 0);
  return { branches, carriesLead: true, liesTogether, repeats: false, rest: unbound(rest, page) };
}

function byStatus(ctx: Context, filter: LeadFilter, page: LeadPage): Stream[] {
  const { status, source, ...rest } = filter;
  if (!status?.length && !source?.length) return [];
  const sources = [...new Set(source?.length ? source : LEAD_SOURCES)];
  const own = [...new Set(status?.length ? status : LEAD_STATUSES)].flatMap((oneStatus) =>
    sources.map((oneSource) => [sql`l.status = ${oneStatus}`, sql`l.source = ${oneSource}`]),
  );
  return [ofLeads(ctx, filter, page, own, rest)];
}

function byCountry(ctx: Context, filter: LeadFilter, page: LeadPage): Stream[] {
  const { country, ...rest } = filter;
  if (!country?.length) return [];
  const own = [...new Set(country)].map((one) => [sql`l.country = ${one}`]);
  return [ofLeads(ctx, filter, page, own, rest)];
}

/** Of what stands beside the leads with the instant of their making: tags, values of own fields, labels. */
function marked(ctx: Context, filter: LeadFilter, page: LeadPage): Stream[] {
  const { tagsAny, tagsAll, custom = [], scoreLabel } = filter;
  const key = sql`d.lead_created_at`;
  const branch = (from: RawBuilder<unknown>, conditions: Condition[]) =>
    sql`select d.lead_id as id, ${key} as key from ${from} where ${allOf([
      sql`d.workspace_id = ${ctx.workspace}`,
      ...conditions,
      ...bounds(filter, page, key, sql`d.lead_id`),
    ])}`;
  const stream = (branches: RawBuilder<unknown>[], rest: LeadFilter, repeats = false): Stream => ({
    branches,
    carriesLead: false,
    liesTogether: false,
    repeats,
    rest: unbound(rest, page),
  });
  const tagged = (tagId: string) => branch(sql`lead_tags d`, [sql`d.tag_id = ${tagId}`]);
  const asked = orderedField(custom);
  const value = asked && valuesInOrder(asked);
  return [
    ...(tagsAll ?? []).map((tagId) =>
      stream([tagged(tagId)], { ...filter, tagsAll: tagsAll?.filter((other) => other !== tagId) }),
    ),
    ...(tagsAny?.length
      ? [stream([...new Set(tagsAny)].map(tagged), { ...filter, tagsAny: undefined }, tagsAny.length > 1)]
      : []),
    ...(asked && value
      ? [stream([branch(value.from, value.conditions)], { ...filter, custom: withoutField(custom, asked) })]
      : []),
    ...(scoreLabel?.length
      ? [
          stream(
            [...new Set(scoreLabel)].map((label) => branch(sql`lead_scores d`, [sql`d.label = ${label}`])),
            { ...filter, scoreLabel: undefined },
          ),
        ]
      : []),
  ];
}

const SCORES: Record<ScoreLabel, [from: number, below: number]> = {
  COLD: [0, WARM_FROM],
  WARM: [WARM_FROM, HOT_FROM],
  HOT: [HOT_FROM, 101],
};

/** In the order of the scores, from the least to the greatest of the labels that are asked for. */
function scored(ctx: Context, filter: LeadFilter, page: LeadPage): Stream {
  const { scoreLabel, ...rest } = filter;
  const ranges = scoreLabel?.length ? [...new Set(scoreLabel)].map((label) => SCORES[label]) : [[0, 101]];
  const branches = ranges.map(
    ([from, below]) =>
      sql`select d.lead_id as id, d.score as key from lead_scores d where ${allOf([
        sql`d.workspace_id = ${ctx.workspace}`,
        sql`d.score >= ${from}`,
        sql`d.score < ${below}`,
        ...afterCursor(page, sql`d.score`, sql`d.lead_id`),
      ])}`,
  );
  return { branches, carriesLead: false, liesTogether: false, repeats: false, rest };
}

/** The stream that comes furthest in the list. */
export async function furthest(ctx: Context, streams: readonly Stream[], page: LeadPage): Promise<Stream> {
  const stream = streams[await inOrder.furthest(ctx, streams, page.order)];
  if (!stream) throw new Error("A page has at least one stream.");
  return stream;
}
