/** A webhook request as it arrived. Signatures cover exact bytes, so the body is never re-serialised. */
export interface RawRequest {
  method: string;
  /** The full public URL with its query, as the vendor called it. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
  /** When it came, where that is not now: a signature is as old as it was then. */
  receivedAt?: Date;
}

export const DELIVERY_STATUSES = [
  "sent",
  "delivered",
  "failed",
  "bounced",
  "complained",
  "opened",
  "clicked",
  "unsubscribed",
  "in_progress",
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const CALL_OUTCOMES = ["SUCCESS", "NO_ANSWER", "FAILED"] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/**
 * Something that happened to a message of ours. `hard` speaks of the address only: it does not exist or refuses for
 * good, so it must never be tried again. What a person wants (complained, unsubscribed) is told by `status`.
 */
export interface StatusFact {
  kind: "status";
  /** Unique per provider: the key against repeats. */
  externalId: string;
  providerRef: string | null;
  /** Our own message id, when the vendor echoes it. */
  messageId: string | null;
  status: DeliveryStatus;
  hard: boolean;
  detail: string | null;
  at: Date | null;
  userAgent?: string;
  /** The vendor says that a machine opened it. */
  isMachine?: boolean;
  ip?: string;
  url?: string;
}

/** Something that a person wrote to us. Addresses are bare (no display name); `references` are Message-IDs with brackets. */
export interface InboundFact {
  kind: "inbound";
  externalId: string;
  channel: "SMS" | "EMAIL";
  from: string;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  vendorMessageId: string | null;
  inReplyTo: string | null;
  references: string[];
  at: Date | null;
  /** A machine wrote it (out of office, RFC 3834): it is no reply of the person. */
  automatic?: boolean;
}

/** The final report of a call. `costMicros` is in millionths of a US dollar. */
export interface CallFact {
  kind: "call";
  externalId: string;
  providerRef: string | null;
  messageId: string | null;
  endedReason: string;
  outcome: CallOutcome;
  durationSeconds: number;
  costMicros: number | null;
  transcript: string | null;
  summary: string | null;
  recordingUrl: string | null;
  startedAt: Date | null;
  endedAt: Date | null;
}

export type WebhookFact = StatusFact | InboundFact | CallFact;

/**
 * A provider's side of the webhook route. `verify` is the only gate: nothing of an unverified request may be used.
 * `read` turns a verified request into facts; event kinds that say nothing about a message give none. It throws on a
 * body that is not in the vendor's format: the raw request is stored by then, and the job that reads it shows the fault.
 */
export interface ProviderWebhook {
  verify(request: RawRequest): boolean;
  read(request: RawRequest): WebhookFact[] | Promise<WebhookFact[]>;
}
