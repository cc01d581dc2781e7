import { type Context, inRetriedTransaction } from "#platform/context.ts";
import { findLeadsByAddress, liftOwnNo, lockLeads, suppress } from "#domains/leads/index.ts";
import type { Channel } from "../channels.ts";
import { evidenceOf, findRecipient, OWN_EVIDENCE, showPreferences } from "../preferences.ts";
import { optOut } from "./opt-out.ts";

/**
 * What a person chose on the page of their link: each channel that reaches them and is not wanted is closed; one of the message's own address
 * that this page had closed, and no other cause, is opened again. Wanting none is saying no to everything. Does nothing where the link names
 * nobody any more.
 */
export async function chooseChannels(
  ctx: Context,
  named: { messageId: string; email: string | null },
  wanted: ReadonlySet<Channel>,
): Promise<void> {
  const evidence = evidenceOf.page(named.messageId);
  await inRetriedTransaction(ctx, async (tx) => {
    const recipient = await findRecipient(tx, named);
    if (!recipient) return;
    const { own, other } = recipient;
    const holders = await findLeadsByAddress(tx, own.kind, own.value);
    const leadIds = [...new Set([...holders, ...(recipient.leadId === null ? [] : [recipient.leadId])])];
    await lockLeads(tx, leadIds, { wait: true });
    const before = await showPreferences(tx, recipient);
    const isWanted = ({ channel, fixed }: { channel: Channel; fixed: boolean }) => wanted.has(channel) && !fixed;
    if (!before.choices.some(isWanted)) {
      for (const { kind, value } of [own, ...(other ? [other] : [])])
        await optOut(tx, {
          kind,
          value,
          reason: "UNSUBSCRIBE",
          evidence,
          leadId: recipient.leadId,
          messageId: named.messageId,
        });
      return;
    }
    const reopened = before.choices.some((one) => own.channels.includes(one.channel) && isWanted(one) && !one.isOpen);
    if (reopened) await liftOwnNo(tx, { ...own, closedBy: OWN_EVIDENCE, evidence });
    const { choices } = await showPreferences(tx, recipient);
    for (const { kind, value, channels } of [own, ...(other ? [other] : [])])
      for (const { channel, isOpen } of choices)
        if (channels.includes(channel) && isOpen && !wanted.has(channel))
          await suppress(tx, { kind, value, reason: "UNSUBSCRIBE", scope: channel, evidence });
  });
}
