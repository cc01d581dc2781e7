import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { isRecord, textIn } from "../json.ts";
import type { Json } from "../json.ts";
import { isFresh, secretsEqual } from "../signature.ts";
import type { DeliveryStatus, ProviderWebhook, RawRequest, StatusFact } from "../webhook.ts";
import { readInboundParse } from "./sendgrid-inbound.ts";

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features */
const SIGNATURE = "x-twilio-email-event-webhook-signature";
const TIMESTAMP = "x-twilio-email-event-webhook-timestamp";

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const STATUSES: Readonly<Record<string, DeliveryStatus>> = {
  processed: "sent",
  deferred: "in_progress",
  delivered: "delivered",
  bounce: "bounced",
  dropped: "failed",
  open: "opened",
  click: "clicked",
  spamreport: "complained",
  unsubscribe: "unsubscribed",
  group_unsubscribe: "unsubscribed",
};

/** Reasons of a `dropped` event that come from SendGrid's own suppression lists: it will drop the next mail too. */
const SUPPRESSED = /^(bounced|unsubscribed|spam reporting|invalid) address|^invalid$/i;

interface WebhookSecrets {
  eventPublicKey?: string | undefined;
  inboundPublicKey?: string | undefined;
  inboundToken?: string | undefined;
}

/** The Event Webhook (JSON) and Inbound Parse (multipart) on one route. Whatever has no key or token is refused. */
export function sendgridWebhook(secrets: WebhookSecrets, now: () => Date): ProviderWebhook {
  const eventKey = secrets.eventPublicKey ? ecPublicKey(secrets.eventPublicKey) : null;
  const inboundKey = secrets.inboundPublicKey ? ecPublicKey(secrets.inboundPublicKey) : null;

  /**
   * ECDSA over the timestamp and the exact bytes of the body. SendGrid's own helper is kept to the tests, which compare: it needs 3.6 ms for
   * what node:crypto does in 0.1, and reads the body as UTF-8, which changes the bytes of most attachments.
   */
  function isSignedBy(key: KeyObject, request: RawRequest): boolean {
    const timestamp = request.headers[TIMESTAMP];
    const signature = Buffer.from(request.headers[SIGNATURE] ?? "", "base64");
    if (timestamp === undefined || !isFresh(timestamp, request.receivedAt ?? now())) return false;
    return verify("sha256", Buffer.concat([Buffer.from(timestamp), request.body]), key, signature);
  }

  /** Inbound Parse signs only when a security policy is attached to it; otherwise the secret is in its URL. */
  function verifyInbound(request: RawRequest): boolean {
    if (inboundKey) return isSignedBy(inboundKey, request);
    const given = tokenOf(request);
    return secrets.inboundToken !== undefined && given !== null && secretsEqual(given, secrets.inboundToken);
  }

  return {
    verify: (request) =>
      isMultipart(request) ? verifyInbound(request) : eventKey !== null && isSignedBy(eventKey, request),
    read: (request) => (isMultipart(request) ? readInboundParse(request) : readEvents(request)),
  };
}

function readEvents(request: RawRequest): StatusFact[] {
  const events: unknown = JSON.parse(request.body.toString("utf8"));
  if (!Array.isArray(events)) throw new Error("SendGrid's event webhook posts a JSON array, and this is none");
  return events.flatMap((event: unknown) => (isRecord(event) ? statusFact(event) : []));
}

function statusFact(event: Json): StatusFact[] {
  const text = (name: string) => textIn(event[name]);
  const kind = text("event") ?? "";
  const status = STATUSES[kind];
  if (!status) return [];
  const reason = text("reason") ?? text("response");
  const sgMessageId = text("sg_message_id");
  const timestamp = event["timestamp"];
  const fact: StatusFact = {
    kind: "status",
    externalId: text("sg_event_id") ?? `${sgMessageId}:${kind}:${String(timestamp)}`,
    // Events append routing data to the X-Message-Id of the send, after a dot.
    providerRef: sgMessageId?.split(".")[0] ?? null,
    messageId: text("messageId"),
    status,
    // A "blocked" bounce is the receiving server's mood of the day; only "bounce" condemns the address.
    hard: (kind === "bounce" && text("type") !== "blocked") || (kind === "dropped" && SUPPRESSED.test(reason ?? "")),
    detail: reason,
    at: typeof timestamp === "number" ? new Date(timestamp * 1000) : null,
  };
  const [userAgent, ip, url] = [text("useragent"), text("ip"), text("url")];
  // https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: Apple's Mail Privacy Protection, for one.
  if (event["sg_machine_open"] === true) fact.isMachine = true;
  if (userAgent) fact.userAgent = userAgent;
  if (ip) fact.ip = ip;
  if (url) fact.url = url;
  return [fact];
}

function isMultipart(request: RawRequest): boolean {
  return (request.headers["content-type"] ?? "").toLowerCase().startsWith("multipart/form-data");
}

/** The token of `?token=…`, or the password of HTTP basic auth, which SendGrid sends for `https://user:password@host/`. */
function tokenOf(request: RawRequest): string | null {
  const basic = /^basic ([a-z0-9+/=]+)$/i.exec(request.headers["authorization"] ?? "")?.[1];
  if (basic)
    return Buffer.from(basic, "base64")
      .toString("utf8")
      .replace(/^[^:]*:/, "");
  return URL.parse(request.url)?.searchParams.get("token") ?? null;
}

/** True for the base64 of an elliptic-curve public key, with or without PEM lines, as SendGrid shows it. */
export function isEcPublicKey(text: string): boolean {
  try {
    return ecPublicKey(text).asymmetricKeyType === "ec";
  } catch {
    return false;
  }
}

function ecPublicKey(text: string): KeyObject {
  const der = text.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, "");
  return createPublicKey({ key: Buffer.from(der, "base64"), format: "der", type: "spki" });
}
