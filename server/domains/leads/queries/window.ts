import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import * as inOrder from "#platform/database/in-order.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { allOf, conditionsOf, like, type Patterns } from "./filter.ts";
import type { LeadPage, PageKey } from "./page.ts";
import type { Stream } from "./streams.ts";

/**
 * Entries of a list that the first request looks at. In the whole list in the order of its making leads that follow each other lie together on the disk; in
 * any other order, or of a few of them, each is read from a page of its own, which takes several times as long.
 */
export const WINDOW = { together: 4_000, apart: 1_000 };
export type Window = typeof WINDOW;

/**
 * With each page that ends short the next looks at twice as many, up to so many times the first: 0.2 to 0.3 s of a processor where another table is asked
 * for each lead. So the first answer comes soon, and to look through 1,000,000 leads takes less than 100 requests, of the 1,200 that a person may
 * make in a minute.
 */
const GROWTH = { together: 8, apart: 12 };

/** How far a stream is read by one request for the page. */
export function lengthOf({ liesTogether }: Stream, { after }: Pick<LeadPage, "after">, window: Window): number {
  const where = liesTogether ? "together" : "apart";
  return window[where] * Math.min(GROWTH[where], 2 ** shortBefore(after));
}

/** How many pages ended short one after the other before the one that begins there. */
export const shortBefore = (after: Cursor | undefined): number => after?.[2] ?? 0;

/** What was found of a page. */
export type Found = inOrder.Found<PageKey["key"]>;

/** Full, or all there is. */
export const isWhole = ({ stoppedAt }: Found): boolean => stoppedAt === null;

/** Reads a stream from the page's cursor on, at most `most` entries of it, and stops as soon as the page is full. */
export const readWindow = (
  ctx: Context,
  stream: Stream,
  { order, limit }: LeadPage,
  most: number,
  patterns: Patterns = [],
): Promise<Found> => inOrder.readWindow(ctx, readingOf(stream, patterns), { order, limit, most });

/** How many entries of a stream fit, and whether it has no more than were looked at. */
export const countWindow = (ctx: Context, stream: Stream, { order }: LeadPage, most: number) =>
  inOrder.countWindow(ctx, readingOf(stream, []), { order, most });

/**
 * What is asked of each entry is asked of it alone (`offset 0`), for the planner would gather all tags or values first. An entry that does not carry
 * its lead has it fetched.
 */
function readingOf({ branches, carriesLead, repeats, isGathered, rest }: Stream, patterns: Patterns): inOrder.Reading {
  const alias = carriesLead ? sql`s` : sql`l`;
  const asked = [...like(patterns, alias), ...conditionsOf(rest, alias, { inOrder: true })];
  if (carriesLead || asked.length === 0) return { branches, repeats, isGathered, fits: allOf(asked) };
  const beside = sql`left join lateral (select true as fits from leads l where l.id = s.id and ${allOf(asked)} offset 0) as l on true`;
  return { branches, repeats, isGathered, fits: sql`l.fits`, beside };
}
