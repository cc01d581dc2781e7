import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";

import { describeWebhook } from "../conformance.ts";
import type { RawRequest } from "../webhook.ts";
import { sendgridWebhook } from "./sendgrid-webhook.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const URL_OF_ROUTE = "https://crm.example/webhooks/w1/sendgrid";
const TOKEN = "a-token-of-some-length";

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return { privateKey, publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64") };
}
const vendorKey = keyPair();
const strangerKey = keyPair();

function posted(fields: Record<string, string | Buffer>, url = URL_OF_ROUTE): RawRequest {
  const parts = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from(`--xYzZY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(value),
    Buffer.from("\r\n"),
  ]);
  const body = Buffer.concat([...parts, Buffer.from("--xYzZY--\r\n")]);
  return { method: "POST", url, headers: { "content-type": "multipart/form-data; boundary=xYzZY" }, body };
}

function signed(at: Date, request: RawRequest, key = vendorKey): RawRequest {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = sign("sha256", Buffer.concat([Buffer.from(timestamp), request.body]), key.privateKey);
  return {
    ...request,
    headers: {
      ...request.headers,
      "x-twilio-email-event-webhook-signature": signature.toString("base64"),
      "x-twilio-email-event-webhook-timestamp": timestamp,
    },
  };
}

const RAW = [
  "Received: from mail.client.example by mx.sendgrid.net; Mon, 02 Mar 2026 12:00:00 +0000",
  "From: =?utf-8?Q?Lin_M=C3=BCller?= <lin@client.example>",
  "To: Ada <ada@acme.example>",
  "Subject: =?utf-8?Q?Re:_Gr=C3=BC=C3=9Fe?=",
  "Message-ID: <reply-1@client.example>",
  "In-Reply-To: <msg_1@acme.example>",
  "References: <msg_0@acme.example>",
  "\t<msg_1@acme.example>",
  "Date: Mon, 02 Mar 2026 13:00:00 +0100",
  "MIME-Version: 1.0",
  'Content-Type: multipart/alternative; boundary="inner"',
  "",
  "--inner",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: 8bit",
  "",
  "Ja, gerne. Schöne Grüße",
  "--inner",
  "Content-Type: text/html; charset=utf-8",
  "",
  "<p>Ja, gerne.</p>",
  "--inner--",
  "",
].join("\r\n");
/** The plain part is ISO-8859-1, so the mail as a whole is not valid UTF-8. */
const raw = (text = RAW) => ({
  envelope: '{"to":["ada+msg_1@reply.acme.example"],"from":"lin@client.example"}',
  email: Buffer.from(text, "latin1"),
  from: "Lin <lin@client.example>",
  to: "ada@acme.example",
});

/** In parsed mode each field is in the charset that `charsets` names. */
const parsed = (more: Record<string, string | Buffer> = {}) => ({
  headers: RAW.slice(0, RAW.indexOf("\r\n\r\n")).replaceAll("\r\n", "\n"),
  envelope: '{"to":["ada@acme.example"],"from":"lin@client.example"}',
  from: "Lin <lin@client.example>",
  to: "Ada <ada@acme.example>",
  subject: "Re: Grüße",
  text: Buffer.from("Ja, schöne Grüße", "latin1"),
  html: "<p>Ja</p>",
  charsets: '{"to":"UTF-8","subject":"UTF-8","text":"iso-8859-1","html":"UTF-8"}',
  attachments: "0",
  ...more,
});

describeWebhook({
  name: "a signed Inbound Parse",
  open: (now) => sendgridWebhook({ inboundPublicKey: vendorKey.publicKey }, now),
  openWithoutSecret: (now) => sendgridWebhook({}, now),
  signed: (at, which) => signed(at, posted(which === "first" ? raw() : parsed())),
  forged: (at) => signed(at, posted(raw()), strangerKey),
  proofHeader: "x-twilio-email-event-webhook-signature",
  bindsBody: true,
  bindsTime: true,
});

describeWebhook({
  name: "Inbound Parse with basic auth",
  open: (now) => sendgridWebhook({ inboundToken: TOKEN }, now),
  openWithoutSecret: (now) => sendgridWebhook({}, now),
  signed: (_at, which) => withPassword(posted(which === "first" ? raw() : parsed()), TOKEN),
  forged: () => withPassword(posted(raw()), "another-token-of-some-length"),
  proofHeader: "authorization",
  bindsBody: false,
  bindsTime: false,
});

function withPassword(request: RawRequest, password: string): RawRequest {
  const authorization = `Basic ${Buffer.from(`sendgrid:${password}`).toString("base64")}`;
  return { ...request, headers: { ...request.headers, authorization } };
}

describe("Inbound Parse", () => {
  const webhook = sendgridWebhook({ inboundToken: TOKEN }, () => NOW);

  test("takes the token from the URL too, and no other", () => {
    expect(webhook.verify(posted(raw(), `${URL_OF_ROUTE}?token=${TOKEN}`))).toBe(true);
    expect(webhook.verify(posted(raw(), `${URL_OF_ROUTE}?token=${TOKEN}x`))).toBe(false);
    expect(webhook.verify(posted(raw(), `${URL_OF_ROUTE}?token=`))).toBe(false);
  });

  test("a token does not stand in for the signature once signing is configured", () => {
    const strict = sendgridWebhook({ inboundToken: TOKEN, inboundPublicKey: vendorKey.publicKey }, () => NOW);
    expect(strict.verify(posted(raw(), `${URL_OF_ROUTE}?token=${TOKEN}`))).toBe(false);
  });

  test("the key of the events does not open the door to mails", () => {
    const events = sendgridWebhook({ eventPublicKey: vendorKey.publicKey }, () => NOW);
    expect(events.verify(signed(NOW, posted(raw())))).toBe(false);
  });

  test("reads a raw mail in its own charset, with its thread", async () => {
    expect(await webhook.read(posted(raw()))).toEqual([
      {
        kind: "inbound",
        externalId: expect.stringMatching(/^inbound:[0-9a-f]{64}$/),
        channel: "EMAIL",
        from: "lin@client.example",
        to: "ada+msg_1@reply.acme.example",
        subject: "Re: Grüße",
        text: expect.stringContaining("Schöne Grüße"),
        html: expect.stringContaining("<p>Ja, gerne.</p>"),
        vendorMessageId: "<reply-1@client.example>",
        inReplyTo: "<msg_1@acme.example>",
        references: ["<msg_0@acme.example>", "<msg_1@acme.example>"],
        at: new Date("2026-03-02T12:00:00Z"),
        automatic: false,
      },
    ]);
  });

  test("reads a parsed mail, each field in its own charset, with the thread from its headers", async () => {
    expect(await webhook.read(posted(parsed()))).toMatchObject([
      {
        from: "lin@client.example",
        to: "ada@acme.example",
        subject: "Re: Grüße",
        text: "Ja, schöne Grüße",
        html: "<p>Ja</p>",
        vendorMessageId: "<reply-1@client.example>",
        inReplyTo: "<msg_1@acme.example>",
        references: ["<msg_0@acme.example>", "<msg_1@acme.example>"],
        at: new Date("2026-03-02T12:00:00Z"),
      },
    ]);
  });

  test("a mail in HTML alone gets its words as text, so that STOP is seen", async () => {
    const html = "<style>p{}</style><p>STOP &amp; <b>thanks</b></p>";
    const [fact] = await webhook.read(posted(parsed({ text: "", html })));
    expect(fact).toMatchObject({ text: "STOP & thanks", html });
  });

  test.each([
    ["Auto-Submitted: auto-replied", true],
    ["Auto-Submitted: no", false],
    ["X-Autoreply: yes", true],
    ["Precedence: auto_reply", true],
    ["X-Mailer: Hand", false],
  ])("%s makes a mail automatic: %s", async (header, automatic) => {
    expect(await webhook.read(posted(raw(`${header}\r\n${RAW}`)))).toMatchObject([{ automatic }]);
  });

  test("a stranger who repeats a Message-ID cannot shadow the mail that had it first", async () => {
    const [first] = await webhook.read(posted(raw()));
    const [second] = await webhook.read(posted(raw(RAW.replace("gerne", "nicht"))));
    expect(second?.externalId).not.toBe(first?.externalId);
  });

  test("an unknown charset costs letters, not the mail", async () => {
    const [fact] = await webhook.read(posted(parsed({ charsets: '{"text":"x-klingon"}', text: "Qapla'" })));
    expect(fact).toMatchObject({ text: "Qapla'" });
  });

  test("a body that is no form is a fault that shows, not an empty answer", async () => {
    const request = { ...posted(raw()), body: Buffer.from("nonsense") };
    await expect(Promise.resolve().then(() => webhook.read(request))).rejects.toThrow(/multipart/);
  });
});
