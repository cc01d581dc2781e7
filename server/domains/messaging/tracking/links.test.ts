import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { sign } from "#platform/crypto.ts";
import { withPixel, wrapHtml, wrapText } from "./links.ts";
import { isShortToken, linkToken, pixelToken, readLinkToken, readPixelToken, shortToken } from "./tokens.ts";
import { isTrackedLink, trackingOf, trackWords, untrackWords } from "./track.ts";

const key = Buffer.alloc(32, 3);
const signer = (workspace: string) => ({
  workspace,
  keyedHash: (use: string, text: string) => sign(key, `hash:${use}`, `${workspace} ${text}`),
});
const workspace = newId("ws");
const ctx = signer(workspace);
const messageId = newId("msg");
const mark = (url: string) => `https://t.example/l/${url.length}`;

describe("links of a page", () => {
  test.each([
    ['<a href="https://a.example/?x=1&amp;y=2">a</a>', '<a href="https://t.example/l/26">a</a>'],
    ["<A class='b'\n HREF = 'http://a.example'>a</A>", "<A class='b'\n HREF = 'https://t.example/l/16'>a</A>"],
    ['<v:roundrect href="https://a.example">', '<v:roundrect href="https://t.example/l/17">'],
    ['<area href="https://a.example">', '<area href="https://t.example/l/17">'],
  ])("are wrapped where they are followed: %s", (html, expected) => {
    expect(wrapHtml(html, mark)).toBe(expected);
  });

  test.each([
    '<a href="mailto:a@a.example">a</a>',
    '<a href="tel:+1">a</a>',
    '<a href="#top">a</a>',
    '<a href="javascript:alert(1)">a</a>',
    '<img src="https://a.example/a.png">',
    '<link rel="stylesheet" href="https://a.example/a.css">',
    "<p>https://a.example</p>",
  ])("are left alone where nobody follows them: %s", (html) => {
    expect(wrapHtml(html, mark)).toBe(html);
  });

  test("the picture stands at the end of the body", () => {
    expect(withPixel("<html><body><p>a</p></BODY></html>", "https://t/o/1.gif")).toMatch(/<\/p><img [^>]*><\/BODY>/);
    expect(withPixel("<p>a</p>", "https://t/o/1.gif")).toMatch(/<\/p><img [^>]*>$/);
  });
});

test.each([
  ["See https://a.example/b. Bye", "See [https://a.example/b]. Bye"],
  ["here (https://a.example/b)", "here ([https://a.example/b])"],
  ["https://a.example/b_(c) and http://d.example?", "[https://a.example/b_(c)] and [http://d.example]?"],
  ["ftp://a.example www.a.example a@a.example", "ftp://a.example www.a.example a@a.example"],
])("addresses in a text end where their sentence goes on: %s", (text, expected) => {
  expect(wrapText(text, (url) => `[${url}]`)).toBe(expected);
});

const url = fc.webUrl({ withQueryParameters: true, withFragments: true });

test("a link's token says whose message and where to, and any other text says nothing", () => {
  fc.assert(
    fc.property(url, fc.nat(), fc.constantFrom("a", "Z", "0", "9", "-", "_"), (target, place, other) => {
      const token = linkToken(ctx, messageId, target) ?? "";
      expect(readLinkToken(token, signer)).toEqual({ workspaceId: workspace, messageId, url: target });
      const at = place % token.length;
      const forged = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
      if (forged !== token) expect(readLinkToken(forged, signer)).toBeNull();
      expect(readLinkToken(token.slice(0, -1 - (place % 20)), signer)).toBeNull();
      expect(isShortToken(token)).toBe(false);
    }),
  );
});

test("neither a picture's token nor another workspace's leads anywhere", () => {
  const picture = pixelToken(ctx, messageId) ?? "";
  expect(readPixelToken(picture, signer)).toEqual({ workspaceId: workspace, messageId });
  expect(readLinkToken(picture, signer)).toBeNull();
  const token = linkToken(ctx, messageId, "https://a.example") ?? "";
  expect(readPixelToken(token, signer)).toBeNull();
  const elsewhere = newId("ws").slice(3) + token.slice(26);
  expect(readLinkToken(elsewhere, signer)).toBeNull();
  expect(linkToken(ctx, messageId, `https://a.example/${"x".repeat(2_000)}`)).toBeNull();
});

describe("a message whose links are noted", () => {
  const tracking = trackingOf(
    { trackClicks: true, trackOpens: true, trackingHost: "go.studio.example" },
    "https://app.example",
  );
  const unsubscribe = "https://app.example/u/ws_1.msg_1.abc";
  const mail = {
    text: `Read https://a.example/x. Unsubscribe: ${unsubscribe}`,
    html: `<body><a href="https://a.example/x?a=1&amp;b=2">x</a> <a href="${unsubscribe}">Unsubscribe</a></body>`,
    segments: 1,
  };

  test("leads over the workspace's own host, but for the way to say no", () => {
    const { text, html, links } = trackWords(ctx, tracking, { messageId, channel: "EMAIL" }, mail);
    expect(links).toEqual([]);
    expect(text).toMatch(/^Read https:\/\/go\.studio\.example\/l\/[\w-]+\. /);
    expect(text.endsWith(unsubscribe)).toBe(true);
    expect(html).toContain(`href="${unsubscribe}"`);
    expect(html).toMatch(/<img src="https:\/\/go\.studio\.example\/o\/[\w-]{68}\.gif"[^>]*><\/body>/);
    expect(html).not.toContain("a.example");
    expect(isTrackedLink(ctx, /href="([^"]+)"/.exec(html ?? "")?.[1] ?? "")).toBe(true);
  });

  test("is shown to us as it was written, so that we are not taken for its person", () => {
    const { text, html } = trackWords(ctx, tracking, { messageId, channel: "EMAIL" }, mail);
    expect(untrackWords(ctx, { text, html })).toEqual({ text: mail.text, html: mail.html });
  });

  test("has short links in a text, of one row each, and counts its segments with them", () => {
    const sms = {
      text: `Hi https://a.example/x and https://b.example, again https://a.example/x`,
      html: null,
      segments: 1,
    };
    const { text, links } = trackWords(ctx, tracking, { messageId, channel: "SMS" }, sms);
    expect(links.map((link) => link.url)).toEqual(["https://a.example/x", "https://b.example"]);
    expect(links.every(({ token }) => isShortToken(token) && token.length === 12)).toBe(true);
    expect(links[0]?.token).toBe(shortToken(ctx, messageId, 0));
    expect(text).toBe(
      `Hi https://go.studio.example/l/${links[0]?.token} and https://go.studio.example/l/${links[1]?.token}, again https://go.studio.example/l/${links[0]?.token}`,
    );
    const long = { text: `${"x".repeat(140)} https://a.io/x`, html: null, segments: 1 };
    expect(trackWords(ctx, tracking, { messageId, channel: "SMS" }, long).segments).toBe(2);
  });

  test("stays as it is where the workspace wants nothing noted", () => {
    const none = trackingOf({ trackClicks: false, trackOpens: false, trackingHost: "" }, "https://app.example");
    expect(trackWords(ctx, none, { messageId, channel: "EMAIL" }, mail)).toEqual({ ...mail, links: [] });
    const opens = trackWords(ctx, { ...none, opens: true }, { messageId, channel: "EMAIL" }, mail);
    expect(opens.text).toBe(mail.text);
    expect(opens.html).toContain("https://app.example/o/");
  });
});
