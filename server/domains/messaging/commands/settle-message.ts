import { type Context, allow, inTransaction } from "#platform/context.ts";
import { Conflict, NotFound } from "#platform/problems.ts";
import { lockMessages } from "../queries/outbound.ts";
import { applyFacts } from "./apply-facts.ts";

/** A person's word on a message whose outcome the vendor never told: it goes on as if the vendor had said so. */
export async function settleMessage(
  ctx: Context,
  input: { messageId: string; outcome: "sent" | "failed" },
): Promise<void> {
  allow(ctx, "messages:send");
  await inTransaction(ctx, async (tx) => {
    const message = (await lockMessages(tx, [input.messageId])).get(input.messageId);
    if (!message) throw NotFound();
    if (message.status !== "unknown")
      throw Conflict(`This message is ${message.status}; only an unknown outcome is settled by hand.`);
    const fact = {
      kind: "status" as const,
      externalId: `settled:${message.id}`,
      providerRef: null,
      messageId: message.id,
      status: input.outcome,
      hard: false,
      detail: "settled by a person",
      at: tx.now(),
    };
    await applyFacts(tx, message.provider ?? "", [{ eventId: message.id, fact }]);
  });
}
