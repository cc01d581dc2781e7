import type { Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { advanceStatus, findLeadsByAddress, liftStop, normaliseSender } from "#domains/leads/index.ts";
import type { InboundFact } from "#providers/webhook.ts";
import { type InboundNotice, tellInbound } from "../hooks.ts";
import { messageReceived } from "../messages.ts";
import { readOptWord } from "../opt-out.ts";
import { findLastTouchedLead, findThreadLead, insertInbound } from "../queries/inbound.ts";
import { summaryOf } from "../summary.ts";
import { optOut } from "./opt-out.ts";
import { queueConfirmation } from "./queue-confirmation.ts";

/**
 * Takes in one message that a person wrote: stores it, finds whose it is, heeds opt-out words, tells the higher domains. Call inside a
 * transaction, once per stored webhook event.
 *
 * Whose it is: the lead of the message it answers (In-Reply-To, References), else the one lead with that address; of several who share a
 * phone, the one messaged last from the number it was sent to. Nobody's message is kept too, without a lead.
 */
export async function receiveMessage(tx: Context, provider: string, fact: InboundFact): Promise<void> {
  const from = normaliseSender(fact.channel, fact.from);
  const kind = fact.channel === "EMAIL" ? "EMAIL" : "PHONE";
  const leadId = await whose(tx, fact, kind, from);
  const reading = readingOf(fact);
  const messageId = newId("msg");
  const at = tx.now();

  await insertInbound(tx, {
    id: messageId,
    leadId,
    channel: fact.channel,
    provider,
    from,
    to: fact.to,
    subject: fact.subject,
    text: fact.text,
    html: fact.html,
    providerRef: fact.vendorMessageId,
    inReplyTo: fact.inReplyTo,
    awaitsReply: leadId !== null && reading === "reply",
    at,
  });
  await emit(
    tx,
    messageReceived,
    { messageId, channel: fact.channel, from, summary: summaryOf(fact.subject, fact.text), reading },
    { leadId, subjectId: messageId },
  );
  if (leadId && reading !== "automatic") await advanceStatus(tx, [leadId], "inbound");

  const notice: InboundNotice = { messageId, leadId, channel: fact.channel, reading, at };
  if (reading === "stop") {
    await optOut(tx, {
      kind,
      value: from,
      reason: "STOP_REPLY",
      evidence: `"${summaryOf(null, fact.text)}" (${messageId})`,
    });
    await queueConfirmation(tx, { word: "stop", channel: fact.channel, leadId });
  } else if (reading === "start") {
    const lifted = await liftStop(tx, { kind, value: from, evidence: messageId });
    if (lifted) await queueConfirmation(tx, { word: "start", channel: fact.channel, leadId });
  } else if (reading === "help") {
    await queueConfirmation(tx, { word: "help", channel: fact.channel, leadId });
  }
  await tellInbound(tx, notice);
}

function readingOf(fact: InboundFact): InboundNotice["reading"] {
  if (fact.automatic) return "automatic";
  const word = readOptWord(fact.text) ?? (fact.channel === "EMAIL" && fact.subject ? readOptWord(fact.subject) : null);
  if (word === "opt_out") return "stop";
  if (word === "opt_in") return "start";
  return word === "help" && fact.channel === "SMS" ? "help" : "reply";
}

async function whose(tx: Context, fact: InboundFact, kind: "EMAIL" | "PHONE", from: string): Promise<string | null> {
  if (fact.channel === "EMAIL") {
    const byThread = await findThreadLead(
      tx,
      [fact.inReplyTo, ...fact.references].flatMap((id) => id ?? []),
    );
    if (byThread) return byThread;
  }
  const leadIds = await findLeadsByAddress(tx, kind, from);
  if (leadIds.length <= 1) return leadIds[0] ?? null;
  return (await findLastTouchedLead(tx, leadIds, fact.channel)) ?? leadIds[0] ?? null;
}
