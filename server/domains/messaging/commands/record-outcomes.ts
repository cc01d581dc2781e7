import { type Context, inTransaction } from "#platform/context.ts";
import { emitAll, eventsOf } from "#platform/events.ts";
import { suppress } from "#domains/leads/index.ts";
import type { SendOutcome } from "#providers/outcome.ts";
import { nextAskAt } from "../asking.ts";
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
import { jitterOf, nextTryAt } from "../retry.ts";
import { giveTriesBack } from "../queries/vendor-trips.ts";
import { summaryOf } from "../summary.ts";
import { noteSenderFaults } from "./note-sender-faults.ts";
import { watchVendors } from "./watch-vendor.ts";

/** Vendors without a webhook never say "delivered": for them acceptance is the end of the attempt. */
const SILENT_VENDORS: readonly string[] = ["smtp"];

type Recorded = { message: OpenMessage; change: MessageChange; attempt: AttemptChange | null; fact: DeliveryFact };

/**
 * Writes down what vendors answered to a batch of hand-overs, and tells the higher domains, in one transaction. `byVendor`: whether it was the
 * vendor that answered or was silent, which speaks for or against it, and not a process of ours that died.
 */
export async function recordOutcomes(
  ctx: Context,
  batch: readonly { messageId: string; outcome: SendOutcome }[],
  { byVendor = true }: { byVendor?: boolean } = {},
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const open = await lockMessages(
      tx,
      batch.map((item) => item.messageId),
    );
    // Others are gone with their leads while the vendor was being called.
    const heard = batch.flatMap(({ messageId, outcome }) => {
      const message = open.get(messageId);
      return message ? [{ message, outcome: isErased(message) ? withoutWordsOf(outcome) : outcome }] : [];
    });
    const paused = byVendor ? await watchVendors(tx, heard) : new Map<string, Date>();
    const recorded = heard.map(({ message, outcome }) =>
      record(message, outcome, tx.now(), paused.get(message.provider ?? "") ?? null),
    );
    await updateMessages(
      tx,
      recorded.map((one) => one.change),
    );
    await giveTriesBack(
      tx,
      recorded.flatMap(({ message, change, fact }) =>
        fact.kind === "deferred" && message.purpose !== "test" && paused.has(message.provider ?? "") ? change.id : [],
      ),
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
    await noteSenderFaults(
      tx,
      batch.flatMap(({ messageId, outcome }) => {
        const senderId = open.get(messageId)?.senderId;
        const isBounce = outcome.kind === "rejected" && outcome.suppress;
        return senderId && isBounce ? [{ messageId, senderId, kind: "bounce" as const }] : [];
      }),
    );
  });
}

/** `pausedUntil`: its vendor keeps failing, and takes nothing before then. */
function record(message: OpenMessage, outcome: SendOutcome, now: Date, pausedUntil: Date | null): Recorded {
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
      change.dueAt = nextAskAt(now, now);
      return done(
        { ...about, kind: "unknown", detail: outcome.detail },
        { status: nextAttemptStatus(was, { kind: "timed_out" }), result: outcome.detail },
      );
    case "failed": {
      // Its callback was faster than the answer to the call, and says that the vendor has it.
      if (message.status === "sent" || message.status === "delivered")
        return done({ ...about, kind: "accepted", detail: null }, {});
      const ofItsOwn = nextTryAt(message.tries, now, outcome.retryAfterSeconds, () =>
        jitterOf(message.to, message.tries),
      );
      // A vendor that fails everybody uses up nobody's tries.
      const isSpared = pausedUntil !== null && message.purpose !== "test";
      const asked = new Date(now.getTime() + (outcome.retryAfterSeconds ?? 0) * 1_000);
      const retryAt = isSpared ? (asked > pausedUntil ? asked : pausedUntil) : ofItsOwn;
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
export const aboutMessage = (
  message: Pick<OpenMessage, "id" | "channel" | "purpose" | "executionId" | "subject" | "text">,
) => ({
  messageId: message.id,
  channel: message.channel,
  purpose: message.purpose,
  executionId: message.executionId,
  summary: summaryOf(message.subject, message.text),
});
