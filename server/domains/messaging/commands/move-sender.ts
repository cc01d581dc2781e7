import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit, emitMany } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { senderPaused, senderRemoved, senderResumed } from "../messages.ts";
import { deleteSenderRow, lockSender, pauseSenders, resumeSenderRow } from "../queries/senders.ts";

/** Sends nothing from it until it is resumed; its threads wait. One that is paused stays as it is. */
export async function pauseSender(ctx: Context, id: string, reason: string): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await lockSender(tx, id))) throw NotFound();
    await pause(tx, [{ id, cause: "person", reason }]);
  });
}

/** Pauses senders, each for its reason, and says so. Those that are paused already stay as they are. */
export async function pause(tx: Context, pauses: Parameters<typeof pauseSenders>[1]): Promise<void> {
  const why = new Map(pauses.map((one) => [one.id, one]));
  const paused = await pauseSenders(tx, pauses);
  await emitMany(
    tx,
    senderPaused,
    paused.flatMap(({ id, channel, address }) => {
      const { cause, reason } = why.get(id) ?? {};
      return cause === undefined || reason === undefined
        ? []
        : [{ payload: { senderId: id, channel, address, cause, reason }, subjectId: id }];
    }),
  );
}

/** A person takes the responsibility: it sends again, and is judged by what it sends from now on. */
export async function resumeSender(ctx: Context, id: string): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    const sender = await lockSender(tx, id);
    if (!sender) throw NotFound();
    if (sender.status === "ACTIVE") return;
    await resumeSenderRow(tx, id);
    const { channel, address } = sender;
    await emit(tx, senderResumed, { senderId: id, channel, address, what: "resumed" }, { subjectId: id });
  });
}

/** Forgets a sender. Its threads go on from another with their next message; what it sent stays. */
export async function removeSender(ctx: Context, id: string): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    const sender = await lockSender(tx, id);
    if (!sender) throw NotFound();
    await deleteSenderRow(tx, id);
    const { channel, address } = sender;
    await emit(tx, senderRemoved, { senderId: id, channel, address, what: "removed" }, { subjectId: id });
  });
}
