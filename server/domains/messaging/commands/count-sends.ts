import type { Context } from "#platform/context.ts";
import { addSendCounts, countedUntil, QUARTER_MS } from "../queries/send-counts.ts";

/** A transaction that wrote `sent_at` may commit this much later; no hand-over's record takes as long. */
const LAG_MS = 5 * 60_000;

/** Counts what went out in the quarters of an hour that are over and not counted yet. Safe to run anywhere, any number of times. */
export async function countSends(ctx: Context): Promise<void> {
  const until = new Date(Math.floor((ctx.now().getTime() - LAG_MS) / QUARTER_MS) * QUARTER_MS);
  const from = await countedUntil(ctx);
  if (from === null || from < until) await addSendCounts(ctx, from, until);
}
