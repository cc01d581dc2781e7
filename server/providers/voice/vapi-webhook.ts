import { instantIn, recordIn, textIn } from "../json.ts";
import type { Json } from "../json.ts";
import { hmacSha256Hex, isFresh, secretsEqual } from "../signature.ts";
import type { CallFact, ProviderWebhook, RawRequest, StatusFact, WebhookFact } from "../webhook.ts";
import { MISDIALED_REASONS, callOutcome, endedKind } from "./vapi-ended-reasons.ts";

/**
 * Vapi's server messages (https://docs.vapi.ai/server-url/events). Vapi proves itself by the shared secret in
 * `x-vapi-secret`, or by `x-vapi-signature`, the hex HMAC-SHA256 of the body, or of `<timestamp>.<body>` when
 * `x-vapi-timestamp` is there. Without a secret nothing is accepted.
 */
export function vapiWebhook(secret: string | undefined, now: () => Date): ProviderWebhook {
  return {
    verify(request) {
      if (!secret) return false;
      const signature = request.headers["x-vapi-signature"];
      if (signature !== undefined) return signedBy(secret, signature, request, now());
      const given = request.headers["x-vapi-secret"];
      return given !== undefined && secretsEqual(given, secret);
    },
    read(request) {
      const body: unknown = JSON.parse(request.body.toString("utf8"));
      const message = recordIn(recordIn(body)["message"]);
      if (textIn(message["type"]) === null)
        throw new Error("Vapi posts an object with a typed message, and this is none");
      const facts = factsOf(message);
      // Our id is also in the URL that we gave Vapi, should a message come without the assistant's metadata.
      const messageId = URL.parse(request.url)?.searchParams.get("messageId") ?? null;
      return facts.map((fact) => (fact.messageId === null ? { ...fact, messageId } : fact));
    },
  };
}

function signedBy(secret: string, signature: string, request: RawRequest, now: Date): boolean {
  const timestamp = request.headers["x-vapi-timestamp"];
  if (timestamp !== undefined && !isFresh(timestamp, request.receivedAt ?? now)) return false;
  const signed = timestamp === undefined ? [request.body] : [`${timestamp}.`, request.body];
  return secretsEqual(signature.replace(/^sha256=/, "").toLowerCase(), hmacSha256Hex(secret, ...signed));
}

function factsOf(message: Json): (StatusFact | CallFact)[] {
  const call = recordIn(message["call"]);
  const callId = textIn(call["id"]);
  if (callId === null) return [];
  const ids = { providerRef: callId, messageId: messageIdOf(message, call) };
  if (message["type"] === "status-update") return statusFacts(message, ids);
  if (message["type"] === "end-of-call-report") return reportFacts(message, call, ids);
  return [];
}

/** What a call of Vapi's list of calls tells, as its server messages would have. */
export function factsOfCall(call: Json, messageId: string): (StatusFact | CallFact)[] {
  const providerRef = textIn(call["id"]);
  if (providerRef === null || messageIdOf(call, call) !== messageId) return [];
  const ids = { providerRef, messageId };
  if (call["status"] === "ended") return reportFacts(call, call, ids);
  const detail = textIn(call["status"]);
  return [
    { kind: "status", externalId: `${providerRef}:lookup`, ...ids, status: "sent", hard: false, detail, at: null },
  ];
}

interface Ids {
  providerRef: string;
  messageId: string | null;
}

function statusFacts(message: Json, ids: Ids): StatusFact[] {
  const status = textIn(message["status"]);
  if (status === null) return [];
  const reason = textIn(message["endedReason"]);
  // A call that broke is over at once. Any other end waits for its report, which alone knows the duration.
  const broken = status === "ended" && reason !== null && endedKind(reason) === "error";
  return [
    {
      kind: "status",
      externalId: `${ids.providerRef}:status:${status}`,
      ...ids,
      status: broken ? "failed" : "in_progress",
      hard: broken && MISDIALED_REASONS.has(reason),
      detail: reason ?? status,
      at: millis(message["timestamp"]),
    },
  ];
}

function reportFacts(message: Json, call: Json, ids: Ids): (StatusFact | CallFact)[] {
  const endedReason = textIn(message["endedReason"]) ?? textIn(call["endedReason"]) ?? "unknown";
  const startedAt = instantIn(message["startedAt"] ?? call["startedAt"]);
  const endedAt = instantIn(message["endedAt"] ?? call["endedAt"]);
  const durationSeconds = duration(message, startedAt, endedAt);
  const artifact = recordIn(message["artifact"]);
  const recording = recordIn(recordIn(artifact["recording"])["mono"]);
  const cost = message["cost"] ?? call["cost"];
  const fact: CallFact = {
    kind: "call",
    externalId: `${ids.providerRef}:end-of-call-report`,
    ...ids,
    endedReason,
    outcome: callOutcome(endedReason, durationSeconds),
    durationSeconds,
    costMicros: typeof cost === "number" ? Math.round(cost * 1_000_000) : null,
    transcript: textIn(artifact["transcript"]) ?? textIn(message["transcript"]),
    summary: textIn(recordIn(message["analysis"])["summary"]) ?? textIn(message["summary"]),
    recordingUrl:
      textIn(artifact["recordingUrl"]) ?? textIn(message["recordingUrl"]) ?? textIn(recording["combinedUrl"]),
    startedAt,
    endedAt,
  };
  if (!MISDIALED_REASONS.has(endedReason)) return [fact];
  const condemned: WebhookFact & { kind: "status" } = {
    kind: "status",
    externalId: `${ids.providerRef}:misdialed`,
    ...ids,
    status: "failed",
    hard: true,
    detail: endedReason,
    at: endedAt,
  };
  return [fact, condemned];
}

function duration(message: Json, startedAt: Date | null, endedAt: Date | null): number {
  const told = message["durationSeconds"];
  if (typeof told === "number") return Math.max(0, Math.round(told));
  return startedAt && endedAt ? Math.max(0, Math.round((endedAt.getTime() - startedAt.getTime()) / 1000)) : 0;
}

/** Where Vapi repeats the assistant that we sent, metadata included, differs between message types. */
function messageIdOf(message: Json, call: Json): string | null {
  const holders = [call["assistant"], message["assistant"], call["assistantOverrides"], call];
  for (const holder of holders) {
    const id = textIn(recordIn(recordIn(holder)["metadata"])["messageId"]);
    if (id !== null) return id;
  }
  return null;
}

function millis(value: unknown): Date | null {
  return typeof value === "number" && Number.isFinite(value) ? new Date(value) : null;
}
