/** The ways to a person. */
export const CHANNELS = ["CALL", "SMS", "EMAIL"] as const;
export type Channel = (typeof CHANNELS)[number];

export const MESSAGE_STATUSES = [
  "queued",
  "sending",
  "sent",
  "delivered",
  "failed",
  "unknown",
  "cancelled",
  "received",
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export const ATTEMPT_STATUSES = ["PENDING", "IN_PROGRESS", "SUCCESS", "NO_ANSWER", "FAILED", "UNKNOWN"] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/**
 * What can become known about one outbound message, in the vendors' common words:
 * `handed_over` the call to the vendor has begun · `timed_out` it ended without an answer · `accepted` the vendor has it ·
 * `delivered` the carrier or the receiving mail server took it (an open or a click proves the same) ·
 * `failed` rejected, undelivered, dropped · `bounced` returned by the receiving side, at once or days later.
 */
export const MESSAGE_FACTS = ["handed_over", "timed_out", "accepted", "delivered", "failed", "bounced"] as const;
export type MessageFact = (typeof MESSAGE_FACTS)[number];

const STATUS_OF_FACT = {
  handed_over: "sending",
  timed_out: "unknown",
  accepted: "sent",
  delivered: "delivered",
  failed: "failed",
  bounced: "failed",
} as const satisfies Record<MessageFact, MessageStatus>;

const MESSAGE_RANK = { queued: 0, sending: 1, unknown: 2, sent: 3, delivered: 4, failed: 5 } as const;

/**
 * The status after one more fact, whichever order the facts come in and however often: the further of the two on
 * queued < sending < unknown < sent < delivered < failed, so any order of the same facts ends in the same status.
 *
 * Failure stands above delivery because "delivered" of an e-mail only says that the receiving server accepted it: SendGrid
 * and others report a bounce hours after that, and then nobody has read the message. The other way round does not
 * happen: Twilio and SendGrid send nothing of a better end after a failure, so a "delivered" that follows one is late.
 * `cancelled` was never handed over and `received` is inbound: no vendor's word moves them.
 */
export function nextMessageStatus(current: MessageStatus, fact: MessageFact): MessageStatus {
  if (current === "cancelled" || current === "received") return current;
  const told = STATUS_OF_FACT[fact];
  return MESSAGE_RANK[told] > MESSAGE_RANK[current] ? told : current;
}

/** How an attempt can end. */
export const ATTEMPT_OUTCOMES = ["SUCCESS", "NO_ANSWER", "FAILED"] as const satisfies readonly AttemptStatus[];
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/**
 * What can become known about one attempt. `outcome` is a vendor's word on how it ended (a status callback, the answer to
 * our own question); `call_report` is the end-of-call report of that very call; `bounced` as for messages.
 */
export type AttemptFact =
  | { kind: "handed_over" }
  | { kind: "timed_out" }
  | { kind: "outcome"; status: AttemptOutcome }
  | { kind: "call_report"; status: AttemptOutcome }
  | { kind: "bounced" };

function isOutcome(status: AttemptStatus): status is AttemptOutcome {
  return status === "SUCCESS" || status === "NO_ANSWER" || status === "FAILED";
}

/**
 * The status of an attempt after one more fact; idempotent, and never backwards. PENDING < IN_PROGRESS < UNKNOWN < an
 * outcome. The first outcome stays, with two exceptions: the end-of-call report of the same call is the vendor's last word
 * and replaces what an earlier status callback said, and a late bounce turns a delivered e-mail into a failure.
 */
export function nextAttemptStatus(current: AttemptStatus, fact: AttemptFact): AttemptStatus {
  if (fact.kind === "call_report") return fact.status;
  if (fact.kind === "bounced") return "FAILED";
  if (isOutcome(current)) return current;
  if (fact.kind === "outcome") return fact.status;
  if (fact.kind === "timed_out") return "UNKNOWN";
  return current === "PENDING" ? "IN_PROGRESS" : current;
}
