import { isDeepStrictEqual } from "node:util";
import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { enqueue } from "#platform/jobs.ts";
import { NotFound } from "#platform/problems.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { checkSenderDomain, senderChanged, senderPaused, senderResumed } from "../messages.ts";
import { type SenderChange, lockSender, updateSender } from "../queries/senders.ts";
import type { SenderWanted } from "./create-sender.ts";
import { refuseForeign } from "./create-sender.ts";

/**
 * Changes what is given. A ramp that is switched on begins today. Threads stay with the sender; its address is what it is. `expected`: the
 * `updatedAt` that the change was made from. Throws NotFound, Invalid, ChangedElsewhere.
 */
export async function changeSender(
  ctx: Context,
  id: string,
  wanted: Partial<Omit<SenderWanted, "channel" | "address">>,
  expected?: string,
): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    const before = await lockSender(tx, id);
    if (!before) throw NotFound();
    const { channel, address, updatedAt } = before;
    const told = [senderChanged, senderPaused, senderResumed];
    await refuseStale(tx, { expected, updatedAt, told, about: { subjectId: id } });
    const { takesNew, hasRamp, dkimSelector, ...plain } = wanted;
    if (plain.integrationId !== undefined) await refuseForeign(tx, channel, plain.integrationId);
    const change: SenderChange = {
      ...plain,
      ...(takesNew !== undefined && { isActive: takesNew }),
      ...(hasRamp !== undefined &&
        hasRamp !== (before.rampStartedAt !== null) && { rampStartedAt: hasRamp ? tx.now() : null }),
      ...(dkimSelector !== undefined && channel === "EMAIL" && { dkimSelector }),
    };
    const known = new Map<string, unknown>(Object.entries(before));
    const changed = Object.entries(change)
      .filter(([field, to]) => to !== undefined && !isDeepStrictEqual(known.get(field), to))
      .map(([field]) => field);
    if (changed.length === 0) return;
    await updateSender(tx, id, change);
    await emit(tx, senderChanged, { senderId: id, channel, address, what: changed.join(", ") }, { subjectId: id });
    // Another service, or another selector, asks for other records.
    if (channel === "EMAIL" && (changed.includes("dkimSelector") || changed.includes("integrationId")))
      await enqueue(tx, checkSenderDomain, { senderId: id });
  });
}
