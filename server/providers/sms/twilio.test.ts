import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";

import { describeLookup } from "../conformance-lookup.ts";
import { BEHAVIOURS, describeSending, describeWebhook } from "../conformance.ts";
import type { Behaviour } from "../conformance.ts";
import { AMPLE_MS, startHttpStub } from "../test-stub.ts";
import type { StubAnswer } from "../test-stub.ts";
import type { RawRequest } from "../webhook.ts";
import type { OutboundSms } from "./port.ts";
import { createTwilio, twilioCredentials } from "./twilio.ts";
import { lookedUp } from "./twilio-lookup.ts";
import { twilioWebhook } from "./twilio-webhook.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const WEBHOOK = "https://crm.example/webhooks/w1/twilio";
const credentials = { accountSid: "AC0123456789", authToken: "a-secret-token", fromNumber: "+15559990000" };

let serial = 0;
const created = (): StubAnswer => ({
  status: 201,
  body: JSON.stringify({ sid: `SM${++serial}`, status: "queued", price: null, error_code: null }),
});
const error = (status: number, code: number, message: string): StubAnswer => ({
  status,
  body: JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
});

const ANSWERS: Record<Exclude<Behaviour, "down">, (index: number) => StubAnswer> = {
  accept: created,
  "rate-limit": () => ({ status: 429, headers: { "retry-after": "120" }, body: '{"code":20429,"status":429}' }),
  broken: () => ({ status: 500, body: "<h1>oops</h1>" }),
  hang: () => "hang",
  "hang-up": () => "hang-up",
  "hang-first": (index) => (index === 0 ? "hang" : created()),
  "refuse-address": () => error(400, 21211, "The 'To' number +1555 is not a valid phone number."),
  "refuse-login": () => error(401, 20003, "Authenticate"),
};

async function start(timeoutMs = AMPLE_MS) {
  const stub = await startHttpStub();
  const options = { webhookUrl: WEBHOOK, now: () => NOW, timeoutMs };
  const provider = createTwilio({ ...credentials, baseUrl: stub.baseUrl }, options);
  return { stub, provider };
}

describeSending<OutboundSms>({
  name: "Twilio",
  behaviours: BEHAVIOURS,
  retryAfterSeconds: 120,
  async start(timeoutMs) {
    const { stub, provider } = await start(timeoutMs);
    return {
      provider,
      message: (id, text) => ({ messageId: id, to: "+15551234567", text }),
      async play(behaviour) {
        if (behaviour === "down") return stub.stop();
        stub.answer((request, index) =>
          request.method === "GET" && behaviour === "accept"
            ? { status: 200, body: '{"status":"active","friendly_name":"Acme"}' }
            : ANSWERS[behaviour](index),
        );
      },
      handOvers: () => stub.requests.filter((request) => request.method === "POST").length,
      async expectRequest(id, text) {
        const request = stub.requests.at(-1);
        expect(request?.method).toBe("POST");
        expect(request?.path).toBe("/2010-04-01/Accounts/AC0123456789/Messages.json");
        expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
        const basic = Buffer.from("AC0123456789:a-secret-token").toString("base64");
        expect(request?.headers.authorization).toBe(`Basic ${basic}`);
        expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
          To: "+15551234567",
          From: "+15559990000",
          Body: text,
          StatusCallback: `${WEBHOOK}?messageId=${id}`,
        });
      },
      stop: () => stub.stop(),
    };
  },
});

function posted(url: string, parameters: Record<string, string>, token = credentials.authToken): RawRequest {
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": getExpectedTwilioSignature(token, url, parameters),
    },
    body: Buffer.from(new URLSearchParams(parameters).toString()),
  };
}

const delivered = { MessageSid: "SM1", SmsSid: "SM1", MessageStatus: "delivered", SmsStatus: "delivered", To: "+1555" };
const reply = {
  MessageSid: "SM2",
  SmsSid: "SM2",
  SmsStatus: "received",
  From: "+15551234567",
  To: "+1",
  Body: "Grüße & 👋",
};

describeWebhook({
  name: "Twilio",
  open: () => twilioWebhook(credentials.authToken),
  signed: (_at, which) =>
    which === "first" ? posted(`${WEBHOOK}?messageId=msg_1`, delivered) : posted(`${WEBHOOK}?messageId=msg_1`, reply),
  forged: () => posted(`${WEBHOOK}?messageId=msg_1`, delivered, "another-token"),
  proofHeader: "x-twilio-signature",
  bindsBody: true,
  bindsTime: false,
});

const TWILIO_STATES = { "under way": "queued", done: "delivered", failed: "undelivered" } as const;

describeLookup({
  name: "Twilio",
  open: ({ baseUrl }) =>
    createTwilio({ ...credentials, baseUrl }, { webhookUrl: WEBHOOK, now: () => NOW, timeoutMs: AMPLE_MS }),
  // https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
  list: (messages, hasMore) => ({
    status: 200,
    body: JSON.stringify({
      page: 0,
      next_page_uri: hasMore ? "/2010-04-01/Accounts/AC0123456789/Messages.json?Page=1" : null,
      messages: messages.map(({ ref, text, createdAt, state }) => ({
        sid: ref,
        body: text,
        from: "+15559990000",
        to: "+15551234567",
        direction: "outbound-api",
        status: TWILIO_STATES[state],
        date_created: createdAt.toUTCString(),
        date_sent: null,
        error_code: state === "failed" ? 30_003 : null,
        error_message: null,
        messaging_service_sid: null,
      })),
    }),
  }),
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
  return provider.send({ messageId: "msg_1", to: "+15551234567", text: "Hi" });
}

describe("Twilio", () => {
  test.each([
    [21610, "suppressed_at_vendor", true],
    [21614, "invalid_address", true],
    [21612, "invalid_address", false],
    [21606, "unverified_sender", false],
    [21617, "content_refused", false],
    [21408, "other", false],
  ] as const)("error %i is a rejection: %s, suppress %s", async (code, reason, suppress) => {
    expect(await outcomeOf(error(400, code, "No"))).toEqual({
      kind: "rejected",
      reason,
      suppress,
      detail: `${code} No`,
    });
  });

  test("a full queue of the sender is 400, and passes", async () => {
    expect(await outcomeOf(error(400, 21611, "Queue full"))).toEqual({ kind: "failed", detail: "21611 Queue full" });
  });

  test("a 201 that breaks off before the SID may have been sent, so it is unknown", async () => {
    expect((await outcomeOf("cut-off")).kind).toBe("unknown");
    expect((await outcomeOf({ status: 201, body: "{}" })).kind).toBe("unknown");
  });

  test("a gateway that lost the application behind it leaves the outcome unknown", async () => {
    expect((await outcomeOf({ status: 502 })).kind).toBe("unknown");
    expect((await outcomeOf({ status: 504 })).kind).toBe("unknown");
    expect((await outcomeOf({ status: 503 })).kind).toBe("failed");
  });

  test("a price in the answer becomes a cost in micros", async () => {
    const body = JSON.stringify({ sid: "SM9", price: "-0.00790", price_unit: "USD" });
    expect(await outcomeOf({ status: 201, body })).toEqual({ kind: "accepted", providerRef: "SM9", costMicros: 7900 });
  });

  test("a messaging service stands in the place of a number, and a sender of the message before both", async () => {
    const { stub, provider } = await open();
    stub.answer(created);
    const service = `MG${"a1".repeat(16)}`;
    await provider.send({ messageId: "msg_1", from: service, to: "+15551234567", text: "Hi" });
    await provider.send({ messageId: "msg_2", from: "+15558880000", to: "+15551234567", text: "Hi" });
    const forms = stub.requests.map((request) => new URLSearchParams(request.body));
    expect(forms.map((form) => [form.get("MessagingServiceSid"), form.get("From")])).toEqual([
      [service, null],
      [null, "+15558880000"],
    ]);
  });

  test("a suspended account fails the connection test", async () => {
    const { stub, provider } = await open();
    stub.answer(() => ({ status: 200, body: '{"status":"suspended"}' }));
    expect(await provider.test()).toEqual({ kind: "failed", detail: "The account is suspended" });
    expect(stub.requests[0]?.path).toBe("/2010-04-01/Accounts/AC0123456789.json");
  });

  test("a status callback names our message, and says when the number is to blame", async () => {
    const webhook = twilioWebhook(credentials.authToken);
    const url = `${WEBHOOK}?messageId=msg_7`;
    const failed = { ...delivered, MessageStatus: "undelivered", ErrorCode: "30005" };
    expect(await webhook.read(posted(url, failed))).toEqual([
      {
        kind: "status",
        externalId: "SM1:undelivered",
        providerRef: "SM1",
        messageId: "msg_7",
        status: "failed",
        hard: true,
        detail: "30005",
        at: null,
      },
    ]);
    const off = await webhook.read(posted(url, { ...failed, ErrorCode: "30003", ErrorMessage: "Unreachable" }));
    expect(off).toMatchObject([{ status: "failed", hard: false, detail: "30003 Unreachable" }]);
    expect(await webhook.read(posted(url, { ...delivered, MessageStatus: "partially-new" }))).toEqual([]);
  });

  test("an inbound message keeps its text letter for letter, and its pictures as links", async () => {
    const webhook = twilioWebhook(credentials.authToken);
    const picture = {
      ...reply,
      NumMedia: "1",
      MediaUrl0: "https://api.twilio.example/m/1",
      MediaContentType0: "image/png",
    };
    expect(await webhook.read(posted(WEBHOOK, picture))).toEqual([
      {
        kind: "inbound",
        externalId: "SM2",
        channel: "SMS",
        from: "+15551234567",
        to: "+1",
        subject: null,
        text: "Grüße & 👋\nhttps://api.twilio.example/m/1",
        html: null,
        vendorMessageId: "SM2",
        inReplyTo: null,
        references: [],
        at: null,
      },
    ]);
  });

  test("a signature on another URL is refused", () => {
    const request = posted(`${WEBHOOK}?messageId=msg_1`, delivered);
    const webhook = twilioWebhook(credentials.authToken);
    expect(webhook.verify({ ...request, url: `${WEBHOOK}?messageId=msg_2` })).toBe(false);
    expect(webhook.verify({ ...request, url: "not a url" })).toBe(false);
  });

  test("its credentials are those of the source document, and nothing unknown", () => {
    const stored = { ...credentials, webhookUrl: "https://yourapp.example/api/webhooks/sms" };
    expect(twilioCredentials.parse(stored)).toEqual(stored);
    expect(twilioCredentials.safeParse({ ...credentials, fromNumber: "call me" }).success).toBe(false);
    expect(twilioCredentials.safeParse({ ...credentials, apiKey: "x" }).success).toBe(false);
    expect(twilioCredentials.safeParse({ ...credentials, baseUrl: "file:///etc/passwd" }).success).toBe(false);
  });
});

describe("a text that Twilio has changed", () => {
  const asked = { messageId: "msg_1", from: "+15559990000", to: "+15551234567", handedAt: NOW };
  const listed = (body: string | null) => ({
    sid: "SM1",
    body,
    from: asked.from,
    to: asked.to,
    direction: "outbound-api",
    status: "delivered",
    date_created: NOW.toUTCString(),
  });
  const look = (text: string, body: string | null) =>
    lookedUp(
      { ...asked, text },
      {
        kind: "answered",
        status: 200,
        headers: {},
        body: JSON.stringify({ messages: [listed(body)], next_page_uri: null }),
      },
    );

  test.each([
    ["the words of a trial account", "Hello Ada", "Sent from your Twilio trial account - Hello Ada"],
    ["space at its ends", " Hello Ada \n", "Hello Ada"],
    ["smart encoding", "“Ada” – it’s on… soon\u00a0", '"Ada" - it\'s on... soon'],
    ["composed marks", "Ange\u0301lica", "Angélica"],
    ["half a character", "Hello \ud83d", "Hello \ufffd"],
    ["invisible signs", "Hello\u200b Ada", "Hello Ada"],
  ])("by %s is known for ours", (_name, text, body) => {
    expect(look(text, body)).toMatchObject({ candidates: [[{ providerRef: "SM1", status: "delivered" }]], doubts: [] });
  });

  test.each([
    ["other words", "Hello Bob"],
    ["a link of Twilio's own", "Hello https://twil.io/abc"],
    ["no words: they were taken out", ""],
    ["none at all", null],
  ])("to %s is neither ours nor certainly not", (_name, body) => {
    expect(look("Hello https://maple.example/spring", body)).toMatchObject({
      candidates: [],
      doubts: ["SM1"],
      isComplete: true,
    });
  });

  test("any text is known for itself behind the words of a trial account, and no word of it may be another", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme-ascii", minLength: 1 }),
        (text, more) => {
          const candidates = (body: string) => {
            const told = look(text, body);
            return told.kind === "answered" ? told.candidates.length : -1;
          };
          expect(candidates(`Sent from your Twilio trial account - ${text}`)).toBe(1);
          expect(candidates(`${text}x${more}`)).toBe(0);
        },
      ),
    );
  });
});
