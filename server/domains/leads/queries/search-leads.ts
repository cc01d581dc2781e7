import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import { correctedPattern, slipsOf, typoWords } from "../search-text.ts";
import { allOf, conditionsOf, like, type Patterns, searchedLeads } from "./filter.ts";
import { afterCursor, direction, sortColumn, type LeadPage, type PageKey } from "./page.ts";
import { furthest, streamsOf } from "./streams.ts";
import { type Found, isWhole, lengthOf, readWindow, shortBefore, WINDOW, type Window } from "./window.ts";

export type SearchPage = Found & { similar: boolean };

/** How hard a search tries each way before it takes the next. */
export type Effort = {
  /** Entries of the list that are looked at before the index is asked. */
  firstLook: Window;
  /** So many matches among them, and the word is common: the list is read on. */
  common: number;
  /** Where fewer matched, so many are looked at. */
  secondLook: Window;
  /** So many matches among those, and the index would gather matches for longer than a request may take. */
  tooCommon: number;
  /** Entries that are looked at for a common word. */
  longLook: Window;
  /** So many matches are sorted; a search that has more and yet no page among the entries of a long look stops there. */
  matches: number;
};

/**
 * Reading on in order costs the less the more common the word is, fetching all matches to sort them the more. A long look fills a page with what 1 lead in
 * 80 has; what hardly any has is not among the first few hundred, and for it the index is asked at once.
 */
const EFFORT: Effort = {
  firstLook: { together: 300, apart: 150 },
  common: 4,
  secondLook: { together: 1_200, apart: 400 },
  tooCommon: 24,
  longLook: WINDOW,
  matches: 2_500,
};

/** The names that a mistyped one is taken for, at most. */
const MEANT_WORDS = 3;
/** Leads who are gathered of them: they only show what may have been meant. */
const MEANT_LEADS = 250;

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
  if (page.after || exact.keys.length > 0 || !isWhole(exact)) return { ...exact, similar: false };
  const meant = await findMeant(ctx, filter.search ?? "", patterns);
  if (!meant) return { ...exact, similar: false };
  const some = await byIndex(ctx, filter, meant, page, Math.min(MEANT_LEADS, effort.matches));
  const keys = some.keys.slice(0, page.limit);
  return { keys, stoppedAt: null, looked: 0, similar: keys.length > 0 };
}

async function matches(
  ctx: Context,
  filter: LeadFilter,
  patterns: Patterns,
  page: LeadPage,
  effort: Effort,
): Promise<Found> {
  const stream = await furthest(ctx, streamsOf(ctx, filter, page), page);
  const look = (window: Window) => readWindow(ctx, stream, page, lengthOf(stream, page, window), patterns);
  // The page before was short, so the index has too many.
  if (shortBefore(page.after) > 0) return look(effort.longLook);
  const first = await look(effort.firstLook);
  if (isWhole(first)) return first;
  const isRare = first.keys.length === 0;
  const isCommon = first.keys.length >= effort.common;
  const second = isRare ? first : await look(isCommon ? effort.longLook : effort.secondLook);
  if (isWhole(second)) return second;
  const isTooCommon =
    (!isCommon && second.keys.length >= effort.tooCommon) ||
    (conditionsOf(filter, sql`l`).length > 0 && (await isInMany(ctx, patterns, effort)));
  const found = isTooCommon ? undefined : await byIndex(ctx, filter, patterns, page, effort.matches);
  return found?.isAll ? found : isCommon ? second : look(effort.longLook);
}

/** Whether the words by themselves are in too many of the newest leads. */
async function isInMany(ctx: Context, patterns: Patterns, { secondLook, tooCommon }: Effort): Promise<boolean> {
  const { rows } = await sql<{ matches: number }>`
    select count(*)::int as matches from (
      select l.search_text from leads l where l.workspace_id = ${ctx.workspace} order by l.created_at desc, l.id desc limit ${secondLook.together}
    ) as l where ${allOf(like(patterns, sql`l`))}`.execute(ctx.db);
  return (rows[0]?.matches ?? 0) >= tooCommon;
}

/** All matches, or where there are more than `most` the first of some of them. */
async function byIndex(
  ctx: Context,
  filter: LeadFilter,
  patterns: Patterns,
  page: LeadPage,
  most: number,
): Promise<Found & { isAll: boolean }> {
  const key = sortColumn(page, sql`s`);
  const conditions = [...conditionsOf(filter, sql`s`, { inOrder: true }), ...afterCursor(page, key, sql`s.id`)];
  const { rows } = await sql<PageKey & { matched: number }>`
    with s as materialized (select * from ${searchedLeads(patterns, most)}),
    hits as (
      select s.id, ${key} as key from s where ${allOf(conditions)}
      order by ${key} ${direction(page)}, s.id ${direction(page)} limit ${page.limit + 1}
    )
    select hits.id, hits.key, counted.matched from (select count(*)::int as matched from s) as counted left join hits on true
    order by hits.key ${direction(page)}, hits.id ${direction(page)}`.execute(ctx.db);
  const isAll = (rows[0]?.matched ?? 0) < most;
  return { keys: rows.filter(({ id }) => id !== null), stoppedAt: null, looked: 0, isAll };
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
