import { z } from "zod";

import { CONNECTIONS, outcomeOfStatus, outcomeWithoutAnswer, vendorHttp } from "../http.ts";
import type { Answer } from "../http.ts";
import { jsonObject, textIn } from "../json.ts";
import { LOOKUP_BODY_BYTES } from "../lookup.ts";
import { commonCredentials, senderNumber, withParameter } from "../options.ts";
import type { ProviderOptions } from "../options.ts";
import { clip, rejected } from "../outcome.ts";
import type { ConnectionTest, SendOutcome } from "../outcome.ts";
import type { OutboundSms, SmsProvider } from "./port.ts";
import { TWILIO_REJECTIONS, TWILIO_RETRYABLE } from "./twilio-errors.ts";
import { lookedUp, lookupPath } from "./twilio-lookup.ts";
import { twilioWebhook } from "./twilio-webhook.ts";

const messagingService = /^MG[0-9a-zA-Z]{32}$/;

export const twilioCredentials = z.strictObject({
  accountSid: z.string().trim().min(1).meta({ title: "Account SID" }),
  authToken: z.string().trim().min(1).meta({ title: "Auth token", description: "Also signs Twilio's webhooks" }),
  fromNumber: senderNumber
    .or(z.string().regex(messagingService))
    .meta({ title: "Sender", description: "A number in E.164, a short code, or the SID of a messaging service" }),
  ...commonCredentials,
});
export const twilioSecretFields = ["authToken"] as const;
export type TwilioCredentials = z.infer<typeof twilioCredentials>;

/**
 * Text messages by Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource). Plain HTTP
 * through a keep-alive pool rather than the SDK's client, which builds an axios request per message. Our id rides in
 * the status callback's URL.
 */
export function createTwilio(credentials: TwilioCredentials, options: ProviderOptions): SmsProvider {
  const { accountSid, authToken } = credentials;
  const baseUrl = options.baseUrl ?? credentials.baseUrl ?? "https://api.twilio.com";
  const http = vendorHttp(baseUrl, options.timeoutMs ?? 10_000, CONNECTIONS, options.lookup);
  const account = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}`;
  const path = `${account}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
  const headers = {
    authorization,
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  };
  const webhookUrl = credentials.webhookUrl ?? options.webhookUrl;

  function form(sms: OutboundSms): string {
    const from = sms.from ?? credentials.fromNumber;
    const sender = messagingService.test(from) ? "MessagingServiceSid" : "From";
    const callback = withParameter(webhookUrl, "messageId", sms.messageId);
    return `To=${encode(sms.to)}&${sender}=${encode(from)}&Body=${encode(sms.text)}&StatusCallback=${encode(callback)}`;
  }

  return {
    name: "twilio",
    concurrency: CONNECTIONS,
    async send(sms) {
      const exchange = await http.post(path, headers, form(sms));
      if (exchange.kind !== "answered") return outcomeWithoutAnswer(exchange);
      return exchange.status >= 200 && exchange.status < 300 ? taken(exchange) : refused(exchange, options.now);
    },
    async lookup(query) {
      const get = { authorization, accept: "application/json" };
      return lookedUp(query, await http.get(`${path}?${lookupPath(query)}`, get, LOOKUP_BODY_BYTES));
    },
    async test() {
      const exchange = await http.get(`${account}.json`, { authorization, accept: "application/json" });
      if (exchange.kind !== "answered") return { kind: "failed", detail: `Twilio did not answer: ${exchange.detail}` };
      return tested(exchange, accountSid);
    },
    webhook: twilioWebhook(authToken),
    close: () => http.close(),
  };
}

function taken(answer: Answer): SendOutcome {
  const message = jsonObject(answer.body);
  const sid = textIn(message?.["sid"]);
  if (sid === null) {
    return { kind: "unknown", detail: `HTTP ${answer.status} without a message SID: ${clip(answer.body)}` };
  }
  const outcome: SendOutcome = { kind: "accepted", providerRef: sid };
  // The price is mostly null in this answer, and negative where it is not.
  const price = textIn(message?.["price"]);
  if (price !== null) outcome.costMicros = Math.round(Math.abs(Number(price)) * 1_000_000);
  return outcome;
}

function refused(answer: Answer, now: () => Date): SendOutcome {
  const error = jsonObject(answer.body);
  const code = Number(error?.["code"] ?? 0);
  const byStatus = outcomeOfStatus(answer, now);
  if (byStatus) return byStatus;
  const detail = code
    ? `${code} ${clip(textIn(error?.["message"]) ?? "")}`
    : `HTTP ${answer.status}: ${clip(answer.body)}`;
  if (TWILIO_RETRYABLE.has(code)) return { kind: "failed", detail };
  const known = TWILIO_REJECTIONS[code];
  if (known) return rejected(known.reason, detail, known.hard);
  return rejected(answer.status === 401 || answer.status === 403 ? "auth" : "other", detail);
}

function tested(answer: Answer, accountSid: string): ConnectionTest {
  const body = jsonObject(answer.body);
  if (answer.status === 200 && body?.["status"] === "active") {
    return { kind: "ok", detail: `Account ${textIn(body["friendly_name"]) ?? accountSid} is active` };
  }
  if (answer.status === 200) {
    return { kind: "failed", detail: `The account is ${textIn(body?.["status"]) ?? "in an unknown state"}` };
  }
  if (answer.status === 401 || answer.status === 404) {
    return { kind: "failed", detail: "Twilio refused the account SID and auth token: copy both from its console" };
  }
  return { kind: "failed", detail: `Twilio answered HTTP ${answer.status}: ${clip(answer.body)}` };
}

/** A lone surrogate would make encodeURIComponent throw. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
