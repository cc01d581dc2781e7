import { describe, expect, test } from "vitest";

import { describeSending, describeWebhook } from "../conformance.ts";
import type { Behaviour } from "../conformance.ts";
import type { OutboundEmail } from "../email/port.ts";
import { createSandboxEmail } from "../email/sandbox.ts";
import type { OutboundSms } from "../sms/port.ts";
import { createSandboxSms } from "../sms/sandbox.ts";
import type { OutboundCall } from "../voice/port.ts";
import { createSandboxVoice } from "../voice/sandbox.ts";
import type { RawRequest, WebhookFact } from "../webhook.ts";
import { emailSentinel, phoneSentinel, sandboxRef } from "./outcome.ts";
import { memorySandboxStore } from "./store.ts";
import {
  SANDBOX_SIGNATURE_HEADER,
  sandboxBounce,
  sandboxCallReport,
  sandboxReceipt,
  sandboxReply,
  sandboxWebhook,
  sandboxWebhookBody,
  signSandboxWebhook,
} from "./port.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const SECRET = "a-secret-of-some-length";
const BEHAVIOURS_OF_SANDBOX = ["accept", "rate-limit", "broken", "hang", "refuse-address"] as const;
/** What to write to, to have a behaviour played. */
const LOCAL_PARTS: Partial<Record<Behaviour, string>> = {
  accept: "lin",
  "rate-limit": "ratelimit",
  broken: "broken",
  hang: "timeout",
  "refuse-address": "bounce",
};
const NUMBERS: Partial<Record<Behaviour, string>> = {
  accept: "+15551234567",
  "rate-limit": "+15005550003",
  broken: "+15005550004",
  hang: "+15005550002",
  "refuse-address": "+15005550001",
};

function options() {
  const store = memorySandboxStore();
  return { store, webhookUrl: "https://crm.example/webhooks/w1/sandbox", now: () => NOW };
}

function email(to: string, messageId: string, text: string): OutboundEmail {
  return {
    messageId,
    from: { email: "ada@acme.example" },
    to: { email: to },
    subject: "Hello",
    text,
    html: `<p>${text}</p>`,
    headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  };
}
const vapiConfig = { model: "gpt-4o", voice: "alloy", instructions: "Be brief" };

describeSending<OutboundEmail>({
  name: "the sandbox mailbox",
  behaviours: BEHAVIOURS_OF_SANDBOX,
  retryAfterSeconds: 120,
  async start() {
    const given = options();
    let to = "";
    return {
      provider: createSandboxEmail({ webhookSecret: SECRET, fromEmail: "hello@acme.example" }, given),
      message: (id, text) => email(to, id, text),
      async play(behaviour) {
        to = `${LOCAL_PARTS[behaviour]}@client.example`;
      },
      handOvers: () => given.store.entries.length,
      async expectRequest(id, text) {
        expect(given.store.entries).toEqual([
          {
            id: `sandbox_${id}`,
            channel: "EMAIL",
            messageId: id,
            from: "ada@acme.example",
            to: "lin@client.example",
            subject: "Hello",
            text,
            html: `<p>${text}</p>`,
            headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
            call: null,
            outcome: "accepted",
            at: NOW,
          },
        ]);
      },
      stop: async () => {},
    };
  },
});

describeSending<OutboundSms>({
  name: "the sandbox phone",
  behaviours: BEHAVIOURS_OF_SANDBOX,
  retryAfterSeconds: 120,
  async start() {
    const given = options();
    let to = "";
    return {
      provider: createSandboxSms({ webhookSecret: SECRET, fromNumber: "+15005550006" }, given),
      message: (messageId, text) => ({ messageId, to, text }),
      async play(behaviour) {
        to = NUMBERS[behaviour] ?? "";
      },
      handOvers: () => given.store.entries.length,
      async expectRequest(messageId, text) {
        const from = "+15005550006";
        expect(given.store.entries).toMatchObject([{ channel: "SMS", messageId, from, to: "+15551234567", text }]);
      },
      stop: async () => {},
    };
  },
});

describeSending<OutboundCall>({
  name: "the sandbox call log",
  behaviours: BEHAVIOURS_OF_SANDBOX,
  retryAfterSeconds: 120,
  async start() {
    const given = options();
    let to = "";
    return {
      provider: createSandboxVoice({ webhookSecret: SECRET, fromNumber: "+15005550006" }, given),
      message: (messageId, firstMessage) => ({
        messageId,
        to,
        vapiConfig: { ...vapiConfig, firstMessage },
        variables: { company: "Acme" },
      }),
      async play(behaviour) {
        to = NUMBERS[behaviour] ?? "";
      },
      handOvers: () => given.store.entries.length,
      async expectRequest(messageId, text) {
        expect(given.store.entries).toMatchObject([
          { channel: "CALL", messageId, text, call: { config: vapiConfig, variables: { company: "Acme" } } },
        ]);
      },
      stop: async () => {},
    };
  },
});

const reply = sandboxReply({
  id: "reply_1",
  channel: "EMAIL",
  from: "lin@client.example",
  to: "ada@acme.example",
  subject: "Re: Hello",
  text: "Yes, gladly",
  inReplyTo: "<msg_1@acme.example>",
  at: NOW,
});
const report = sandboxCallReport({
  messageId: "msg_2",
  outcome: "SUCCESS",
  endedReason: "customer-ended-call",
  durationSeconds: 61,
  transcript: "AI: Hello!",
  startedAt: NOW,
  endedAt: new Date(NOW.getTime() + 61_000),
});

function signed(at: Date, facts: WebhookFact[], secret = SECRET): RawRequest {
  const body = sandboxWebhookBody(facts);
  return {
    method: "POST",
    url: "https://crm.example/webhooks/w1/sandbox",
    headers: { [SANDBOX_SIGNATURE_HEADER]: signSandboxWebhook(secret, body, at) },
    body: Buffer.from(body),
  };
}

describeWebhook({
  name: "the sandbox",
  open: (now) => sandboxWebhook(SECRET, now),
  signed: (at, which) => signed(at, which === "first" ? [reply] : [report]),
  forged: (at) => signed(at, [reply], "another-secret-of-some-length"),
  proofHeader: SANDBOX_SIGNATURE_HEADER,
  bindsBody: true,
  bindsTime: true,
});

describe("the sandbox", () => {
  const webhook = sandboxWebhook(SECRET, () => NOW);

  test("what the other side does comes through the webhook as it was built, dates and all", async () => {
    const facts: WebhookFact[] = [
      reply,
      report,
      sandboxReceipt({ messageId: "msg_1", status: "delivered", at: NOW }),
      sandboxReceipt({ messageId: "msg_1", status: "clicked", at: null, url: "https://acme.example/x" }),
      sandboxBounce({ messageId: "msg_3", at: NOW }),
    ];
    expect(await webhook.read(signed(NOW, facts))).toEqual(facts);
  });

  test("a receipt refers to the message as the sandbox accepted it", () => {
    expect(sandboxReceipt({ messageId: "msg_1", status: "delivered", at: NOW })).toMatchObject({
      providerRef: sandboxRef("msg_1"),
      externalId: "sandbox_msg_1:delivered",
      hard: false,
    });
    expect(sandboxBounce({ messageId: "msg_1", at: NOW })).toMatchObject({ status: "bounced", hard: true });
  });

  test("a fact of an unknown shape is a fault that shows", () => {
    const body = Buffer.from('{"facts":[{"kind":"gossip"}]}');
    expect(() => webhook.read({ ...signed(NOW, []), body })).toThrow();
  });

  test.each([
    ["bounce@client.example", "bounce"],
    ["Timeout@client.example", "timeout"],
    ["ratelimit+42@client.example", "ratelimit"],
    ["broken@client.example", "broken"],
    ["bouncer@client.example", null],
    ["lin@bounce.example", null],
  ])("%s plays %s", (address, sentinel) => {
    expect(emailSentinel(address)).toBe(sentinel);
  });

  test.each([
    ["+15005550001", "bounce"],
    ["+15005550004", "broken"],
    ["+15005550005", null],
    ["+15551230001", null],
  ])("%s plays %s", (number, sentinel) => {
    expect(phoneSentinel(number)).toBe(sentinel);
  });

  test("a message that timed out is kept, one that was refused is not", async () => {
    const given = options();
    const provider = createSandboxEmail({ webhookSecret: SECRET, fromEmail: "hello@acme.example" }, given);
    for (const local of ["timeout", "bounce", "ratelimit", "broken", "lin"]) {
      await provider.send(email(`${local}@client.example`, `msg_${local}`, "Hi"));
    }
    expect(given.store.entries.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["sandbox_msg_timeout", "unknown"],
      ["sandbox_msg_lin", "accepted"],
    ]);
  });

  test("the same message handed over again is one entry", async () => {
    const given = options();
    const provider = createSandboxSms({ webhookSecret: SECRET, fromNumber: "+15005550006" }, given);
    await provider.send({ messageId: "msg_1", to: "+15551234567", text: "Hi" });
    await provider.send({ messageId: "msg_1", to: "+15551234567", text: "Hi" });
    expect(given.store.entries).toHaveLength(1);
  });

  test("a store that fails did not take the message", async () => {
    const store = { record: () => Promise.reject(new Error("disk full")) };
    const provider = createSandboxSms({ webhookSecret: SECRET, fromNumber: "+15005550006" }, { ...options(), store });
    const outcome = await provider.send({ messageId: "msg_1", to: "+15551234567", text: "Hi" });
    expect(outcome).toMatchObject({ kind: "failed", detail: expect.stringContaining("disk full") });
  });
});
