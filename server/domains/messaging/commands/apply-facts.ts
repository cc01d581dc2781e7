import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { advanceStatus, suppressAll } from "#domains/leads/index.ts";
import type { CallFact, StatusFact } from "#providers/webhook.ts";
import { type AttemptFact, type MessageFact, nextAttemptStatus, nextMessageStatus } from "../channels.ts";
import { isErased, withoutWords } from "../erased.ts";
import { type DeliveryFact, tellDelivery } from "../hooks.ts";
import { callEnded, messageDelivered, messageFailed } from "../messages.ts";
import {
  type AttemptChange,
  type MessageChange,
  type OpenMessage,
  findByProviderRefs,
  lockMessages,
  updateAttempts,
  updateMessages,
} from "../queries/outbound.ts";
import { blankEvents } from "../queries/personal-data.ts";
import type { SenderFault } from "../queries/senders.ts";
import { readsAsOptOutInTranscript } from "../transcript.ts";
import { insertEngagements, type NewEngagement } from "../queries/engagements.ts";
import { botReasonOf } from "../tracking/bots.ts";
import { isTrackedLink } from "../tracking/track.ts";
import { aboutMessage } from "./record-outcomes.ts";
import { noteSenderFaults } from "./note-sender-faults.ts";
import { type No, optOutAll } from "./opt-out.ts";

export type VendorFact = { eventId: string; fact: StatusFact | CallFact };

/** What a vendor's word means for the message; null says nothing about its delivery. */
const MESSAGE_FACT: Record<StatusFact["status"], MessageFact | null> = {
  sent: "accepted",
  // Whatever it does with it: the vendor has it, and must not be given it a second time.
  in_progress: "accepted",
  delivered: "delivered",
  opened: "delivered",
  clicked: "delivered",
  failed: "failed",
  bounced: "bounced",
  complained: null,
  unsubscribed: null,
};

/**
 * Applies callbacks of one vendor: any order, any number of times, never backwards. Returns the ids of events whose message is not known
 * yet: they are kept and tried again for a day. Call inside a transaction.
 */
export async function applyFacts(tx: Context, provider: string, facts: readonly VendorFact[]): Promise<string[]> {
  if (facts.length === 0) return [];
  const byRef = await findByProviderRefs(
    tx,
    provider,
    facts.flatMap(({ fact }) => (fact.providerRef && !fact.messageId ? [fact.providerRef] : [])),
  );
  const idOf = (fact: StatusFact | CallFact) =>
    fact.messageId ?? (fact.providerRef ? (byRef.get(fact.providerRef) ?? null) : null);
  const open = await lockMessages(tx, [...new Set(facts.flatMap(({ fact }) => idOf(fact) ?? []))]);

  const unmatched: string[] = [];
  const ofErased: string[] = [];
  const touched = new Map<string, Entry>();
  for (const { eventId, fact } of facts) {
    const id = idOf(fact);
    const message = id ? open.get(id) : undefined;
    if (!message) {
      unmatched.push(eventId);
      continue;
    }
    const entry = touched.get(message.id) ?? start(message);
    touched.set(message.id, entry);
    apply(entry, isErased(message) ? withoutWords(fact) : fact, tx.now());
    if (isErased(message)) ofErased.push(eventId);
  }
  const entries = [...touched.values()];
  await updateMessages(
    tx,
    entries.map((entry) => entry.change),
  );
  await updateAttempts(
    tx,
    entries.flatMap((entry) => entry.attempt ?? []),
  );
  await tellDelivery(
    tx,
    entries.flatMap((entry) => entry.facts),
  );
  await announce(tx, entries);
  const delivered = entries.filter((entry) => entry.facts.some((fact) => fact.kind === "delivered"));
  await advanceStatus(
    tx,
    delivered.flatMap((entry) => entry.message.leadId ?? []),
    "delivered_outbound",
  );
  await insertEngagements(tx, engagementsIn(tx, provider, facts, idOf));
  await heedWishes(
    tx,
    facts.flatMap(({ fact }) => {
      const message = open.get(idOf(fact) ?? "");
      return message && !isErased(message) ? [{ message, fact }] : [];
    }),
  );
  await noteSenderFaults(
    tx,
    facts.flatMap(({ fact }) => faultsIn(fact, open.get(idOf(fact) ?? ""))),
  );
  await blankEvents(tx, ofErased);
  return unmatched;
}

/**
 * Openings and clicks that a vendor tells of; whether a person did them is decided where our own are. A click on a link of ours is told by
 * ourselves.
 */
function engagementsIn(
  tx: Context,
  provider: string,
  facts: readonly VendorFact[],
  idOf: (fact: StatusFact | CallFact) => string | null,
): NewEngagement[] {
  return facts.flatMap(({ fact }): NewEngagement[] => {
    const messageId = idOf(fact);
    if (fact.kind !== "status" || messageId === null) return [];
    const kind = fact.status === "opened" ? "OPEN" : fact.status === "clicked" ? "CLICK" : null;
    const url = fact.url ?? null;
    if (kind === null || (url !== null && isTrackedLink(tx, url))) return [];
    const userAgent = fact.userAgent?.slice(0, 300) ?? null;
    // A vendor that names no program has looked at it itself.
    const asked = userAgent === null ? null : botReasonOf({ kind, isHead: false, purpose: null, userAgent });
    const botReason = fact.isMachine ? "vendor_says" : asked;
    return [
      { id: newId("eng"), messageId, kind, at: fact.at ?? tx.now(), url, source: provider, botReason, userAgent },
    ];
  });
}

/** What speaks against the sender of a message. */
function faultsIn(fact: StatusFact | CallFact, message: OpenMessage | undefined): SenderFault[] {
  if (fact.kind === "call" || !message?.senderId) return [];
  const about = { messageId: message.id, senderId: message.senderId };
  if (fact.status === "complained") return [{ ...about, kind: "complaint" }];
  return fact.hard ? [{ ...about, kind: "bounce" }] : [];
}

/** What becomes of one message. Where no fact moves it, it stays due when it was: an unknown one is asked about, a queued one taken up. */
type Entry = {
  message: OpenMessage;
  before: OpenMessage;
  change: MessageChange;
  attempt: AttemptChange | null;
  facts: DeliveryFact[];
};

function start(message: OpenMessage): Entry {
  return {
    message,
    before: { ...message },
    change: {
      id: message.id,
      status: message.status,
      providerRef: null,
      failure: null,
      sentAt: null,
      deliveredAt: null,
      dueAt: message.dueAt,
    },
    attempt: message.contactAttemptId
      ? {
          id: message.contactAttemptId,
          status: message.attemptStatus ?? "IN_PROGRESS",
          providerRef: null,
          result: null,
          completedAt: null,
          duration: null,
          costMicros: null,
          transcript: null,
          recordingUrl: null,
          tried: null,
        }
      : null,
    facts: [],
  };
}

function apply(entry: Entry, fact: StatusFact | CallFact, now: Date): void {
  const { message, change, attempt } = entry;
  const at = (fact.kind === "call" ? fact.endedAt : fact.at) ?? now;
  const heard: MessageFact | null =
    fact.kind === "call" ? (fact.outcome === "FAILED" ? "failed" : "delivered") : MESSAGE_FACT[fact.status];
  change.providerRef ??= fact.providerRef;
  if (attempt) attempt.providerRef ??= fact.providerRef;

  if (heard) {
    const next = nextMessageStatus(change.status, heard);
    const moved = next !== change.status;
    // Of what was unknown, or seemed to have failed, it is told only now that it went out.
    if (
      moved &&
      (message.status === "unknown" || message.status === "queued") &&
      (heard === "accepted" || heard === "delivered")
    )
      change.sentAt ??= now;
    change.status = next;
    if (moved) change.dueAt = null;
    const detail = fact.kind === "call" ? fact.endedReason : fact.detail;
    if (heard === "delivered") change.deliveredAt ??= at;
    if (heard === "failed" || heard === "bounced") change.failure = detail;
    if (moved || fact.kind === "call") entry.facts.push(deliveryFact(message, heard, detail, now));
  }
  if (!attempt) return;
  const next = nextAttemptStatus(asAttemptStatus(attempt.status), attemptFact(fact, heard));
  if (next !== attempt.status) {
    attempt.status = next;
    attempt.completedAt = at;
    attempt.result = fact.kind === "call" ? fact.endedReason : (fact.detail ?? fact.status);
  }
  if (fact.kind === "call") {
    attempt.duration = fact.durationSeconds;
    attempt.costMicros = fact.costMicros;
    attempt.transcript = fact.transcript;
    attempt.recordingUrl = fact.recordingUrl;
    attempt.result = fact.summary ?? fact.endedReason;
    attempt.completedAt = at;
  }
}

type AttemptStatus = NonNullable<OpenMessage["attemptStatus"]>;
const asAttemptStatus = (status: string): AttemptStatus =>
  status === "PENDING" || status === "SUCCESS" || status === "NO_ANSWER" || status === "FAILED" || status === "UNKNOWN"
    ? status
    : "IN_PROGRESS";

function attemptFact(fact: StatusFact | CallFact, heard: MessageFact | null): AttemptFact {
  if (fact.kind === "call") return { kind: "call_report", status: fact.outcome };
  if (heard === "bounced") return { kind: "bounced" };
  if (heard === "delivered") return { kind: "outcome", status: "SUCCESS" };
  if (heard === "failed") return { kind: "outcome", status: "FAILED" };
  return { kind: "handed_over" };
}

function deliveryFact(message: OpenMessage, heard: MessageFact, detail: string | null, now: Date): DeliveryFact {
  const kind = heard === "delivered" ? "delivered" : heard === "accepted" ? "accepted" : "failed";
  return {
    messageId: message.id,
    leadId: message.leadId,
    channel: message.channel,
    executionId: message.executionId,
    campaignId: message.campaignId,
    attemptId: message.contactAttemptId,
    kind,
    detail,
    at: now,
  };
}

async function announce(tx: Context, entries: readonly Entry[]): Promise<void> {
  const became = (status: string) =>
    entries.filter((entry) => entry.change.status === status && entry.before.status !== status);
  const subject = (entry: Entry) => ({ leadId: entry.message.leadId, subjectId: entry.message.id });
  const texts = (list: readonly Entry[]) => list.filter((entry) => entry.message.channel !== "CALL");
  await emitMany(
    tx,
    messageDelivered,
    texts(became("delivered")).map((entry) => ({ payload: aboutMessage(entry.message), ...subject(entry) })),
  );
  await emitMany(
    tx,
    messageFailed,
    texts(became("failed")).map((entry) => ({
      payload: { ...aboutMessage(entry.message), reason: entry.change.failure ?? "" },
      ...subject(entry),
    })),
  );
}

type Heard = { message: OpenMessage; fact: StatusFact | CallFact };

/** What people want, beside what became of their messages: complaints and unsubscribes suppress, dead addresses are not tried again. */
async function heedWishes(tx: Context, heard: readonly Heard[]): Promise<void> {
  const calls = heard.flatMap(({ message, fact }) => (fact.kind === "call" ? [{ message, fact }] : []));
  await emitMany(
    tx,
    callEnded,
    calls.map(({ message, fact }) => ({
      payload: {
        ...aboutMessage(message),
        outcome: fact.outcome,
        durationSeconds: fact.durationSeconds,
        endedReason: fact.endedReason,
        transcriptSummary: fact.summary,
      },
      leadId: message.leadId,
      subjectId: message.id,
    })),
  );
  await advanceStatus(
    tx,
    calls.flatMap(({ message, fact }) => (fact.outcome === "SUCCESS" ? (message.leadId ?? []) : [])),
    "inbound",
  );
  await optOutAll(
    tx,
    heard.flatMap((one) => noIn(one) ?? []),
  );
  await suppressAll(
    tx,
    heard.flatMap(({ message, fact }) =>
      fact.kind === "status" && fact.hard && fact.status !== "complained" && fact.status !== "unsubscribed"
        ? [
            {
              kind: kindOf(message),
              value: message.to,
              reason: "HARD_BOUNCE" as const,
              scope: message.channel,
              evidence: fact.detail ?? fact.status,
            },
          ]
        : [],
    ),
  );
}

const kindOf = ({ channel }: OpenMessage) => (channel === "EMAIL" ? "EMAIL" : "PHONE");

function noIn({ message, fact }: Heard): No | null {
  const { id, to: value } = message;
  const kind = kindOf(message);
  if (fact.kind === "call")
    return fact.transcript && readsAsOptOutInTranscript(fact.transcript)
      ? { kind, value, reason: "STOP_REPLY", evidence: `said on the call ${id}`, messageId: id }
      : null;
  if (fact.status === "complained")
    return {
      kind,
      value,
      reason: "COMPLAINT",
      evidence: fact.detail ?? "complaint reported by the vendor",
      messageId: id,
    };
  if (fact.status === "unsubscribed")
    return { kind, value, reason: "UNSUBSCRIBE", evidence: fact.detail ?? "unsubscribed at the vendor", messageId: id };
  return null;
}
