import type { Context } from "#platform/context.ts";

export type Delivery = {
  id: string;
  channel: "CALL" | "SMS" | "EMAIL";
  direction: "outbound" | "inbound";
  messageId: string | null;
  from: string;
  to: string;
  subject: string | null;
  text: string;
  outcome: string | null;
  at: Date;
};

/** What the sandbox vendors of a workspace were asked to send, in order. */
export function sandboxOf(ctx: Context) {
  const list = async (channel?: Delivery["channel"]): Promise<Delivery[]> => {
    let query = ctx.db
      .selectFrom("sandboxDeliveries")
      .select(["id", "channel", "direction", "messageId", "from", "to", "subject", "text", "outcome", "at"])
      .where("direction", "=", "outbound")
      .orderBy("at")
      .orderBy("id");
    if (channel) query = query.where("channel", "=", channel);
    return query.execute();
  };
  return { sent: list, emails: () => list("EMAIL"), sms: () => list("SMS"), calls: () => list("CALL") };
}
