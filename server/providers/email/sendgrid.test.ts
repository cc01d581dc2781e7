import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";

import { EventWebhook } from "@sendgrid/eventwebhook";

import { BEHAVIOURS, describeSending, describeWebhook } from "../conformance.ts";
import type { Behaviour } from "../conformance.ts";
import { AMPLE_MS, startHttpStub } from "../test-stub.ts";
import type { StubAnswer } from "../test-stub.ts";
import type { RawRequest } from "../webhook.ts";
import type { OutboundEmail } from "./port.ts";
import { sendgridWebhook } from "./sendgrid-webhook.ts";
import { createSendgrid, sendgridCredentials } from "./sendgrid.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const WEBHOOK = "https://crm.example/webhooks/w1/sendgrid";
const credentials = { apiKey: "SG.secret", fromEmail: "ada@acme.example" };

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return { privateKey, publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64") };
}
const vendorKey = keyPair();
const strangerKey = keyPair();

let serial = 0;
const accepted = (): StubAnswer => ({ status: 202, headers: { "x-message-id": `x-${++serial}` } });
const refusal = (status: number, message: string, field: string | null = null): StubAnswer => ({
  status,
  body: JSON.stringify({ errors: [{ message, field, help: null }] }),
});

const ANSWERS: Record<Exclude<Behaviour, "down">, (index: number) => StubAnswer> = {
  accept: accepted,
  "rate-limit": () => ({ status: 429, headers: { "retry-after": "120" } }),
  broken: () => refusal(500, "internal"),
  hang: () => "hang",
  "hang-up": () => "hang-up",
  "hang-first": (index) => (index === 0 ? "hang" : accepted()),
  "refuse-address": () => refusal(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
  "refuse-login": () => refusal(401, "The provided authorization grant is invalid, expired, or revoked"),
};

function email(messageId: string, text: string): OutboundEmail {
  return {
    messageId,
    from: { email: "ada@acme.example", name: "Ada" },
    replyTo: { email: "replies@acme.example" },
    to: { email: "lin@client.example", name: "Lin" },
    subject: "Hello",
    text,
    html: `<p>${text}</p>`,
    headers: { "Message-ID": `<${messageId}@acme.example>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  };
}

async function start(timeoutMs = AMPLE_MS) {
  const stub = await startHttpStub();
  const options = { webhookUrl: WEBHOOK, now: () => NOW, timeoutMs, baseUrl: stub.baseUrl };
  return { stub, provider: createSendgrid(credentials, options) };
}

describeSending<OutboundEmail>({
  name: "SendGrid",
  behaviours: BEHAVIOURS,
  retryAfterSeconds: 120,
  async start(timeoutMs) {
    const { stub, provider } = await start(timeoutMs);
    return {
      provider,
      message: email,
      async play(behaviour) {
        if (behaviour === "down") return stub.stop();
        stub.answer((request, index) =>
          request.method === "GET" && behaviour === "accept"
            ? { status: 200, body: '{"scopes":["mail.send","user.profile.read"]}' }
            : ANSWERS[behaviour](index),
        );
      },
      handOvers: () => stub.requests.filter((request) => request.method === "POST").length,
      async expectRequest(id, text) {
        const request = stub.requests.at(-1);
        expect(request).toMatchObject({ method: "POST", path: "/v3/mail/send" });
        expect(request?.headers).toMatchObject({
          authorization: "Bearer SG.secret",
          "content-type": "application/json",
        });
        expect(JSON.parse(request?.body ?? "")).toEqual({
          personalizations: [{ to: [{ email: "lin@client.example", name: "Lin" }], custom_args: { messageId: id } }],
          from: { email: "ada@acme.example", name: "Ada" },
          reply_to: { email: "replies@acme.example" },
          subject: "Hello",
          content: [
            { type: "text/plain", value: text },
            { type: "text/html", value: `<p>${text}</p>` },
          ],
          headers: email(id, text).headers,
          tracking_settings: {
            click_tracking: { enable: false, enable_text: false },
            subscription_tracking: { enable: false },
          },
        });
      },
      stop: () => stub.stop(),
    };
  },
});

function signedEvents(at: Date, events: unknown[], key = vendorKey): RawRequest {
  // SendGrid ends each event with a line break, and signs that too.
  const body = Buffer.from(`[${events.map((event) => JSON.stringify(event)).join(",\r\n")}]\r\n`);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = sign("sha256", Buffer.concat([Buffer.from(timestamp), body]), key.privateKey).toString("base64");
  return {
    method: "POST",
    url: WEBHOOK,
    headers: {
      "content-type": "application/json",
      "x-twilio-email-event-webhook-signature": signature,
      "x-twilio-email-event-webhook-timestamp": timestamp,
    },
    body,
  };
}

const event = (kind: string, more: Record<string, unknown> = {}) => ({
  email: "lin@client.example",
  event: kind,
  sg_event_id: `ev-${kind}`,
  sg_message_id: "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
  timestamp: 1772452800,
  messageId: "msg_1",
  ...more,
});

describeWebhook({
  name: "SendGrid's Event Webhook",
  open: (now) => sendgridWebhook({ eventPublicKey: vendorKey.publicKey }, now),
  openWithoutSecret: (now) => sendgridWebhook({}, now),
  signed: (at, which) => signedEvents(at, which === "first" ? [event("delivered"), event("open")] : [event("click")]),
  forged: (at) => signedEvents(at, [event("delivered")], strangerKey),
  proofHeader: "x-twilio-email-event-webhook-signature",
  bindsBody: true,
  bindsTime: true,
});

/** The provider and its stub for one test. */
async function open() {
  const opened = await start();
  onTestFinished(async () => {
    await opened.provider.close();
    await opened.stub.stop();
  });
  return opened;
}

async function outcomeOf(answer: StubAnswer) {
  const { stub, provider } = await open();
  stub.answer(() => answer);
  return provider.send(email("msg_1", "Hi"));
}

describe("SendGrid", () => {
  test("the reference is the X-Message-Id", async () => {
    const answer = { status: 202, headers: { "x-message-id": "LRzXl_NHStOGhQ4kofSm_A" } };
    expect(await outcomeOf(answer)).toEqual({ kind: "accepted", providerRef: "LRzXl_NHStOGhQ4kofSm_A" });
    expect((await outcomeOf({ status: 202 })).kind).toBe("unknown");
  });

  test.each([
    [403, "The from address does not match a verified Sender Identity.", "from", "unverified_sender"],
    [403, "access forbidden", null, "auth"],
    [400, "The subject is required.", "subject", "content_refused"],
    [413, "Payload too large", null, "content_refused"],
    [400, "Bad Request", null, "other"],
  ] as const)("HTTP %i %j on %j is a rejection: %s", async (status, message, field, reason) => {
    expect(await outcomeOf(refusal(status, message, field))).toMatchObject({
      kind: "rejected",
      reason,
      suppress: false,
    });
  });

  test("used-up credits come as 401, and pass at the next reset", async () => {
    expect((await outcomeOf(refusal(401, "Maximum credits exceeded"))).kind).toBe("failed");
  });

  test("a 429 without Retry-After waits for the reset that SendGrid names instead", async () => {
    const reset = String(NOW.getTime() / 1000 + 45);
    const answer = { status: 429, headers: { "x-ratelimit-reset": reset } };
    expect(await outcomeOf(answer)).toMatchObject({ kind: "failed", retryAfterSeconds: 45 });
    expect(await outcomeOf({ status: 429 })).toMatchObject({ kind: "failed", retryAfterSeconds: undefined });
  });

  test("an API key without the right to send fails the connection test", async () => {
    const { stub, provider } = await open();
    stub.answer(() => ({ status: 200, body: '{"scopes":["user.profile.read"]}' }));
    expect(await provider.test()).toEqual({ kind: "failed", detail: "The API key lacks the Mail Send permission" });
  });

  test("an event names our message, the reference of the send and the time", async () => {
    const webhook = sendgridWebhook({}, () => NOW);
    const click = event("click", { url: "https://acme.example/x", useragent: "Mozilla/5.0", ip: "192.0.2.7" });
    expect(await webhook.read(signedEvents(NOW, [click]))).toEqual([
      {
        kind: "status",
        externalId: "ev-click",
        providerRef: "LRzXl_NHStOGhQ4kofSm_A",
        messageId: "msg_1",
        status: "clicked",
        hard: false,
        detail: null,
        at: new Date("2026-03-02T12:00:00Z"),
        userAgent: "Mozilla/5.0",
        ip: "192.0.2.7",
        url: "https://acme.example/x",
      },
    ]);
  });

  test.each([
    ["processed", {}, "sent", false],
    ["deferred", { response: "421 later" }, "in_progress", false],
    ["bounce", { type: "bounce", reason: "550 5.1.1 unknown" }, "bounced", true],
    ["bounce", { type: "blocked", reason: "550 spam" }, "bounced", false],
    ["dropped", { reason: "Bounced Address" }, "failed", true],
    ["dropped", { reason: "Unsubscribed Address" }, "failed", true],
    ["dropped", { reason: "Recipient List over Package Quota" }, "failed", false],
    ["spamreport", {}, "complained", false],
    ["group_unsubscribe", {}, "unsubscribed", false],
  ] as const)("the event %s %j is %s, hard %s", async (kind, more, status, hard) => {
    const facts = await sendgridWebhook({}, () => NOW).read(signedEvents(NOW, [event(kind, more)]));
    expect(facts).toMatchObject([{ status, hard }]);
  });

  test("an event that says nothing about a message gives no fact, and spoils none of the others", async () => {
    const events = [event("group_resubscribe"), null, "x", { event: 7 }, event("delivered")];
    const facts = await sendgridWebhook({}, () => NOW).read(signedEvents(NOW, events));
    expect(facts).toMatchObject([{ status: "delivered" }]);
  });

  test("an open by a mail server's proxy is told as such", async () => {
    const open = event("open", { sg_machine_open: true });
    const facts = await sendgridWebhook({}, () => NOW).read(signedEvents(NOW, [open]));
    expect(facts).toMatchObject([{ status: "opened", isMachine: true }]);
  });

  test("the vendor's own helper agrees with what these tests sign", () => {
    const request = signedEvents(NOW, [event("delivered")]);
    const helper = new EventWebhook();
    const agreed = helper.verifySignature(
      helper.convertPublicKeyToECDSA(vendorKey.publicKey),
      request.body,
      request.headers["x-twilio-email-event-webhook-signature"] ?? "",
      request.headers["x-twilio-email-event-webhook-timestamp"] ?? "",
    );
    expect(agreed).toBe(true);
  });

  test("its credentials are those of the source document, and the keys are checked when they are typed", () => {
    const stored = { ...credentials, webhookUrl: "https://yourapp.example/api/webhooks/email" };
    expect(sendgridCredentials.parse(stored)).toEqual(stored);
    const pem = `-----BEGIN PUBLIC KEY-----\n${vendorKey.publicKey}\n-----END PUBLIC KEY-----\n`;
    for (const eventPublicKey of [vendorKey.publicKey, pem]) {
      expect(sendgridCredentials.safeParse({ ...credentials, eventPublicKey }).success).toBe(true);
    }
    expect(sendgridCredentials.safeParse({ ...credentials, eventPublicKey: "MFkw" }).success).toBe(false);
    expect(sendgridCredentials.safeParse({ ...credentials, inboundToken: "short" }).success).toBe(false);
  });
});
