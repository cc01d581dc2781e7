import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import {
  advanceStatus,
  findErased,
  findLeadsByIdentity,
  liftStop,
  lockLeads,
  normaliseSender,
  recordInterests,
} from "#domains/leads/index.ts";
import type { InboundFact } from "#providers/webhook.ts";
import { type InboundNotice, tellInbound } from "../hooks.ts";
import { messageReceived } from "../messages.ts";
import { readOptWord } from "../opt-out.ts";
import { findLastTouchedLead, findThreads, insertInbound } from "../queries/inbound.ts";
import { keepSendersWrittenTo } from "../queries/sender-budget.ts";
import { ownWords } from "../own-words.ts";
import { summaryOf } from "../summary.ts";
import { type No, optOutAll } from "./opt-out.ts";
import { queueConfirmation } from "./queue-confirmation.ts";

/** What a person wrote, read and placed. */
type Received = {
  fact: InboundFact;
  id: string;
  kind: "EMAIL" | "PHONE";
  from: string;
  leadId: string | null;
  /** The address that the message went to which this one answers. */
  answersTo: string | null;
  reading: InboundNotice["reading"];
};

/**
 * Takes in what people wrote, in the order in which it came: stores it, finds whose it is, heeds opt-out words, tells the higher domains.
 * Call inside a transaction, once per stored webhook event. The leads stay locked until its end, taken in the order of their ids.
 *
 * Whose it is: the lead of the message it answers (In-Reply-To, References), else the one lead with that address; of several who share a
 * phone, the one messaged last from the number it was sent to. Nobody's message is kept too, without a lead.
 */
export async function receiveMessages(tx: Context, provider: string, facts: readonly InboundFact[]): Promise<void> {
  if (facts.length === 0) return;
  const placed = await place(tx, facts);
  const at = tx.now();
  // Waits for a sender that is deciding about one of them, so that what it has queued is seen by those who are told.
  await lockLeads(tx, leadsOf(placed), { wait: true });
  // Or for an erasure: what came meanwhile is nobody's, as if it had come a moment later.
  const erased = await findErased(tx, leadsOf(placed));
  const received = placed.map((one) =>
    one.leadId !== null && erased.has(one.leadId) ? { ...one, leadId: null, answersTo: null } : one,
  );
  await keepSendersWrittenTo(
    tx,
    received.map(({ leadId, fact }) => ({ leadId, channel: fact.channel, to: fact.to })),
  );
  await insertInbound(
    tx,
    received.map(({ fact, id, from, leadId, reading }) => ({
      id,
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
    })),
  );
  await emitMany(
    tx,
    messageReceived,
    received.map(({ fact, id, from, leadId, reading }) => ({
      payload: {
        messageId: id,
        channel: fact.channel,
        from,
        summary: summaryOf(fact.subject, fact.text),
        reading,
      },
      leadId,
      subjectId: id,
    })),
  );
  // Who says no has not taken up the talk: their status stays.
  const people = received.filter(({ reading }) => reading !== "automatic" && reading !== "stop");
  await advanceStatus(tx, leadsOf(people), "inbound");
  await recordInterests(
    tx,
    received.flatMap(({ id, leadId, reading }) =>
      leadId !== null && reading === "reply" ? [{ leadId, kind: "reply" as const, key: id, at }] : [],
    ),
  );
  for (const round of inRounds(received)) {
    await heedNos(tx, round);
    for (const message of round) await heedWord(tx, message);
    await tellInbound(
      tx,
      round.map(({ id, leadId, fact, reading }) => ({ messageId: id, leadId, channel: fact.channel, reading, at })),
    );
  }
}

/** Rounds with one message of each person and address: who writes twice is heard in the order of their words. */
function inRounds(received: readonly Received[]): Received[][] {
  const heard = new Map<string, number>();
  const rounds: Received[][] = [];
  for (const message of received) {
    const { kind, from, answersTo, leadId } = message;
    const whose = [`${kind} ${from}`, ...(answersTo === null ? [] : [`${kind} ${answersTo}`]), leadId ?? ""].filter(
      Boolean,
    );
    const place = Math.max(...whose.map((one) => heard.get(one) ?? 0));
    for (const one of whose) heard.set(one, place + 1);
    (rounds[place] ??= []).push(message);
  }
  return rounds;
}

const leadsOf = (received: readonly Received[]): string[] => [
  ...new Set(received.flatMap(({ leadId }) => (leadId === null ? [] : [leadId]))),
];

/** Everybody of a round who says no. */
async function heedNos(tx: Context, round: readonly Received[]): Promise<void> {
  const stopping = round.filter(({ reading }) => reading === "stop");
  const nos = stopping.flatMap((message): (No & { message: Received })[] => {
    const { fact, id, kind, from, leadId, answersTo } = message;
    const no = {
      message,
      kind,
      leadId,
      reason: "STOP_REPLY" as const,
      evidence: `"${summaryOf(null, fact.text)}" (${id})`,
      messageId: id,
      isTold: true,
    };
    // Mail that was passed on is answered from elsewhere: who says STOP means the address that we wrote to.
    const meant = answersTo !== null && answersTo !== from ? [from, answersTo] : [from];
    return meant.map((value) => ({ ...no, value }));
  });
  const isNew = await optOutAll(
    tx,
    nos.map(({ message: _message, ...no }) => no),
  );
  // Said again, it is not answered again: two machines would go on for ever.
  for (const [place, { message, value }] of nos.entries())
    if (isNew[place] === true && value === message.from)
      await queueConfirmation(tx, { word: "stop", channel: message.fact.channel, leadId: message.leadId, to: value });
}

async function heedWord(tx: Context, { fact, id, kind, from, leadId, reading }: Received): Promise<void> {
  const { channel } = fact;
  if (reading === "start") {
    const lifted = await liftStop(tx, { kind, value: from, evidence: id });
    if (lifted) await queueConfirmation(tx, { word: "start", channel, leadId, to: from });
  } else if (reading === "help") {
    await queueConfirmation(tx, { word: "help", channel, leadId, to: from });
  }
}

/**
 * The message whose List-Unsubscribe address a mail was written to: its token stands in the subject, or before the @. It says whose no it is,
 * also where the mail comes from another address and belongs to no thread.
 */
function unsubscribing(tx: Context, { channel, subject, to }: InboundFact) {
  return channel === "EMAIL" ? tx.providers.readUnsubscribe(tx, `${subject ?? ""} ${to}`) : null;
}

function readingOf(fact: InboundFact): InboundNotice["reading"] {
  const isMail = fact.channel === "EMAIL";
  const word =
    readOptWord(isMail ? ownWords(fact.text) : fact.text) ?? (isMail ? readOptWord(fact.subject ?? "") : null);
  // A mail program that unsubscribes for its person may say that a machine wrote it.
  if (word === "opt_out") return "stop";
  if (fact.automatic) return "automatic";
  // Who may text from a number is known; a mail bears whatever address its sender likes, and opens nothing.
  if (word === "opt_in" && !isMail) return "start";
  return word === "help" && fact.channel === "SMS" ? "help" : "reply";
}

/** Whose each of them is: the threads of all in one statement, and their addresses in another. */
async function place(tx: Context, facts: readonly InboundFact[]): Promise<Received[]> {
  const senders = facts.map((fact) => ({
    fact,
    kind: fact.channel === "EMAIL" ? ("EMAIL" as const) : ("PHONE" as const),
    from: normaliseSender(fact.channel, fact.from),
  }));
  const tokens = new Map(facts.map((fact) => [fact, unsubscribing(tx, fact)]));
  const nearest = (fact: InboundFact) => {
    const token = tokens.get(fact);
    return token ? [`<${token.messageId}@token>`, ...namedIn(fact)] : namedIn(fact);
  };
  const threads = await findThreads(tx, facts.flatMap(nearest));
  const holders = await findLeadsByIdentity(
    tx,
    senders.map(({ kind, from }) => ({ kind, value: from })),
  );
  const placed: Received[] = [];
  for (const sender of senders) {
    const { fact, kind, from } = sender;
    const token = tokens.get(fact);
    const [thread] = nearest(fact).flatMap((messageId) => threads.get(messageId) ?? []);
    const leadId = thread?.leadId ?? (await oneOf(tx, holders.get(`${kind} ${from}`) ?? [], fact.channel));
    // Deleted with its lead, the message still says by its token whom it went to.
    const answersTo = thread?.to ?? token?.email ?? null;
    placed.push({ ...sender, id: newId("msg"), leadId, answersTo, reading: token ? "stop" : readingOf(fact) });
  }
  return placed;
}

/** The messages that a mail says it answers, the nearest first. */
const namedIn = ({ channel, inReplyTo, references }: InboundFact): string[] =>
  channel === "EMAIL" ? [inReplyTo, ...references.toReversed()].flatMap((id) => id ?? []) : [];

async function oneOf(tx: Context, leadIds: readonly string[], channel: InboundFact["channel"]): Promise<string | null> {
  const [oldest = null] = leadIds;
  return leadIds.length > 1 ? ((await findLastTouchedLead(tx, leadIds, channel)) ?? oldest) : oldest;
}
