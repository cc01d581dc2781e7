import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { LeadFilter } from "../rules.ts";
import type { Few } from "./few-leads.ts";
import { findPage } from "./list-leads.ts";
import { cursorKey } from "./page.ts";
import type { Window } from "./window.ts";

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
  const page = { sort: "createdAt", order: "asc", limit, ...(after && { after }) } as const;
  const { keys, stoppedAt, similar } = await findPage(ctx, filter, page, bounds);
  // Nothing matches: the list only shows what may have been meant.
  if (similar) return { ids: [], next: null };
  const shown = keys.slice(0, limit);
  const end = keys.length > limit ? shown.at(-1) : stoppedAt;
  return { ids: shown.map(({ id }) => id), next: end ? [cursorKey(end.key), end.id] : null };
}

/** Leads of one statement, and how many statements at most: whatever the filter, so many times a bounded number of leads is looked at. */
const AT_ONCE = 1_000;
const TIMES = 10;

/** The first leads that a filter finds, in the order of their making: at most `most`, and of a large list those among its first. `isAll`: there are no others. */
export async function firstMatching(
  ctx: Context,
  filter: LeadFilter,
  most: number,
  times = TIMES,
): Promise<{ ids: string[]; isAll: boolean }> {
  const found: string[] = [];
  let after: Cursor | null = null;
  for (let time = 0; time < times && found.length < most; time++) {
    const limit = Math.min(AT_ONCE, most - found.length);
    const { ids, next }: Awaited<ReturnType<typeof nextMatching>> = await nextMatching(ctx, filter, after, limit);
    found.push(...ids);
    if (next === null) return { ids: found, isAll: true };
    after = next;
  }
  return { ids: found, isAll: false };
}
