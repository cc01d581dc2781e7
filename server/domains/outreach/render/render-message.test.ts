import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { ScriptSource } from "./compile-script.ts";
import { renderMessage } from "./render-message.ts";
import type { LeadValues, MessageValues } from "./values.ts";

const GREETING = 'Hi {{ firstName | default: "there" }} {{ lastName }}';

const values = (lead: Partial<LeadValues> = {}, changes: Partial<MessageValues> = {}): MessageValues => ({
  lead: { firstName: "", lastName: "O'$& <b>", ...lead },
  sender: { name: "Noor", email: "noor@studio.example" },
  workspace: { name: "Studio Noor", postalAddress: "1 Harbour Road, Umeå" },
  campaign: null,
  links: { unsubscribeUrl: "https://studio.example/u/1" },
  ...changes,
});
const render = (script: ScriptSource, given = values()) => renderMessage({ script, ...given });
const email = (content: string, changes: Partial<ScriptSource> = {}): ScriptSource => ({
  type: "EMAIL",
  subject: "Hello",
  content,
  ...changes,
});

const renderEmail = (script: ScriptSource, given = values()) => {
  const message = render(script, given);
  return message.ok && message.type === "EMAIL" ? message : expect.fail(JSON.stringify(message));
};

describe("a greeting for somebody without a first name and with a last name full of signs", () => {
  test("is exact in an SMS", () => {
    expect(render({ type: "SMS", content: GREETING })).toMatchObject({ ok: true, text: "Hi there O'$& <b>" });
  });

  test.each(["markdown", "html"] as const)(
    "is escaped in the HTML and exact in the text and the subject of a %s mail",
    (format) => {
      const message = renderEmail(email(GREETING, { subject: GREETING, preheader: GREETING, format }));
      expect(message).toMatchObject({
        ok: true,
        type: "EMAIL",
        subject: "Hi there O'$& <b>",
        preheader: "Hi there O'$& <b>",
      });
      expect(message.html).toContain("Hi there O&#39;$&amp; &lt;b&gt;");
      expect(message.html).not.toContain("<b>");
      expect(message.text).toMatch(/^Hi there O'\$& <b>\n/);
    },
  );

  test("is exact in a call", () => {
    const vapiConfig = { firstMessage: GREETING, instructions: "Speak with {{ lastName }}.", temperature: 0.2 };
    expect(render({ type: "CALL", content: null, vapiConfig })).toEqual({
      ok: true,
      type: "CALL",
      text: "Hi there O'$& <b>",
      call: {
        model: "gpt-4o",
        voice: "alloy",
        temperature: 0.2,
        firstMessage: "Hi there O'$& <b>",
        instructions: "Speak with O'$& <b>.",
      },
    });
  });
});

describe("a message is not made", () => {
  test("when something is missing anywhere in it, and all of it is named", () => {
    const script = email("{{ company }} {{ lastName }}", {
      subject: "For {{ firstName }}",
      preheader: "{{ custom.plan }}",
    });
    expect(render(script)).toEqual({ ok: false, missing: ["firstName", "custom.plan", "company"] });
    expect(render(script, values({ firstName: " ", company: "Norrsken", custom: { plan: "gold" } }))).toEqual({
      ok: false,
      missing: ["firstName"],
    });
  });

  test("when an e-mail would lack the postal address or the way out", () => {
    const blank = values({}, { workspace: { name: "Studio", postalAddress: " " }, links: { unsubscribeUrl: "" } });
    expect(render(email("Hello"), blank)).toEqual({
      ok: false,
      missing: ["workspace.postalAddress", "unsubscribeUrl"],
    });
    expect(render({ type: "SMS", content: "Hello" }, blank)).toMatchObject({ ok: true });
  });

  test("when its conditions leave nothing to say", () => {
    const content = "{% if company %}About {{ company }}{% endif %}";
    expect(render({ type: "SMS", content })).toEqual({
      ok: false,
      missing: [],
      error: "the text is empty for this lead",
    });
    expect(render(email(content))).toEqual({ ok: false, missing: [], error: "the body is empty for this lead" });
    expect(render(email("Hello", { subject: content }))).toEqual({
      ok: false,
      missing: [],
      error: "the subject is empty for this lead",
    });
  });

  test("when the script is broken, and the reason says where", () => {
    expect(render({ type: "SMS", content: "Hi {{ firstName | shout }}" })).toMatchObject({
      ok: false,
      error: "the text, line 1: there is no filter called “shout”",
    });
  });
});

describe("an e-mail", () => {
  test("carries address and unsubscribe link in both parts", () => {
    const message = renderEmail(email("Hello"));
    for (const part of [message.html, message.text]) {
      expect(part).toContain("1 Harbour Road, Umeå");
      expect(part).toContain("https://studio.example/u/1");
    }
  });

  test("has a subject of one line, whatever a name holds", () => {
    const message = render(
      email("Hello", { subject: "For {{ lastName }}" }),
      values({ lastName: "A\r\nBcc: all@studio.example" }),
    );
    expect(message).toMatchObject({ subject: "For A Bcc: all@studio.example" });
  });

  test("shows Markdown of the author, never of a lead", () => {
    const message = render(email("**{{ lastName }}**"), values({ lastName: "[x](https://evil.example) *y*" }));
    expect(message).toMatchObject({ html: expect.stringContaining("<strong>[x](https://evil.example) *y*</strong>") });
  });

  test("never lets a value become markup, in either format", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("markdown" as const, "html" as const),
        fc.string({ minLength: 1 }),
        (format, name) => {
          fc.pre(name.trim() !== "");
          const message = renderEmail(email("<i>{{ lastName }}</i>", { format }), values({ lastName: name }));
          const inside = /<i>([\s\S]*?)<\/i>/.exec(message.html)?.[1];
          expect(inside).not.toMatch(/[<>"']/);
          const decoded = inside
            ?.replaceAll("&lt;", "<")
            .replaceAll("&gt;", ">")
            .replaceAll("&#34;", '"')
            .replaceAll("&#39;", "'")
            .replaceAll("&amp;", "&");
          expect(decoded).toBe(name);
        },
      ),
    );
  });
});

const segments = (content: string) => {
  const message = render({ type: "SMS", content });
  return message.ok && message.type === "SMS" ? message.segments : expect.fail();
};

test("an SMS tells what it costs: 161 characters are two parts, and an emoji makes it UCS-2", () => {
  expect(segments("a".repeat(161))).toMatchObject({ encoding: "GSM-7", segments: 2 });
  expect(segments(`${"a".repeat(69)}👋`)).toMatchObject({
    encoding: "UCS-2",
    units: 71,
    segments: 2,
    offenders: ["👋"],
  });
});
