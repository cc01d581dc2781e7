import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CheckedScript, checkScript, SCRIPT_CHECKS } from "./check-script.ts";

const mail = (change: Partial<CheckedScript>): CheckedScript => ({
  type: "EMAIL",
  subject: "A question about your studio",
  content: "Hi {{ firstName }}, shall we talk on Monday? Here is [my calendar](https://book.example/slot).",
  format: "markdown",
  ...change,
});
const codes = (script: CheckedScript) => checkScript(script).map(({ code }) => code);

test("a letter as people write them has nothing to be said about", () => {
  expect(codes(mail({}))).toEqual([]);
  expect(codes({ type: "SMS", content: "Hi {{ firstName }}, are you in on Monday?" })).toEqual([]);
  expect(codes(mail({ content: "", subject: "BUY NOW!!!" }))).toEqual([]);
  expect(codes({ type: "CALL", content: "BUY NOW!!!" })).toEqual([]);
});

describe("a mail is warned about", () => {
  test.each<[string, Partial<CheckedScript>, string[]]>([
    ["a subject in capitals", { subject: "LAST CHANCE TODAY" }, ["subject_caps"]],
    ["a subject that shouts", { subject: "Open today!!" }, ["subject_marks"]],
    ["a long subject", { subject: "x".repeat(61) }, ["subject_long"]],
    ["a subject that pretends", { subject: "Re: our call" }, ["subject_pretends"]],
    ["words of spam", { content: "Act now, it is guaranteed." }, ["spam_words"]],
    ["capitals in the text", { content: "This OFFER ENDS TODAY, take part" }, ["shouting"]],
    ["many exclamation marks", { content: "Hi! Great! Yes! Come!" }, ["exclamations"]],
    ["a public shortener", { content: "[here](https://bit.ly/abc)" }, ["link_shortener"]],
    ["a number for a site", { content: "[here](https://192.0.2.1/a)" }, ["link_address"]],
    ["an open link", { content: "[here](http://a.example)" }, ["link_unsafe"]],
    ["words that name another site", { content: "[bank.example](https://evil.example)" }, ["link_mismatch"]],
    [
      "the same in HTML",
      {
        format: "html",
        content: '<p>Go to <a class="b" href="https://evil.example/x?a=1&amp;b=2"><b>www.bank.example</b></a></p>',
      },
      ["link_mismatch"],
    ],
    ["many links", { content: "[a](https://a.example) ".repeat(11) }, ["links_many"]],
    [
      "nothing but a picture",
      { format: "html", content: '<img src="https://a.example/a.png" alt="Sale">' },
      ["image_only"],
    ],
    [
      "a picture without words",
      { content: `${"Words ".repeat(20)} ![](https://a.example/a.png)` },
      ["image_without_words"],
    ],
    [
      "what mail programs drop",
      { format: "html", content: "<style>.a{display:flex}</style><p>Hi</p><form></form>" },
      ["not_for_mail"],
    ],
    ["a length that Gmail cuts", { content: "A word. ".repeat(12_000) }, ["too_large"]],
  ])("%s", (_name, change, expected) => {
    expect(codes(mail(change))).toEqual(expected);
  });

  test("not for what is only written with care", () => {
    expect(
      codes(mail({ content: "[studio.example](https://www.studio.example/a) and https://go.studio.example" })),
    ).toEqual([]);
    expect(codes(mail({ subject: "NASA and us" }))).toEqual([]);
    expect(codes(mail({ content: "Unguaranteed winners' stories" }))).toEqual([]);
    expect(codes(mail({ content: "[{{ custom.site }}](https://{{ custom.site }}/x)" }))).toEqual([]);
  });

  test("once for each kind, with what to do", () => {
    const [finding] = checkScript(mail({ content: "[a](http://a.example) [b](http://b.example)" }));
    expect(finding).toEqual({
      code: "link_unsafe",
      severity: "warning",
      detail: "A link is not encrypted: a.example, b.example",
      advice: "Write https:// instead of http://.",
    });
  });
});

test("a text is warned about shorteners and told when it is long", () => {
  expect(codes({ type: "SMS", content: "See https://bit.ly/abc." })).toEqual(["link_shortener"]);
  expect(codes({ type: "SMS", content: "a ".repeat(250) })).toEqual(["text_long"]);
});

test("whatever is typed, it is looked at without a fault, quickly, and each kind is told once", () => {
  const piece = fc.constantFrom(
    "<a href='",
    '"',
    ">",
    "[a](",
    ")",
    "http://",
    "{{",
    "}}",
    "<img ",
    "&amp;",
    "A",
    " ",
    "bit.ly",
    "</a>",
    "<style>",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, fc.constantFrom("markdown" as const, "html" as const), (subject, content, format) => {
      const found = codes({ type: "EMAIL", subject, content, format });
      expect(new Set(found).size).toBe(found.length);
      expect(found.every((code) => SCRIPT_CHECKS.includes(code))).toBe(true);
    }),
  );
});
