import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import { correctedPattern, slipsOf, typoWords } from "../search-text.ts";
import { allOf, conditionsOf, searchedLeads, type Condition } from "./filter.ts";
import { afterCursor, direction, sortColumn, type LeadPage, type PageKey } from "./page.ts";

type Patterns = readonly (readonly string[])[];
export type SearchPage = { keys: PageKey[]; similar: boolean };

/** How hard a search tries each way before it takes the next. */
export type Effort = {
  /** Leads that are read in the order of the list before the index is asked. */
  firstLook: number;
  /** So many matches among them, and the word is common. */
  common: number;
  /** Leads that are read in order for a common word. */
  longLook: number;
  /** So many matches are sorted; a search that has more and yet none among the first is read in order to the end. */
  matches: number;
};

/**
 * Reading on in order costs the less the more common the word is, fetching all matches to sort them the more. At 1,000,000 leads
 * both take 14 ms for what 1 lead in 350 has; so with three of the first thousand the list is read on, as far as finding a page
 * of such a word takes.
 */
const EFFORT: Effort = { firstLook: 1_000, common: 3, longLook: 20_000, matches: 20_000 };

/** The names that a mistyped one is taken for, at most. */
const MEANT_WORDS = 3;

/**
 * A page of leads that match every group of patterns. Common words are found by reading the list in order, rare ones by the
 * trigram index; a name that nobody has is taken for a slip of the finger, and the leads of the names next to it are shown.
 */
export async function searchPage(
  ctx: Context,
  filter: LeadFilter,
  patterns: Patterns,
  page: LeadPage,
  effort: Effort = EFFORT,
): Promise<SearchPage> {
  const exact = await matches(ctx, filter, patterns, page, effort);
  if (page.after || exact.length > 0) return { keys: exact, similar: false };
  const meant = await findMeant(ctx, filter.search ?? "", patterns);
  if (!meant) return { keys: [], similar: false };
  const keys = (await matches(ctx, filter, meant, page, effort)).slice(0, page.limit);
  return { keys, similar: keys.length > 0 };
}

async function matches(
  ctx: Context,
  filter: LeadFilter,
  patterns: Patterns,
  page: LeadPage,
  effort: Effort,
): Promise<PageKey[]> {
  // Scores stand in a table of their own: what matches is sorted, and of a common word they are read in their order.
  if (page.sort === "score") {
    const scored = await byIndex(ctx, filter, patterns, page, effort.matches);
    return scored.isWhole ? scored.rows : inOrderOfScores(ctx, filter, patterns, page);
  }
  const first = await inOrder(ctx, filter, patterns, page, effort.firstLook);
  if (first.isWhole) return first.rows;
  if (first.rows.length >= effort.common) {
    const more = await inOrder(ctx, filter, patterns, page, effort.longLook);
    if (more.isWhole) return more.rows;
  }
  const found = await byIndex(ctx, filter, patterns, page, effort.matches);
  return found.isWhole ? found.rows : toTheEnd(ctx, filter, patterns, page);
}

/** Leads `l` whose search text matches every group. */
export const like = (patterns: Patterns): Condition[] =>
  patterns.map(
    (group) =>
      sql`(${sql.join(
        group.map((pattern) => sql`l.search_text like ${pattern}`),
        sql` or `,
      )})`,
  );

/**
 * Reads the list in order, at most `most` leads of it, and stops when the page is full. Whole: it is full, or there was nothing
 * more to read, which the last place tells: rows are numbered as they are read. They leave the numbering in its order; to ask
 * for that order again would make the planner read them all to sort them. `others`: conditions on a lead `l` beside those of the filter.
 */
export async function inOrder(
  ctx: Context,
  filter: LeadFilter,
  patterns: Patterns,
  page: LeadPage,
  most: number,
  others: readonly Condition[] = [],
) {
  const key = sortColumn(page, sql`l`);
  const own = [sql`l.workspace_id = ${ctx.workspace}`, ...afterCursor(page, key, sql`l.id`)];
  const order = sql`order by ${key} ${direction(page)}, l.id ${direction(page)}`;
  const { rows } = await sql<PageKey & { isLast: boolean }>`
    select l.id, l.key, not l.fits as is_last from (
      select l.id, l.key, l.place, l.place < ${most} and ${allOf([...like(patterns), ...conditionsOf(filter, sql`l`), ...others])} as fits
      from (
        select l.id, l.search_text, l.status, l.source, l.country, l.email, l.phone, l.created_at, ${key} as key,
          row_number() over (${order}) as place
        from leads l where ${allOf(own)} ${order} limit ${most}
      ) as l
    ) as l where l.fits or l.place = ${most} limit ${page.limit + 1}`.execute(ctx.db);
  const hits = rows.filter(({ isLast }) => !isLast);
  return { rows: hits, isWhole: hits.length > page.limit || hits.length === rows.length };
}

/**
 * A common word, by scores: read in their order until the page is full. The offsets that are
 * none keep the planner, which takes every word for a rare one, from beginning with the leads.
 */
async function inOrderOfScores(
  ctx: Context,
  filter: LeadFilter,
  patterns: Patterns,
  page: LeadPage,
): Promise<PageKey[]> {
  const own = [sql`d.workspace_id = ${ctx.workspace}`, ...afterCursor(page, sql`d.score`, sql`d.lead_id`)];
  const { rows } = await sql<PageKey>`
    select d.lead_id as id, d.score as key from (
      select d.lead_id, d.score from lead_scores d where ${allOf(own)}
      order by d.score ${direction(page)}, d.lead_id ${direction(page)} offset 0
    ) as d
    cross join lateral (
      select from leads l where l.id = d.lead_id and ${allOf([...conditionsOf(filter, sql`l`), ...like(patterns)])} offset 0
    ) as fits
    limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

/** Common, and not among the first of the list: there is no index for it, so the list is read as far as it takes. */
async function toTheEnd(ctx: Context, filter: LeadFilter, patterns: Patterns, page: LeadPage): Promise<PageKey[]> {
  const key = sortColumn(page, sql`l`);
  const conditions = [
    sql`l.workspace_id = ${ctx.workspace}`,
    ...afterCursor(page, key, sql`l.id`),
    ...conditionsOf(filter, sql`l`),
    ...like(patterns),
  ];
  const { rows } = await sql<PageKey>`
    select l.id, ${key} as key from leads l where ${allOf(conditions)}
    order by ${key} ${direction(page)}, l.id ${direction(page)} limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

/** Whole unless there were more matches than are sorted. */
async function byIndex(ctx: Context, filter: LeadFilter, patterns: Patterns, page: LeadPage, most: number) {
  const key = sortColumn(page, sql`s`);
  const conditions = [...conditionsOf(filter, sql`s`), ...afterCursor(page, key, sql`s.id`)];
  const { rows } = await sql<PageKey & { matched: number }>`
    with s as materialized (select * from ${searchedLeads(patterns, most)}),
    hits as (
      select s.id, ${key} as key from s where ${allOf(conditions)}
      order by ${key} ${direction(page)}, s.id ${direction(page)} limit ${page.limit + 1}
    )
    select hits.id, hits.key, counted.matched from (select count(*)::int as matched from s) as counted left join hits on true
    order by hits.key ${direction(page)}, hits.id ${direction(page)}`.execute(ctx.db);
  return { rows: rows.filter(({ id }) => id !== null), isWhole: (rows[0]?.matched ?? 0) < most };
}

/**
 * The patterns with each mistyped word replaced by the names nearest to it; words that are names, or near to none, stay.
 * Undefined when no word is replaced.
 */
async function findMeant(ctx: Context, query: string, patterns: Patterns): Promise<Patterns | undefined> {
  const words = typoWords(query);
  if (words.length === 0) return undefined;
  const { rows } = await sql<{ typed: string; word: string }>`
    select w.typed, meant.word from unnest(${words.map(({ word }) => word)}::text[]) w(typed)
    cross join lateral app_similar_name_words(w.typed, 20) meant(word)`.execute(ctx.db);
  let replaced = false;
  const meant = patterns.map((group, place) => {
    const word = words.find((one) => one.group === place)?.word;
    if (word === undefined || rows.some((row) => row.typed === word && row.word.includes(word))) return group;
    const nearest = nearestTo(
      word,
      rows.flatMap((row) => (row.typed === word ? [row.word] : [])),
    );
    if (nearest.length === 0) return group;
    replaced = true;
    return nearest.map(correctedPattern);
  });
  return replaced ? meant : undefined;
}

/** Those that are the fewest slips away. */
function nearestTo(word: string, candidates: readonly string[]): string[] {
  const near = candidates.flatMap((candidate) => {
    const slips = slipsOf(candidate, word);
    return slips === undefined ? [] : [{ candidate, slips }];
  });
  const fewest = Math.min(...near.map(({ slips }) => slips));
  return near.flatMap(({ candidate, slips }) => (slips === fewest ? [candidate] : [])).slice(0, MEANT_WORDS);
}
