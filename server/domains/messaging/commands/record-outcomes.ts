import { type Context, inTransaction } from "#platform/context.ts";
import { emitAll, eventsOf } from "#platform/events.ts";
import { suppress } from "#domains/leads/index.ts";
import type { SendOutcome } from "#providers/outcome.ts";
import { nextAttemptStatus, nextMessageStatus } from "../channels.ts";
import { isErased, withoutWordsOf } from "../erased.ts";
import { type DeliveryFact, tellDelivery } from "../hooks.ts";
import { messageFailed, messageSent, messageUnknown } from "../messages.ts";
import {
  type AttemptChange,
  type MessageChange,
  type OpenMessage,
  lockMessages,
  updateAttempts,
  updateMessages,
} from "../queries/outbound.ts";
import { blankDeliveries } from "../queries/personal-data.ts";
import { nextTryAt } from "../retry.ts";
import { summaryOf } from "../summary.ts";

/** Vendors without a webhook never say "delivered": for them acceptance is the end of the attempt. */
const SILENT_VENDORS: readonly string[] = ["smtp"];

type Recorded = { message: OpenMessage; change: MessageChange; attempt: AttemptChange | null; fact: DeliveryFact };

/** Writes down what vendors answered to a batch of hand-overs, and tells the higher domains, in one transaction. */
export async function recordOutcomes(
  ctx: Context,
  batch: readonly { messageId: string; outcome: SendOutcome }[],
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const open = await lockMessages(
      tx,
      batch.map((item) => item.messageId),
    );
    const recorded: Recorded[] = [];
    for (const { messageId, outcome } of batch) {
      const message = open.get(messageId);
      // Gone with its lead while the vendor was being called.
      if (message) recorded.push(record(message, isErased(message) ? withoutWordsOf(outcome) : outcome, tx.now()));
    }
    await updateMessages(
      tx,
      recorded.map((one) => one.change),
    );
    await updateAttempts(
      tx,
      recorded.flatMap((one) => one.attempt ?? []),
    );
    await tellDelivery(
      tx,
      recorded.map((one) => one.fact),
    );
    await announce(tx, recorded);
    await blankDeliveries(
      tx,
      recorded.flatMap(({ message }) => (isErased(message) ? message.id : [])),
    );
    for (const { messageId, outcome } of batch) {
      const message = open.get(messageId);
      if (message && !isErased(message) && outcome.kind === "rejected" && outcome.suppress) {
        await suppress(tx, {
          kind: message.channel === "EMAIL" ? "EMAIL" : "PHONE",
          value: message.to,
          reason: "HARD_BOUNCE",
          scope: message.channel,
          evidence: outcome.detail,
        });
      }
    }
  });
}

function record(message: OpenMessage, outcome: SendOutcome, now: Date): Recorded {
  const about = {
    messageId: message.id,
    leadId: message.leadId,
    channel: message.channel,
    executionId: message.executionId,
    campaignId: message.campaignId,
    attemptId: message.contactAttemptId,
    at: now,
  };
  const change: MessageChange = {
    id: message.id,
    status: message.status,
    providerRef: null,
    failure: null,
    sentAt: null,
    deliveredAt: null,
    dueAt: null,
  };
  const was = message.attemptStatus ?? "IN_PROGRESS";
  const attempt: AttemptChange | null = message.contactAttemptId
    ? {
        id: message.contactAttemptId,
        status: was,
        providerRef: null,
        result: null,
        completedAt: null,
        duration: null,
        costMicros: null,
        transcript: null,
        recordingUrl: null,
        tried: { at: now.toISOString(), outcome: outcome.kind, detail: detailOf(outcome) },
      }
    : null;
  const done = (fact: DeliveryFact, attemptChange: Partial<AttemptChange>): Recorded => ({
    message,
    change,
    attempt: attempt ? { ...attempt, ...attemptChange } : null,
    fact,
  });

  switch (outcome.kind) {
    case "accepted": {
      change.status = nextMessageStatus(message.status, "accepted");
      change.providerRef = outcome.providerRef;
      change.sentAt = now;
      const isFinal = SILENT_VENDORS.includes(message.provider ?? "");
      return done(
        { ...about, kind: "accepted", detail: null },
        {
          providerRef: outcome.providerRef,
          costMicros: outcome.costMicros ?? null,
          ...(isFinal
            ? { status: nextAttemptStatus(was, { kind: "outcome", status: "SUCCESS" }), completedAt: now }
            : {}),
        },
      );
    }
    case "unknown":
      change.status = nextMessageStatus(message.status, "timed_out");
      change.failure = outcome.detail;
      return done(
        { ...about, kind: "unknown", detail: outcome.detail },
        { status: nextAttemptStatus(was, { kind: "timed_out" }), result: outcome.detail },
      );
    case "failed": {
      const retryAt = nextTryAt(message.tries, now, outcome.retryAfterSeconds, Math.random);
      change.failure = outcome.detail;
      if (retryAt && message.status === "sending") {
        change.status = "queued";
        change.dueAt = retryAt;
        return done(
          { ...about, kind: "deferred", detail: `the vendor failed: ${outcome.detail}`, until: retryAt },
          { status: "PENDING", result: outcome.detail },
        );
      }
      return failed(outcome.detail);
    }
    case "rejected":
      return failed(outcome.detail);
  }

  function failed(detail: string): Recorded {
    change.status = nextMessageStatus(message.status, "failed");
    change.failure = detail;
    return done(
      { ...about, kind: "failed", detail },
      { status: nextAttemptStatus(was, { kind: "outcome", status: "FAILED" }), result: detail, completedAt: now },
    );
  }
}

const detailOf = (outcome: SendOutcome) => (outcome.kind === "accepted" ? outcome.providerRef : outcome.detail);

async function announce(tx: Context, recorded: readonly Recorded[]): Promise<void> {
  const of = (kind: DeliveryFact["kind"]) => recorded.filter((one) => one.fact.kind === kind);
  const subject = (one: Recorded) => ({ leadId: one.message.leadId, subjectId: one.message.id });
  const withReason = (one: Recorded) => ({
    payload: { ...aboutMessage(one.message), reason: one.fact.detail ?? "" },
    ...subject(one),
  });
  await emitAll(tx, [
    eventsOf(
      messageSent,
      of("accepted").map((one) => ({
        payload: { ...aboutMessage(one.message), to: one.message.to, provider: one.message.provider ?? "" },
        ...subject(one),
      })),
    ),
    eventsOf(messageFailed, of("failed").map(withReason)),
    eventsOf(messageUnknown, of("unknown").map(withReason)),
  ]);
}

/** What each event of a message says about it. */
export const aboutMessage = (message: OpenMessage) => ({
  messageId: message.id,
  channel: message.channel,
  purpose: message.purpose,
  executionId: message.executionId,
  summary: summaryOf(message.subject, message.text),
});
