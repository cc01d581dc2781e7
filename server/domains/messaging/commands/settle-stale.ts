import { type Context, inTransaction } from "#platform/context.ts";
import { forgetOldBudgets } from "../queries/facts.ts";
import { hasReceived, reviveUnmatched } from "../queries/inbound.ts";
import { listStaleSends } from "../queries/outbound.ts";
import { enqueue } from "#platform/jobs.ts";
import { forgetOldDays } from "../queries/senders.ts";
import { processInbound } from "../messages.ts";
import { forgetOldTallies } from "../queries/vendor-trips.ts";
import { recordOutcomes } from "./record-outcomes.ts";

/** Longer than any vendor call and its record may take (voice 20 s): a message still `sending` after it lost its process. */
export const STALE_MS = 90_000;
const DAY_MS = 86_400_000;
const BATCH = 500;
/** What a sender used of its days is shown for two weeks. */
const SENDER_DAYS_KEPT = 60;

/**
 * After a crash: a message in `sending` may or may not have reached its vendor. It becomes `unknown`; the vendor's callback settles it, or a
 * person does. It is never sent again by itself. Answers whether there may be more.
 */
export async function settleStaleSends(ctx: Context): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const ids = await listStaleSends(tx, new Date(tx.now().getTime() - STALE_MS), BATCH);
    await recordOutcomes(
      tx,
      ids.map((messageId) => ({
        messageId,
        outcome: {
          kind: "unknown" as const,
          detail: "the process that handed it over ended before the answer was written down",
        },
      })),
      { byVendor: false },
    );
    return ids.length === BATCH;
  });
}

/** Longer than the job that processes what was received can be waited for, unless its process died with it. */
const LEFT_BEHIND_MS = 30_000;

/** Callbacks that came too early are read again once their message is known, and what a dead process left; old budgets are forgotten. */
export async function tidyUp(ctx: Context): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const since = new Date(tx.now().getTime() - DAY_MS);
    const revived = await reviveUnmatched(tx, since);
    const leftBehind = await hasReceived(tx, new Date(tx.now().getTime() - LEFT_BEHIND_MS));
    if (revived > 0 || leftBehind) await enqueue(tx, processInbound, {}, { key: "all" });
    await forgetOldBudgets(tx, since);
    await forgetOldTallies(tx);
    await forgetOldDays(tx, Math.floor(since.getTime() / DAY_MS) - SENDER_DAYS_KEPT);
  });
}
