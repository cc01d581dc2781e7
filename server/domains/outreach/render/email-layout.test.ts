import { describe, expect, test } from "vitest";

import { type EmailParts, emailDocument, textFooter } from "./email-layout.ts";

const parts: EmailParts = {
  subject: "Tom & <Ada>",
  preheader: 'A "word" first',
  body: "<p>Hello</p>",
  isDocument: false,
  workspaceName: "Studio <Noor>",
  postalAddress: "1 Harbour Road\n 2000 Umeå",
  unsubscribeUrl: "https://studio.example/u?a=1&b=2",
};

describe("an HTML mail", () => {
  const html = emailDocument(parts);

  test("holds the body, at most 600 px wide, in tables that screen readers pass over", () => {
    expect(html).toContain("<p>Hello</p>");
    expect(html).toContain("max-width:600px");
    expect(html.match(/<table(?! role="presentation")/g)).toBeNull();
  });

  test("escapes everything that is not the body", () => {
    expect(html).toContain("<title>Tom &amp; &lt;Ada&gt;</title>");
    expect(html).toContain("A &#34;word&#34; first");
    expect(html).toContain("Studio &lt;Noor&gt; · 1 Harbour Road · 2000 Umeå");
  });

  test("shows a link to unsubscribe, and hides the preheader from the letter", () => {
    expect(html).toContain('<a href="https://studio.example/u?a=1&amp;b=2"');
    expect(html).toMatch(/<body[^>]*><div style="display:none[^"]*">A &#34;word/);
    expect(emailDocument({ ...parts, preheader: null })).not.toContain("display:none");
  });

  test("says that it can be shown dark, and how", () => {
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain("@media (prefers-color-scheme:dark)");
  });

  test("closes what it opens", () => {
    for (const tag of ["html", "head", "body", "div", "p", "a"]) {
      expect(html.match(new RegExp(`<${tag}[ >]`, "g"))?.length, tag).toBe(
        html.match(new RegExp(`</${tag}>`, "g"))?.length,
      );
    }
    // The table for Outlook stands in comments, opened in one and closed in another.
    for (const tag of ["table", "tr", "td"]) {
      expect(html.match(new RegExp(`<${tag}[ >]`, "g"))?.length, tag).toBe(
        html.match(new RegExp(`</${tag}>`, "g"))?.length,
      );
    }
  });
});

describe("a whole page of the author's own", () => {
  test("keeps its layout and gets preheader and footer inside its body", () => {
    const body = '<html><body bgcolor="#fff"><h1>Mine</h1></body></html>';
    const html = emailDocument({ ...parts, body, isDocument: true });
    expect(html).toMatch(/^<html><body bgcolor="#fff"><div style="display:none/);
    expect(html).toMatch(
      /<h1>Mine<\/h1><div[^>]*><p class="tl-foot"[\s\S]*Unsubscribe<\/a> · <a [^>]*>Choose what you get<\/a><\/p><\/div><\/body><\/html>$/,
    );
  });

  test("gets them even where it never says where its body begins and ends", () => {
    const html = emailDocument({ ...parts, body: "<!doctype html><p>Mine", isDocument: true });
    expect(html).toMatch(/<p>Mine<div[\s\S]*Unsubscribe<\/a> · <a [^>]*>Choose what you get<\/a><\/p><\/div>$/);
    expect(html).toContain("A &#34;word&#34; first");
  });
});

test("the text part ends with name, address and the way out", () => {
  expect(textFooter(parts)).toBe(
    "\n\n-- \nStudio <Noor>\n1 Harbour Road\n2000 Umeå\nUnsubscribe: https://studio.example/u?a=1&b=2\n",
  );
});
