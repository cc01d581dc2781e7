import { createHmac } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";

import { describeLookup } from "../conformance-lookup.ts";
import { BEHAVIOURS, describeSending, describeWebhook } from "../conformance.ts";
import type { Behaviour } from "../conformance.ts";
import { AMPLE_MS, startHttpStub } from "../test-stub.ts";
import type { StubAnswer } from "../test-stub.ts";
import type { RawRequest } from "../webhook.ts";
import { voiceConfig } from "./port.ts";
import type { OutboundCall } from "./port.ts";
import { vapiWebhook } from "./vapi-webhook.ts";
import { createVapi, vapiCredentials } from "./vapi.ts";
import type { VapiCredentials } from "./vapi.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const WEBHOOK = "https://crm.example/webhooks/w1/vapi";
const SECRET = "a-secret-of-some-length";
const credentials: VapiCredentials = { apiKey: "key", phoneNumberId: "number-1", webhookSecret: SECRET };

let serial = 0;
const created = (): StubAnswer => ({ status: 201, body: JSON.stringify({ id: `call-${++serial}`, status: "queued" }) });
const refusal = (status: number, message: string | string[]): StubAnswer => ({
  status,
  body: JSON.stringify({ message, error: "Bad Request", statusCode: status }),
});

const ANSWERS: Record<Exclude<Behaviour, "down">, (index: number) => StubAnswer> = {
  accept: created,
  "rate-limit": () => ({ status: 429, headers: { "retry-after": "120" } }),
  broken: () => refusal(500, "Internal server error"),
  hang: () => "hang",
  "hang-up": () => "hang-up",
  "hang-first": (index) => (index === 0 ? "hang" : created()),
  "refuse-address": () => refusal(400, ["customer.number must be a valid phone number in the E.164 format"]),
  "refuse-login": () => refusal(401, "Invalid Key"),
};

function call(messageId: string, instructions: string): OutboundCall {
  return {
    messageId,
    to: "+15551234567",
    name: "Lin",
    vapiConfig: { model: "gpt-4o", voice: "alloy", temperature: 0.7, firstMessage: "Hello!", instructions },
    variables: { company: "Acme" },
  };
}

async function start(given = credentials, timeoutMs = AMPLE_MS) {
  const stub = await startHttpStub();
  const options = { webhookUrl: WEBHOOK, now: () => NOW, timeoutMs };
  return { stub, provider: createVapi({ ...given, baseUrl: stub.baseUrl }, options) };
}

describeSending<OutboundCall>({
  name: "Vapi",
  behaviours: BEHAVIOURS,
  retryAfterSeconds: 120,
  async start(timeoutMs) {
    const { stub, provider } = await start(credentials, timeoutMs);
    return {
      provider,
      message: call,
      async play(behaviour) {
        if (behaviour === "down") return stub.stop();
        stub.answer((request, index) =>
          request.method === "GET" && behaviour === "accept" ? { status: 200, body: "{}" } : ANSWERS[behaviour](index),
        );
      },
      handOvers: () => stub.requests.filter((request) => request.method === "POST").length,
      async expectRequest(id, text) {
        const request = stub.requests.at(-1);
        expect(request).toMatchObject({ method: "POST", path: "/call" });
        expect(request?.headers).toMatchObject({ authorization: "Bearer key", "content-type": "application/json" });
        expect(JSON.parse(request?.body ?? "")).toEqual({
          phoneNumberId: "number-1",
          customer: { number: "+15551234567", name: "Lin" },
          assistant: {
            model: {
              provider: "openai",
              model: "gpt-4o",
              temperature: 0.7,
              messages: [{ role: "system", content: text }],
            },
            voice: { provider: "openai", voiceId: "alloy" },
            firstMessage: "Hello!",
            server: {
              url: `${WEBHOOK}?messageId=${id}`,
              timeoutSeconds: 20,
              headers: { "X-Vapi-Secret": SECRET },
              backoffPlan: { type: "exponential", maxRetries: 5, baseDelaySeconds: 2 },
            },
            serverMessages: ["status-update", "end-of-call-report"],
            metadata: { messageId: id },
          },
          assistantOverrides: { variableValues: { company: "Acme" } },
        });
      },
      stop: () => stub.stop(),
    };
  },
});

function posted(message: unknown, headers: Record<string, string>, url = WEBHOOK): RawRequest {
  const body = Buffer.from(JSON.stringify({ message }));
  return { method: "POST", url, headers: { "content-type": "application/json", ...headers }, body };
}

const report = (more: Record<string, unknown> = {}) => ({
  type: "end-of-call-report",
  timestamp: 1772452900000,
  endedReason: "customer-ended-call",
  startedAt: "2026-03-02T12:00:10.000Z",
  endedAt: "2026-03-02T12:01:11.400Z",
  cost: 0.0875,
  artifact: { transcript: "AI: Hello! User: Hi.", recordingUrl: "https://storage.example/r.wav", messages: [] },
  analysis: { summary: "Lin was friendly." },
  call: { id: "call-1", orgId: "org", assistant: { metadata: { messageId: "msg_1" } } },
  ...more,
});
const ringing = { type: "status-update", status: "ringing", timestamp: 1772452800000, call: { id: "call-1" } };

function signed(at: Date, message: unknown, secret: string, withTime: boolean): RawRequest {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const request = posted(message, withTime ? { "x-vapi-timestamp": timestamp } : {});
  const hmac = createHmac("sha256", secret);
  if (withTime) hmac.update(`${timestamp}.`);
  return { ...request, headers: { ...request.headers, "x-vapi-signature": hmac.update(request.body).digest("hex") } };
}

describeLookup({
  name: "Vapi",
  open: ({ baseUrl }) =>
    createVapi({ ...credentials, baseUrl }, { webhookUrl: WEBHOOK, now: () => NOW, timeoutMs: AMPLE_MS }),
  // https://docs.vapi.ai/api-reference/calls/list
  list: (calls, hasMore) => {
    const shown = calls.map(({ ref, messageId, createdAt, state }) => ({
      id: ref,
      createdAt: createdAt.toISOString(),
      status: state === "under way" ? "ringing" : "ended",
      assistant: { metadata: { messageId } },
      ...(state === "done" && {
        endedReason: "customer-ended-call",
        startedAt: "2026-03-02T12:00:00Z",
        endedAt: "2026-03-02T12:01:30Z",
        cost: 0.12,
      }),
      ...(state === "failed" && { endedReason: "call-start-error-neither-assistant-nor-server-set" }),
    }));
    const others = hasMore ? Array.from({ length: 1_000 }, (_, place) => ({ id: `other-${place}` })) : [];
    return { status: 200, body: JSON.stringify([...shown, ...others].slice(0, 1_000)) };
  },
});

describeWebhook({
  name: "Vapi with a shared secret",
  open: (now) => vapiWebhook(SECRET, now),
  openWithoutSecret: (now) => vapiWebhook(undefined, now),
  signed: (_at, which) => posted(which === "first" ? report() : ringing, { "x-vapi-secret": SECRET }),
  forged: () => posted(report(), { "x-vapi-secret": "another-secret-of-some-length" }),
  proofHeader: "x-vapi-secret",
  bindsBody: false,
  bindsTime: false,
});

describeWebhook({
  name: "Vapi with a signature",
  open: (now) => vapiWebhook(SECRET, now),
  openWithoutSecret: (now) => vapiWebhook(undefined, now),
  signed: (at, which) => signed(at, which === "first" ? report() : ringing, SECRET, false),
  forged: (at) => signed(at, report(), "another-secret-of-some-length", false),
  proofHeader: "x-vapi-signature",
  bindsBody: true,
  bindsTime: false,
});

describeWebhook({
  name: "Vapi with a signature and its time",
  open: (now) => vapiWebhook(SECRET, now),
  signed: (at, which) => signed(at, which === "first" ? report() : ringing, SECRET, true),
  forged: (at) => signed(at, report(), "another-secret-of-some-length", true),
  proofHeader: "x-vapi-signature",
  bindsBody: true,
  bindsTime: true,
});

/** The provider and its stub for one test. */
async function open(given = credentials) {
  const { stub, provider } = await start(given);
  onTestFinished(async () => {
    await provider.close();
    await stub.stop();
  });
  return { stub, provider };
}

describe("Vapi", () => {
  test("too many calls at once is 400, and passes", async () => {
    const { stub, provider } = await open();
    stub.answer(() => refusal(400, "Over Concurrency Limit. Please upgrade."));
    expect((await provider.send(call("msg_1", "x"))).kind).toBe("failed");
  });

  test.each([
    ["Couldn't find phone number by id", "unverified_sender"],
    ["assistant.voice.voiceId must be one of the following values", "content_refused"],
    ["Wallet balance is negative", "other"],
  ])("%j is a rejection: %s", async (message, reason) => {
    const { stub, provider } = await open();
    stub.answer(() => refusal(400, message));
    expect(await provider.send(call("msg_1", "x"))).toMatchObject({ kind: "rejected", reason, suppress: false });
  });

  test("makers of model and voice may be named, and a stored credential stands in for the secret", async () => {
    const { stub, provider } = await open({ ...credentials, webhookCredentialId: "cred_1" });
    stub.answer(created);
    const { vapiConfig, ...rest } = call("msg_1", "x");
    await provider.send({ ...rest, vapiConfig: { ...vapiConfig, model: "anthropic/claude-x", voice: "11labs/burt" } });
    const { assistant } = JSON.parse(stub.requests[0]?.body ?? "");
    expect(assistant.model).toMatchObject({ provider: "anthropic", model: "claude-x" });
    expect(assistant.voice).toEqual({ provider: "11labs", voiceId: "burt" });
    expect(assistant.server).toMatchObject({ credentialId: "cred_1" });
    expect(JSON.stringify(assistant)).not.toContain(SECRET);
  });

  const webhook = vapiWebhook(SECRET, () => NOW);
  const read = (message: unknown, url?: string) => webhook.read(posted(message, {}, url));

  test("the report of a call tells everything once", async () => {
    expect(await read(report())).toEqual([
      {
        kind: "call",
        externalId: "call-1:end-of-call-report",
        providerRef: "call-1",
        messageId: "msg_1",
        endedReason: "customer-ended-call",
        outcome: "SUCCESS",
        durationSeconds: 61,
        costMicros: 87_500,
        transcript: "AI: Hello! User: Hi.",
        summary: "Lin was friendly.",
        recordingUrl: "https://storage.example/r.wav",
        startedAt: new Date("2026-03-02T12:00:10.000Z"),
        endedAt: new Date("2026-03-02T12:01:11.400Z"),
      },
    ]);
  });

  test("a call that nobody took has no transcript and no duration", async () => {
    const unanswered = report({
      endedReason: "customer-did-not-answer",
      startedAt: undefined,
      endedAt: "2026-03-02T12:00:30.000Z",
      cost: 0,
      artifact: {},
      analysis: {},
    });
    expect(await read(unanswered)).toMatchObject([
      { outcome: "NO_ANSWER", durationSeconds: 0, costMicros: 0, transcript: null, summary: null, recordingUrl: null },
    ]);
  });

  test("a misdialed number is never to be called again", async () => {
    expect(await read(report({ endedReason: "twilio-reported-customer-misdialed", durationSeconds: 0 }))).toMatchObject(
      [
        { kind: "call", outcome: "FAILED" },
        { kind: "status", status: "failed", hard: true, externalId: "call-1:misdialed" },
      ],
    );
  });

  test.each([
    [{ status: "ringing" }, "in_progress", "ringing"],
    [{ status: "ended", endedReason: "customer-ended-call" }, "in_progress", "customer-ended-call"],
    [{ status: "ended", endedReason: "customer-did-not-answer" }, "in_progress", "customer-did-not-answer"],
    [{ status: "ended", endedReason: "call.start.error-get-org" }, "failed", "call.start.error-get-org"],
  ])("the status %j is %s", async (more, status, detail) => {
    expect(await read({ ...ringing, ...more })).toMatchObject([{ kind: "status", status, detail, hard: false }]);
  });

  test("our id comes from the URL when the message does not repeat the assistant", async () => {
    expect(await read(ringing, `${WEBHOOK}?messageId=msg_9`)).toMatchObject([{ messageId: "msg_9" }]);
    expect(await read(report(), `${WEBHOOK}?messageId=msg_9`)).toMatchObject([{ messageId: "msg_1" }]);
  });

  test("messages about other things give no facts, and a body of another kind shows", async () => {
    expect(await read({ type: "transcript", call: { id: "call-1" } })).toEqual([]);
    expect(() => webhook.read(posted(undefined, {}))).toThrow(/typed message/);
  });

  test("a voice configuration has the source document's fields, and no unknown ones", () => {
    const config = {
      model: "gpt-4o",
      voice: "alloy",
      temperature: 0.7,
      firstMessage: "Hello!",
      instructions: "You are Alex",
    };
    expect(voiceConfig.parse(config)).toEqual(config);
    expect(voiceConfig.safeParse({ ...config, speed: 2 }).success).toBe(false);
    expect(voiceConfig.safeParse({ ...config, temperature: 3 }).success).toBe(false);
    expect(vapiCredentials.safeParse(credentials).success).toBe(true);
    expect(vapiCredentials.safeParse({ apiKey: "k" }).success).toBe(false);
  });
});
