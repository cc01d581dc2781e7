import { z } from "zod";

import { CONNECTIONS, outcomeOfStatus, outcomeWithoutAnswer, vendorHttp } from "../http.ts";
import type { Answer, Exchange } from "../http.ts";
import { isRecord, jsonObject, textIn } from "../json.ts";
import { LOOKUP_AFTER_MS, LOOKUP_BEFORE_MS, LOOKUP_BODY_BYTES } from "../lookup.ts";
import type { Lookup, LookupQuery } from "../lookup.ts";
import { commonCredentials, withParameter } from "../options.ts";
import type { ProviderOptions } from "../options.ts";
import { clip, rejected } from "../outcome.ts";
import type { ConnectionTest, SendOutcome } from "../outcome.ts";
import type { OutboundCall, VoiceProvider } from "./port.ts";
import { factsOfCall, vapiWebhook } from "./vapi-webhook.ts";

export const vapiCredentials = z.strictObject({
  apiKey: z.string().trim().min(1).meta({ title: "API key", description: "The private key" }),
  phoneNumberId: z.string().trim().min(1).meta({ title: "Phone number ID", description: "Of the number that calls" }),
  webhookSecret: z.string().trim().min(16).max(200).optional().meta({
    title: "Webhook secret",
    description: "Vapi sends it back with each message. Without it, call reports are refused",
  }),
  webhookCredentialId: z.string().trim().min(1).optional().meta({
    title: "Webhook credential ID",
    description:
      "A custom credential (bearer in X-Vapi-Secret, or HMAC) with the same secret, instead of the secret itself",
  }),
  ...commonCredentials,
});
export const vapiSecretFields = ["apiKey", "webhookSecret"] as const;
export type VapiCredentials = z.infer<typeof vapiCredentials>;

/**
 * Calls by Vapi's create call (https://docs.vapi.ai/api-reference/calls/create) with an assistant made for the call. Our
 * id rides in the assistant's metadata and in the URL of the server messages.
 */
export function createVapi(credentials: VapiCredentials, options: ProviderOptions): VoiceProvider {
  const baseUrl = options.baseUrl ?? credentials.baseUrl ?? "https://api.vapi.ai";
  const http = vendorHttp(baseUrl, options.timeoutMs ?? 20_000, CONNECTIONS, options.lookup);
  const authorization = `Bearer ${credentials.apiKey}`;
  const headers = { authorization, "content-type": "application/json" };
  const webhookUrl = credentials.webhookUrl ?? options.webhookUrl;

  /** Vapi does not repeat a lost message unless it is told to, and the report of a call comes only once. */
  function server(messageId: string) {
    const { webhookCredentialId, webhookSecret } = credentials;
    return {
      url: withParameter(webhookUrl, "messageId", messageId),
      timeoutSeconds: 20,
      backoffPlan: { type: "exponential", maxRetries: 5, baseDelaySeconds: 2 },
      ...(webhookCredentialId
        ? { credentialId: webhookCredentialId }
        : webhookSecret && { headers: { "X-Vapi-Secret": webhookSecret } }),
    };
  }

  function createCallBody(call: OutboundCall): string {
    const { model, voice, temperature, firstMessage, instructions } = call.vapiConfig;
    const [modelProvider, modelName] = withProvider(model);
    const [voiceProvider, voiceId] = withProvider(voice);
    return JSON.stringify({
      phoneNumberId: call.from ?? credentials.phoneNumberId,
      customer: { number: call.to, name: call.name },
      assistant: {
        model: {
          provider: modelProvider,
          model: modelName,
          temperature,
          messages: [{ role: "system", content: instructions }],
        },
        voice: { provider: voiceProvider, voiceId },
        firstMessage,
        server: server(call.messageId),
        serverMessages: ["status-update", "end-of-call-report"],
        metadata: { messageId: call.messageId },
      },
      assistantOverrides: { variableValues: call.variables },
    });
  }

  return {
    name: "vapi",
    concurrency: CONNECTIONS,
    async send(call) {
      const exchange = await http.post("/call", headers, createCallBody(call));
      if (exchange.kind !== "answered") return outcomeWithoutAnswer(exchange);
      return exchange.status >= 200 && exchange.status < 300 ? taken(exchange) : refused(exchange, options.now);
    },
    async lookup(query) {
      return lookedUp(query, await http.get(lookupPath(query), { authorization }, LOOKUP_BODY_BYTES));
    },
    async test() {
      const number = encodeURIComponent(credentials.phoneNumberId);
      const exchange = await http.get(`/phone-number/${number}`, { authorization });
      if (exchange.kind !== "answered") return { kind: "failed", detail: `Vapi did not answer: ${exchange.detail}` };
      return tested(exchange);
    },
    webhook: vapiWebhook(credentials.webhookSecret, options.now),
    close: () => http.close(),
  };
}

/** Vapi lists a thousand calls at most (https://docs.vapi.ai/api-reference/calls/list). */
const LISTED = 1_000;

function lookupPath({ handedAt }: LookupQuery): string {
  const near = (ms: number) => new Date(handedAt.getTime() + ms).toISOString();
  const time = { createdAtGe: near(-LOOKUP_BEFORE_MS), createdAtLe: near(LOOKUP_AFTER_MS) };
  return `/call?${new URLSearchParams({ ...time, limit: String(LISTED) }).toString()}`;
}

/** Our id is in the metadata of the call's assistant. */
function lookedUp({ messageId }: LookupQuery, exchange: Exchange): Lookup {
  if (exchange.kind !== "answered") return { kind: "no_answer", detail: exchange.detail };
  const calls = exchange.status === 200 ? jsonList(exchange.body) : null;
  if (!calls) return { kind: "no_answer", detail: `HTTP ${exchange.status}: ${clip(exchange.body)}` };
  const candidates = calls.filter(isRecord).map((call) => factsOfCall(call, messageId));
  return {
    kind: "answered",
    candidates: candidates.filter((facts) => facts.length > 0),
    isComplete: calls.length < LISTED,
  };
}

/** A JSON list from a body, or null. */
function jsonList(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** `anthropic/claude-…` → its maker and the rest; without a maker, OpenAI. */
function withProvider(value: string): [provider: string, name: string] {
  const slash = value.indexOf("/");
  return slash > 0 ? [value.slice(0, slash), value.slice(slash + 1)] : ["openai", value];
}

function taken(answer: Answer): SendOutcome {
  const id = textIn(jsonObject(answer.body)?.["id"]);
  if (id !== null) return { kind: "accepted", providerRef: id };
  return { kind: "unknown", detail: `HTTP ${answer.status} without a call id: ${clip(answer.body)}` };
}

function refused(answer: Answer, now: () => Date): SendOutcome {
  const byStatus = outcomeOfStatus(answer, now);
  if (byStatus) return byStatus;
  // `{ "message": string | string[], "error", "statusCode" }`
  const told = jsonObject(answer.body)?.["message"];
  const message = Array.isArray(told) ? told.join("; ") : (textIn(told) ?? answer.body);
  const detail = `HTTP ${answer.status}: ${clip(message)}`;
  // Too many calls at once, or the day's limit of a number: 400 too, but both pass.
  if (/concurrency limit|daily .*limit|outbound call limit/i.test(message)) return { kind: "failed", detail };
  if (answer.status === 401 || answer.status === 403) return rejected("auth", detail);
  if (/customer\.?number|E\.164/i.test(message)) return rejected("invalid_address", detail, true);
  if (/phone ?number/i.test(message)) return rejected("unverified_sender", detail);
  if (/assistant|model|voice|firstMessage/i.test(message)) return rejected("content_refused", detail);
  return rejected("other", detail);
}

function tested(answer: Answer): ConnectionTest {
  if (answer.status === 200) return { kind: "ok", detail: "The API key and the phone number are known to Vapi" };
  if (answer.status === 401 || answer.status === 403) {
    return { kind: "failed", detail: "Vapi refused the API key: copy the private key from its dashboard" };
  }
  if (answer.status === 404) return { kind: "failed", detail: "Vapi knows no phone number with this ID" };
  return { kind: "failed", detail: `Vapi answered HTTP ${answer.status}: ${clip(answer.body)}` };
}
