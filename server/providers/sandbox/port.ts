import { z } from "zod";

import { hmacSha256Hex, isFresh, secretsEqual } from "../signature.ts";
import { CALL_OUTCOMES, DELIVERY_STATUSES } from "../webhook.ts";
import type { CallFact, InboundFact, ProviderWebhook, StatusFact, WebhookFact } from "../webhook.ts";
import { sandboxRef } from "./outcome.ts";

/** The header that carries `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
export const SANDBOX_SIGNATURE_HEADER = "x-sandbox-signature";

const instant = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .nullable();

const statusFact = z.object({
  kind: z.literal("status"),
  externalId: z.string().min(1),
  providerRef: z.string().nullable(),
  messageId: z.string().nullable(),
  status: z.enum(DELIVERY_STATUSES),
  hard: z.boolean(),
  detail: z.string().nullable(),
  at: instant,
  userAgent: z.string().optional(),
  ip: z.string().optional(),
  url: z.string().optional(),
});

const inboundFact = z.object({
  kind: z.literal("inbound"),
  externalId: z.string().min(1),
  channel: z.enum(["SMS", "EMAIL"]),
  from: z.string(),
  to: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  vendorMessageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  at: instant,
  automatic: z.boolean().optional(),
});

const callFact = z.object({
  kind: z.literal("call"),
  externalId: z.string().min(1),
  providerRef: z.string().nullable(),
  messageId: z.string().nullable(),
  endedReason: z.string(),
  outcome: z.enum(CALL_OUTCOMES),
  durationSeconds: z.int().min(0),
  costMicros: z.int().nullable(),
  transcript: z.string().nullable(),
  summary: z.string().nullable(),
  recordingUrl: z.string().nullable(),
  startedAt: instant,
  endedAt: instant,
});

const sandboxPayload = z.object({ facts: z.array(z.discriminatedUnion("kind", [statusFact, inboundFact, callFact])) });

/** The body of a sandbox webhook: what the other side did. Sign exactly this text. */
export function sandboxWebhookBody(facts: readonly WebhookFact[]): string {
  return JSON.stringify({ facts });
}

/** The value of the signature header for a body that is sent at `now`. */
export function signSandboxWebhook(secret: string, body: string | Buffer, now: Date): string {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return `t=${timestamp},v1=${hmacSha256Hex(secret, `${timestamp}.`, body)}`;
}

/** The webhook of the sandbox providers: the same gate as a vendor's, so that nothing gets in another way. */
export function sandboxWebhook(secret: string, now: () => Date): ProviderWebhook {
  return {
    verify(request) {
      const header = request.headers[SANDBOX_SIGNATURE_HEADER] ?? "";
      const [, timestamp, signature] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
      if (timestamp === undefined || signature === undefined || !isFresh(timestamp, request.receivedAt ?? now()))
        return false;
      return secretsEqual(signature, hmacSha256Hex(secret, `${timestamp}.`, request.body));
    },
    read: (request) => sandboxPayload.parse(JSON.parse(request.body.toString("utf8"))).facts,
  };
}

/** A reply of the person: `id` must be new for each reply. */
export function sandboxReply(
  reply: Pick<InboundFact, "channel" | "from" | "to" | "text" | "at"> &
    Partial<Pick<InboundFact, "subject" | "html" | "inReplyTo" | "references" | "automatic">> & { id: string },
): InboundFact {
  const { id, ...given } = reply;
  return {
    kind: "inbound",
    externalId: id,
    vendorMessageId: reply.channel === "EMAIL" ? `<${id}@sandbox.invalid>` : id,
    subject: null,
    html: null,
    inReplyTo: null,
    references: [],
    ...given,
  };
}

/** A delivery report on a message: delivered, opened, clicked (with `url`), failed, complained, unsubscribed. */
export function sandboxReceipt(
  receipt: Pick<StatusFact, "status" | "at"> &
    Partial<Pick<StatusFact, "hard" | "detail" | "url">> & { messageId: string },
): StatusFact {
  return {
    kind: "status",
    externalId: `${sandboxRef(receipt.messageId)}:${receipt.status}${receipt.url ? `:${receipt.url}` : ""}`,
    providerRef: sandboxRef(receipt.messageId),
    hard: false,
    detail: null,
    ...receipt,
  };
}

/** A hard bounce, as a mail server reports it after it had taken the message. */
export function sandboxBounce(bounce: { messageId: string; at: Date | null; detail?: string }): StatusFact {
  const detail = bounce.detail ?? "550 5.1.1 The sandbox plays a mailbox that does not exist";
  return sandboxReceipt({ ...bounce, status: "bounced", hard: true, detail });
}

/** The report of a call. `endedReason` in Vapi's words, such as customer-ended-call or customer-did-not-answer. */
export function sandboxCallReport(
  report: Pick<CallFact, "outcome" | "endedReason" | "durationSeconds" | "startedAt" | "endedAt"> &
    Partial<Pick<CallFact, "transcript" | "summary">> & { messageId: string },
): CallFact {
  return {
    kind: "call",
    externalId: `${sandboxRef(report.messageId)}:report`,
    providerRef: sandboxRef(report.messageId),
    costMicros: 0,
    transcript: null,
    summary: null,
    recordingUrl: null,
    ...report,
  };
}
