import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import {
  type Asked,
  askedOf,
  isAskable,
  orderedField,
  saysWhatIsNot,
  valuesOf,
  valuesThatMeet,
  withoutField,
} from "./field-conditions.ts";
import { allOf, type Condition, SUPPRESSED_LEADS } from "./filter.ts";
import { afterCursor, sortColumn, type LeadPage } from "./page.ts";
import { LEAD_COLUMNS, type Stream } from "./streams.ts";

/** How many leads are gathered and sorted for a page rather than looked for in its order. */
export type Few = {
  /** Each of them is fetched for what it is sorted by. */
  fetched: number;
  /** What they are sorted by stands beside the value that they have. */
  beside: number;
};

/** Gathering so many costs about what a window of the list does. */
export const FEW: Few = { fetched: 2_500, beside: 30_000 };

/** A condition of a filter that an index finds the leads of, but not in the order of the page. */
type Condensed = {
  /** Counted to say whether they are few: what an index gives, from `from` on. */
  counted: RawBuilder<unknown>;
  few: number;
  /** Their ids, and with `hasTime` the instant of their making, as `lead_id` and `created_at`. */
  leads: RawBuilder<unknown>;
  hasTime: boolean;
  rest: LeadFilter;
};

/**
 * The leads of the first condition that few leads meet, gathered and sorted; undefined where many meet each. Only conditions without an order
 * of their own are tried: by those that have one the list is read in order anyway.
 */
export async function fewLeads(
  ctx: Context,
  filter: LeadFilter,
  page: LeadPage,
  few: Few = FEW,
): Promise<Stream | undefined> {
  const conditions = condensedBy(ctx, filter, page, few);
  if (conditions.length === 0) return undefined;
  const counts = conditions.map(
    (one, place) => sql`(select ${place}::int as place, count(*)::int as leads
      from (select ${one.counted} limit ${one.few + 1}) as bounded)`,
  );
  const { rows } = await sql<{ place: number; leads: number }>`
    select place, leads from (${sql.join(counts, sql` union all `)}) as counted order by leads, place`.execute(ctx.db);
  const found = rows.find(({ place, leads }) => leads <= (conditions[place]?.few ?? 0));
  const chosen = found && conditions[found.place];
  return chosen && gathered(ctx, page, chosen);
}

/** Whether leads of a condition would be gathered although they are more than are fetched. */
export const mayBeMore = ({ custom = [] }: LeadFilter, { sort }: LeadPage, few: Few): boolean =>
  sort === "createdAt" && few.beside > few.fetched && askedOf(custom).some((asked) => !saysWhatIsNot(asked));

/** As a stream: it is sorted before its first entry is read. */
function gathered(ctx: Context, page: LeadPage, { leads, hasTime, rest }: Condensed): Stream {
  if (hasTime && page.sort === "createdAt") {
    const bounds = afterCursor(page, sql`g.created_at`, sql`g.lead_id`);
    const branch = sql`select g.lead_id as id, g.created_at as key from (${leads} offset 0) as g where ${allOf(bounds)}`;
    return { branches: [branch], carriesLead: false, liesTogether: false, repeats: false, isGathered: true, rest };
  }
  const alias = page.sort === "score" ? sql`d` : sql`l`;
  const key = page.sort === "score" ? sql`d.score` : sortColumn(page, alias);
  const bounds = (id: RawBuilder<unknown>) =>
    allOf([sql`${alias}.workspace_id = ${ctx.workspace}`, ...afterCursor(page, key, id)]);
  // Each is fetched by itself: the planner, who knows nothing of how few they are, would read all leads beside them.
  const branch =
    page.sort === "score"
      ? sql`select g.lead_id as id, d.key from (${leads} offset 0) as g cross join lateral (
          select d.score as key from lead_scores d where d.lead_id = g.lead_id and ${bounds(sql`d.lead_id`)} offset 0) as d`
      : sql`select g.lead_id as id, l.* from (${leads} offset 0) as g cross join lateral (
          select ${key} as key, ${LEAD_COLUMNS} from leads l where l.id = g.lead_id and ${bounds(sql`l.id`)} offset 0) as l`;
  const carriesLead = page.sort !== "score";
  return { branches: [branch], carriesLead, liesTogether: false, repeats: false, isGathered: true, rest };
}

function condensedBy(ctx: Context, filter: LeadFilter, page: LeadPage, few: Few): Condensed[] {
  const inOrder = page.sort === "createdAt";
  const byScore = page.sort === "score";
  const { status, country, tagsAny, tagsAll, scoreLabel } = filter;
  const { hasEmail, hasPhone, suppressed, createdFrom, createdBefore, custom = [] } = filter;
  const found: Condensed[] = [];
  const add = (counted: RawBuilder<unknown>, leads: RawBuilder<unknown>, rest: LeadFilter) =>
    found.push({ counted, few: few.fetched, leads, hasTime: false, rest });
  /** In the order of the index that has them: the planner, who takes the condition for a common one, would read the table. */
  const addLeads = (conditions: Condition[], columns: RawBuilder<unknown>, rest: LeadFilter, values = ["all"]) => {
    const from = sql`from unnest(${[...new Set(values)]}::text[]) u(value) cross join lateral (
      select x.id from leads x where ${allOf([sql`x.workspace_id = ${ctx.workspace}`, ...conditions])}
      order by ${columns} limit ${few.fetched + 1}) as x`;
    add(from, sql`select x.id as lead_id ${from}`, rest);
  };

  const ordered = inOrder ? orderedField(custom) : undefined;
  for (const asked of askedOf(custom)) {
    if (saysWhatIsNot(asked) || (asked.key === ordered?.key && asked.operator === "is")) continue;
    found.push(byValue(ctx, filter, asked, inOrder ? few.beside : few.fetched));
  }
  if (!inOrder) {
    const byTags = (tagIds: readonly string[], rest: LeadFilter) => {
      const from = sql`from lead_tags t where t.workspace_id = ${ctx.workspace} and t.tag_id = any(${[...tagIds]}::text[])`;
      add(from, sql`select distinct t.lead_id ${from}`, rest);
    };
    for (const tagId of tagsAll ?? [])
      byTags([tagId], { ...filter, tagsAll: tagsAll?.filter((other) => other !== tagId) });
    if (tagsAny?.length) byTags(tagsAny, { ...filter, tagsAny: undefined });
    if (country?.length)
      addLeads([sql`x.country = u.value`], sql`x.created_at, x.id`, { ...filter, country: undefined }, country);
    if (createdFrom || createdBefore) {
      const bounds = [
        ...(createdFrom ? [sql`x.created_at >= ${new Date(createdFrom)}`] : []),
        ...(createdBefore ? [sql`x.created_at < ${new Date(createdBefore)}`] : []),
      ];
      addLeads(bounds, sql`x.created_at, x.id`, { ...filter, createdFrom: undefined, createdBefore: undefined });
    }
  }
  if (!inOrder && !byScore && scoreLabel?.length) {
    const from = sql`from lead_scores x where x.workspace_id = ${ctx.workspace} and x.label = any(${scoreLabel}::text[])`;
    add(from, sql`select x.lead_id ${from}`, { ...filter, scoreLabel: undefined });
  }
  if (byScore && status?.length)
    addLeads([sql`x.status = u.value`], sql`x.source, x.created_at, x.id`, { ...filter, status: undefined }, status);
  if (hasEmail === false) addLeads([sql`x.email is null`], sql`x.email`, { ...filter, hasEmail: undefined });
  if (hasPhone === false) addLeads([sql`x.phone is null`], sql`x.phone`, { ...filter, hasPhone: undefined });
  // Lifted ones are counted too: whoever reads past them reads all there are.
  if (suppressed === true)
    add(
      sql`from suppressions s where s.workspace_id = ${ctx.workspace}`,
      sql`select distinct s.lead_id from (${SUPPRESSED_LEADS}) as s(lead_id)`,
      { ...filter, suppressed: undefined },
    );
  return found;
}

/** What `has` asks for can stand in any value, so that all of the field are counted. */
const byValue = (ctx: Context, filter: LeadFilter, asked: Asked, few: number): Condensed => ({
  counted: asked.operator === "has" ? valuesOf(ctx, asked) : valuesThatMeet(ctx, asked),
  few,
  leads: sql`select distinct v.lead_id, v.lead_created_at as created_at ${valuesThatMeet(ctx, asked)} and ${isAskable(asked)}`,
  hasTime: true,
  rest: { ...filter, custom: withoutField(filter.custom ?? [], asked) },
});
