import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { messageAnswered } from "../messages.ts";
import { findMessage } from "../queries/list.ts";
import { closeReplies } from "../queries/replies.ts";

/** A person has answered a reply elsewhere, or it needs no answer: it waits no more. A repeat changes nothing. Throws NotFound. */
export async function markAnswered(ctx: Context, messageId: string): Promise<void> {
  allow(ctx, "messages:send");
  await inTransaction(ctx, async (tx) => {
    const message = await findMessage(tx, messageId);
    if (!message || message.direction !== "inbound") throw NotFound();
    if (!(await closeReplies(tx, { messageId }))) return;
    const { channel, leadId } = message;
    await emit(tx, messageAnswered, { messageId, channel }, { leadId, subjectId: messageId });
  });
}
