import type { Context } from "#platform/context.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { listLeadsForSend, listOwnNos } from "#domains/leads/index.ts";
import type { Channel } from "./channels.ts";
import type { Choice, PreferenceFacts } from "./preference-page.ts";
import { findAddressee } from "./queries/inbound.ts";

/** An address and the channels that reach it. */
export type Reach = { kind: "EMAIL" | "PHONE"; value: string; channels: readonly Channel[] };

/** Whom a link was made for. `own`: the address that the message went to; the other one is their lead's. */
export type Recipient = { leadId: string | null; own: Reach; other: Reach | null };

const email = (value: string): Reach => ({ kind: "EMAIL", value, channels: ["EMAIL"] });
const phone = (value: string): Reach => ({ kind: "PHONE", value, channels: ["SMS", "CALL"] });

/** How this page signs what it closes: only such a no does it take back. */
export const evidenceOf = {
  link: (messageId: string) => `link in the message ${messageId}`,
  page: (messageId: string) => `preference page of the message ${messageId}`,
};
export const OWN_EVIDENCE = [evidenceOf.link(""), evidenceOf.page("")] as const;

/**
 * Whom the token of a link names; null for nobody any more. Of a deleted lead's mail the address is in the token itself; a text names none, who
 * has one answers STOP.
 */
export async function findRecipient(
  ctx: Context,
  named: { messageId: string; email: string | null },
): Promise<Recipient | null> {
  const message = await findAddressee(ctx, named.messageId);
  if (!message) return named.email === null ? null : { leadId: null, own: email(named.email), other: null };
  const own = message.channel === "EMAIL" ? email(message.to) : phone(message.to);
  const { leadId } = message;
  const lead = leadId === null ? undefined : (await listLeadsForSend(ctx, [leadId])).get(leadId);
  const beside = own.kind === "EMAIL" ? lead?.phone : lead?.email;
  return { leadId, own, other: beside ? (own.kind === "EMAIL" ? phone(beside) : email(beside)) : null };
}

/** What the page shows: each channel that reaches the person, whether it is open, and whether this page may open it again. */
export async function showPreferences(ctx: Context, { own, other }: Recipient): Promise<PreferenceFacts> {
  const { senderName } = await getWorkspaceSettings(ctx);
  const reaches = [own, ...(other ? [other] : [])];
  const nos = await listOwnNos(ctx, reaches, OWN_EVIDENCE);
  const choices = reaches.flatMap((reach) =>
    reach.channels.map((channel): Choice => {
      const closing = nos.filter(
        ({ kind, value, scope }) =>
          kind === reach.kind && value === reach.value && (scope === "ALL" || scope === channel),
      );
      const isOpen = closing.length === 0;
      // Whoever holds a link of one address has proved nothing about the other: they may close it, not open it.
      return { channel, isOpen, fixed: !isOpen && (reach !== own || closing.some(({ isOwn }) => !isOwn)) };
    }),
  );
  return { sender: senderName, address: own.value, choices };
}
