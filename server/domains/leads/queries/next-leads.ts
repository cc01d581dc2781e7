import type { Context } from "#platform/context.ts";
import { type Cursor, decodeCursor, encodeCursor } from "#platform/http/cursor.ts";
import { isId } from "#platform/ids.ts";
import type { LeadFilter } from "../rules.ts";
import type { Few } from "./few-leads.ts";
import { nextLeadIds } from "./leads.ts";
import { findPage } from "./list-leads.ts";
import { cursorKey, type LeadPage } from "./page.ts";
import { shortBefore, type Window } from "./window.ts";

/**
 * The next leads that a filter finds, in the order of their making, at most `limit` of them: for work that goes through all. As a page of the list
 * it looks at a bounded number of leads, so there may be few or none although there are more: `next` is where to go on, null at the end.
 */
export async function nextMatching(
  ctx: Context,
  filter: LeadFilter,
  after: Cursor | null,
  limit: number,
  bounds: { window?: Window; few?: Few } = {},
): Promise<{ ids: string[]; next: Cursor | null }> {
  const page: LeadPage = { sort: "createdAt", order: "asc", limit, ...(after && { after }) };
  const { keys, stoppedAt, similar } = await findPage(ctx, filter, page, bounds);
  // Nothing matches: the list only shows what may have been meant.
  if (similar) return { ids: [], next: null };
  const shown = keys.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const last = keys.length > limit ? shown.at(-1) : undefined;
  if (last) return { ids, next: [cursorKey(last.key), last.id] };
  return { ids, next: stoppedAt && [cursorKey(stoppedAt.key), stoppedAt.id, shortBefore(page.after) + 1] };
}

/** Leads of one statement, and how many statements at most: whatever the filter, so many times a bounded number of leads is looked at. */
const AT_ONCE = 1_000;
const TIMES = 6;

/** The next leads of a filter, at most `most`, by at most `times` statements, as `nextMatching`: `next` is null at the end of the list only. */
export async function gatherMatching(
  ctx: Context,
  filter: LeadFilter,
  from: Cursor | null,
  most: number,
  times = TIMES,
): Promise<{ ids: string[]; next: Cursor | null }> {
  const found: string[] = [];
  let after = from;
  for (let time = 0; time < times && found.length < most; time++) {
    const limit = Math.min(AT_ONCE, most - found.length);
    const { ids, next }: Awaited<ReturnType<typeof nextMatching>> = await nextMatching(ctx, filter, after, limit);
    found.push(...ids);
    if (next === null) return { ids: found, next: null };
    after = next;
  }
  return { ids: found, next: after };
}

/**
 * The next batch of work that goes through all leads of a filter and keeps its place as text; `next` is null at the end. There may be few or none
 * although there are more.
 */
export async function nextInOrder(
  ctx: Context,
  filter: LeadFilter,
  after: string | null,
  limit: number,
): Promise<{ ids: string[]; next: string | null }> {
  // Work that was begun before leads came in the order of their making goes on by their ids.
  if (after !== null && isId("lead", after)) {
    const ids = await nextLeadIds(ctx, filter, after, limit);
    return { ids, next: ids.length < limit ? null : (ids.at(-1) ?? null) };
  }
  const { ids, next } = await gatherMatching(ctx, filter, after === null ? null : decodeCursor(after), limit);
  return { ids, next: next && encodeCursor(next) };
}

/** The first leads that a filter finds, in the order of their making: at most `most`, and of a large list those among its first. `isAll`: there are no others. */
export async function firstMatching(
  ctx: Context,
  filter: LeadFilter,
  most: number,
  times = TIMES,
): Promise<{ ids: string[]; isAll: boolean }> {
  const { ids, next } = await gatherMatching(ctx, filter, null, most, times);
  return { ids, isAll: next === null };
}
