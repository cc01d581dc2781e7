import { allow, inTransaction, type Context } from "#platform/context.ts";
import { insertInterests } from "../queries/scores.ts";
import type { InterestKind } from "../score/sets.ts";
import { askForScores } from "./score-leads.ts";

/**
 * Writes down what leads did that shows interest, for higher domains: replies, clicks by people, bookings. `key` tells one from others of its kind:
 * the same again changes nothing. Their scores follow once the transaction has committed.
 */
export async function recordInterests(
  ctx: Context,
  interests: readonly { leadId: string; kind: InterestKind; key: string; at: Date }[],
): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => askForScores(tx, await insertInterests(tx, interests)));
}
