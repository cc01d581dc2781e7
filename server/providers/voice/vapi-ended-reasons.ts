import type { CallOutcome } from "../webhook.ts";

/** What an ended reason says: somebody (or the assistant) ended a conversation, nobody was reached, or it broke. */
export type EndedKind = "answered" | "no_answer" | "error";

/**
 * Vapi's ended reasons (https://docs.vapi.ai/calls/call-ended-reason), the one table that maps them. First match wins;
 * `*` stands for anything. Vapi adds error codes with every model it supports, hence the patterns.
 */
export const ENDED_REASONS: readonly (readonly [pattern: string, kind: EndedKind])[] = [
  ["customer-did-not-answer", "no_answer"],
  ["customer-busy", "no_answer"],
  ["no-answer", "no_answer"],
  ["busy", "no_answer"],
  ["voicemail", "no_answer"],
  ["call.ringing.hook-executed-*", "no_answer"],
  // Vapi counts these two among "phone rang but no answer".
  ["*outbound-sip-408-request-timeout", "no_answer"],
  ["*outbound-sip-480-temporarily-unavailable", "no_answer"],
  // The line opened and not one word came: nobody was reached.
  ["call.in-progress.error-assistant-did-not-receive-customer-audio", "no_answer"],

  ["customer-ended-call*", "answered"],
  ["assistant-ended-call*", "answered"],
  ["assistant-said-end-call-phrase", "answered"],
  ["assistant-forwarded-call", "answered"],
  ["hangup", "answered"],
  ["silence-timed-out", "answered"],
  ["exceeded-max-duration", "answered"],
  ["call.in-progress.twilio-completed-call", "answered"],
  ["call.in-progress.sip-completed-call", "answered"],
  ["vonage-completed", "answered"],
  ["call.ending.hook-executed-*", "answered"],
  ["call.forwarding.operator-busy", "answered"],
  // The conversation took place; it was the transfer to a colleague that failed.
  ["call.in-progress.error-transfer-failed", "answered"],
  ["call.in-progress.error-warm-transfer-*", "answered"],

  ["*error*", "error"],
  ["*failed*", "error"],
  ["assistant-*", "error"],
  ["twilio-reported-customer-misdialed", "error"],
  ["vonage-*", "error"],
  ["phone-call-provider-*", "error"],
  ["pipeline-*", "error"],
  ["*-error", "error"],
  ["customer-did-not-give-microphone-permission", "error"],
  ["call.ringing.sip-inbound-caller-hungup-before-call-connect", "error"],
  ["worker-shutdown", "error"],
  ["manually-canceled", "error"],
  ["scheduled-call-deleted", "error"],
  ["call-deleted", "error"],
];

/** Reasons that condemn the number itself: it must never be called again. */
export const MISDIALED_REASONS: ReadonlySet<string> = new Set(["twilio-reported-customer-misdialed"]);

const MATCHERS = ENDED_REASONS.map(([pattern, kind]) => {
  const source = pattern.split("*").map((part) => part.replace(/[.]/g, "\\."));
  return { matcher: new RegExp(`^${source.join(".*")}$`), kind };
});

/** Null for a reason that is not in the table. */
export function endedKind(reason: string): EndedKind | null {
  return MATCHERS.find(({ matcher }) => matcher.test(reason))?.kind ?? null;
}

/**
 * The outcome of a call. Answered with a duration is SUCCESS, answered for no time at all is NO_ANSWER. A reason that
 * is not in the table counts as answered when the call lasted, and as an error when it did not.
 */
export function callOutcome(reason: string, durationSeconds: number): CallOutcome {
  const kind = endedKind(reason) ?? (durationSeconds > 0 ? "answered" : "error");
  if (kind === "answered") return durationSeconds > 0 ? "SUCCESS" : "NO_ANSWER";
  return kind === "no_answer" ? "NO_ANSWER" : "FAILED";
}
