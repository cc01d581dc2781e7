// The package's front door loads its whole REST client: 165 ms at start-up against 8 ms for this module (measured).
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";

import type { DeliveryStatus, ProviderWebhook, RawRequest, WebhookFact } from "../webhook.ts";
import { isHardDeliveryError } from "./twilio-errors.ts";

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values */
export const TWILIO_STATUSES: Readonly<Record<string, DeliveryStatus>> = {
  accepted: "in_progress",
  scheduled: "in_progress",
  queued: "in_progress",
  sending: "in_progress",
  sent: "sent",
  delivered: "delivered",
  read: "opened",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
};

/** Status callbacks and inbound messages of one Twilio account, signed with its auth token (X-Twilio-Signature). */
export function twilioWebhook(authToken: string): ProviderWebhook {
  return {
    verify(request) {
      const signature = request.headers["x-twilio-signature"];
      if (!signature) return false;
      try {
        return validateRequest(authToken, signature, request.url, formParameters(request));
      } catch {
        // It throws on a URL that is none.
        return false;
      }
    },
    read(request) {
      const form = new URLSearchParams(request.body.toString("utf8"));
      const sid = form.get("MessageSid") ?? form.get("SmsSid");
      if (!sid) return [];
      // Only status callbacks carry MessageStatus; Twilio's older name is on inbound messages too, as "received".
      const status = form.get("MessageStatus") ?? form.get("SmsStatus");
      return status === null || status === "received" || status === "receiving"
        ? [inbound(sid, form)]
        : statusFacts(sid, status, form, request);
    },
  };
}

function statusFacts(sid: string, given: string, form: URLSearchParams, request: RawRequest): WebhookFact[] {
  const status = TWILIO_STATUSES[given];
  if (!status) return [];
  const code = Number(form.get("ErrorCode") ?? 0);
  return [
    {
      kind: "status",
      externalId: `${sid}:${given}`,
      providerRef: sid,
      messageId: URL.parse(request.url)?.searchParams.get("messageId") ?? null,
      status,
      hard: isHardDeliveryError(code),
      detail: code ? `${code}${form.get("ErrorMessage") ? ` ${form.get("ErrorMessage")}` : ""}` : null,
      at: null,
    },
  ];
}

function inbound(sid: string, form: URLSearchParams): WebhookFact {
  return {
    kind: "inbound",
    externalId: sid,
    channel: "SMS",
    from: form.get("From") ?? "",
    to: form.get("To") ?? "",
    subject: null,
    text: [form.get("Body") ?? "", ...media(form)].filter(Boolean).join("\n"),
    html: null,
    vendorMessageId: sid,
    inReplyTo: null,
    references: [],
    at: null,
  };
}

/** Pictures of an MMS as links, so that they are not lost in a text-only fact. */
function media(form: URLSearchParams): string[] {
  const count = Math.min(Number(form.get("NumMedia") ?? 0) || 0, 20);
  return Array.from({ length: count }, (_, index) => form.get(`MediaUrl${index}`) ?? "");
}

function formParameters(request: RawRequest): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = {};
  if (request.method !== "POST") return parameters;
  for (const [name, value] of new URLSearchParams(request.body.toString("utf8"))) {
    const known = parameters[name];
    parameters[name] = known === undefined ? value : [known, value].flat();
  }
  return parameters;
}
