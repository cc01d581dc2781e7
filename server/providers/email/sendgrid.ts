import { z } from "zod";

import { CONNECTIONS, outcomeOfStatus, outcomeWithoutAnswer, vendorHttp } from "../http.ts";
import type { Answer } from "../http.ts";
import { jsonObject, recordIn, textIn } from "../json.ts";
import { commonCredentials } from "../options.ts";
import type { ProviderOptions } from "../options.ts";
import { clip, rejected } from "../outcome.ts";
import type { ConnectionTest, SendOutcome } from "../outcome.ts";
import type { EmailProvider, OutboundEmail } from "./port.ts";
import { isEcPublicKey, sendgridWebhook } from "./sendgrid-webhook.ts";

const verificationKey = z.string().trim().refine(isEcPublicKey, "must be the verification key that SendGrid shows");

export const sendgridCredentials = z.strictObject({
  apiKey: z.string().trim().min(1).meta({ title: "API key", description: "With the Mail Send permission" }),
  fromEmail: z.email().meta({ title: "From address", description: "A verified sender or domain" }),
  fromName: z.string().trim().max(200).optional().meta({ title: "From name" }),
  eventPublicKey: verificationKey.optional().meta({
    title: "Event webhook verification key",
    description: "Mail settings, Signed Event Webhook. Without it, delivery events are refused",
  }),
  inboundPublicKey: verificationKey.optional().meta({
    title: "Inbound Parse verification key",
    description: "Of the Parse webhook's security policy, when it signs",
  }),
  inboundToken: z.string().trim().min(16).max(200).optional().meta({
    title: "Inbound Parse token",
    description: "In the Parse URL, as ?token=… or as the password of basic auth, when it does not sign",
  }),
  ...commonCredentials,
});
export const sendgridSecretFields = ["apiKey", "inboundToken"] as const;
export type SendgridCredentials = z.infer<typeof sendgridCredentials>;

/**
 * E-mail by SendGrid's v3 mail send (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send). Our id
 * rides in `custom_args` and comes back in every event.
 */
export function createSendgrid(credentials: SendgridCredentials, options: ProviderOptions): EmailProvider {
  const baseUrl = options.baseUrl ?? credentials.baseUrl ?? "https://api.sendgrid.com";
  const http = vendorHttp(baseUrl, options.timeoutMs ?? 10_000, CONNECTIONS, options.lookup);
  const authorization = `Bearer ${credentials.apiKey}`;
  const headers = { authorization, "content-type": "application/json" };

  return {
    name: "sendgrid",
    concurrency: CONNECTIONS,
    async send(email) {
      const exchange = await http.post("/v3/mail/send", headers, mailSendBody(email));
      if (exchange.kind !== "answered") return outcomeWithoutAnswer(exchange);
      return exchange.status >= 200 && exchange.status < 300 ? taken(exchange) : refused(exchange, options.now);
    },
    async test() {
      const exchange = await http.get("/v3/scopes", { authorization });
      if (exchange.kind !== "answered")
        return { kind: "failed", detail: `SendGrid did not answer: ${exchange.detail}` };
      return tested(exchange);
    },
    webhook: sendgridWebhook(credentials, options.now),
    close: () => http.close(),
  };
}

/** The JSON of one mail. SendGrid's own click and subscription tracking would rewrite our links and unsubscribe headers. */
function mailSendBody(email: OutboundEmail): string {
  return JSON.stringify({
    personalizations: [{ to: [email.to], custom_args: { messageId: email.messageId } }],
    from: email.from,
    reply_to: email.replyTo,
    subject: email.subject,
    // Plain text first, as the API demands; it refuses an empty part.
    content: [
      { type: "text/plain", value: email.text },
      { type: "text/html", value: email.html },
    ].filter(({ value }) => value !== ""),
    headers: email.headers,
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      subscription_tracking: { enable: false },
    },
  });
}

function taken(answer: Answer): SendOutcome {
  const id = answer.headers["x-message-id"];
  if (typeof id === "string" && id) return { kind: "accepted", providerRef: id };
  return { kind: "unknown", detail: `HTTP ${answer.status} without X-Message-Id` };
}

function refused(answer: Answer, now: () => Date): SendOutcome {
  const byStatus = outcomeOfStatus(answer, now);
  if (byStatus?.kind === "failed" && answer.status === 429 && byStatus.retryAfterSeconds === undefined) {
    return { ...byStatus, retryAfterSeconds: secondsUntilReset(answer, now) };
  }
  if (byStatus) return byStatus;

  const { field, message } = firstError(answer.body);
  const detail = `HTTP ${answer.status}: ${clip([field, message].filter(Boolean).join(": ") || answer.body)}`;
  // The credits of the plan are used up: 401 too, but it passes at the next reset.
  if (/maximum credits exceeded/i.test(message)) return { kind: "failed", detail };
  if (field === "from" || field.startsWith("from.") || /verified sender identity/i.test(message)) {
    return rejected("unverified_sender", detail);
  }
  if (answer.status === 401 || answer.status === 403) return rejected("auth", detail);
  if (/^personalizations\.\d+\.to/.test(field)) return rejected("invalid_address", detail, true);
  if (answer.status === 413 || /^(content|subject|headers)\b/.test(field)) return rejected("content_refused", detail);
  return rejected("other", detail);
}

/** `{ "errors": [{ "message", "field", "help" }] }`, of which the first says enough. */
function firstError(body: string): { field: string; message: string } {
  const errors = jsonObject(body)?.["errors"];
  const first = recordIn(Array.isArray(errors) ? errors[0] : null);
  return { field: textIn(first["field"]) ?? "", message: textIn(first["message"]) ?? "" };
}

/** SendGrid's 429 carries the Unix time of the reset instead of Retry-After. */
function secondsUntilReset(answer: Answer, now: () => Date): number | undefined {
  const reset = Number(answer.headers["x-ratelimit-reset"]);
  return Number.isFinite(reset) ? Math.max(0, Math.ceil(reset - now().getTime() / 1000)) : undefined;
}

function tested(answer: Answer): ConnectionTest {
  if (answer.status === 401 || answer.status === 403) {
    return { kind: "failed", detail: "SendGrid refused the API key: create one with the Mail Send permission" };
  }
  const scopes = jsonObject(answer.body)?.["scopes"];
  if (answer.status !== 200 || !Array.isArray(scopes)) {
    return { kind: "failed", detail: `SendGrid answered HTTP ${answer.status}: ${clip(answer.body)}` };
  }
  return scopes.includes("mail.send")
    ? { kind: "ok", detail: "The API key may send mail" }
    : { kind: "failed", detail: "The API key lacks the Mail Send permission" };
}
