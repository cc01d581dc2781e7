import type { Context } from "#platform/context.ts";
import { type SenderFault, healthOf, insertFaults, lockSenders } from "../queries/senders.ts";
import { whyPauseSender } from "../senders/health.ts";
import { pause } from "./move-sender.ts";

/**
 * Hard bounces and complaints, as they become known: a sender with too many of them among its last messages pauses itself in the
 * transaction that learns of it. What was told before is not counted twice. Call inside a transaction, after the messages were written.
 */
export async function noteSenderFaults(tx: Context, faults: readonly SenderFault[]): Promise<void> {
  if (faults.length === 0) return;
  await lockSenders(tx, [...new Set(faults.map(({ senderId }) => senderId))]);
  const senders = await insertFaults(tx, faults);
  const health = await healthOf(tx, senders);
  await pause(
    tx,
    [...health].flatMap(([id, figures]) => {
      const fault = whyPauseSender(figures);
      return fault ? [{ id, ...fault }] : [];
    }),
  );
}
