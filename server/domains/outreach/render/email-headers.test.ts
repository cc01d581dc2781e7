import { describe, expect, test } from "vitest";

import { buildEmailHeaders, mintMessageId } from "./email-headers.ts";

const first = {
  messageId: "msg_01h",
  domain: "studio.example",
  unsubscribe: { url: "https://studio.example/u/tok", address: "unsubscribe+tok@studio.example" },
};

describe("the headers of an e-mail", () => {
  test("carry our Message-ID and both ways to unsubscribe, one of them by one click", () => {
    expect(buildEmailHeaders(first)).toEqual({
      "Message-ID": "<msg_01h@studio.example>",
      "List-Unsubscribe":
        "<mailto:unsubscribe+tok@studio.example?subject=unsubscribe%20tok>, <https://studio.example/u/tok>",
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    });
  });

  test("are the same each time, so that a retry is the same mail", () => {
    expect(buildEmailHeaders(first)).toEqual(buildEmailHeaders(first));
    expect(mintMessageId("msg_01h", "studio.example")).toBe("<msg_01h@studio.example>");
  });

  test("place a follow-up in the thread of the mails before it", () => {
    const headers = buildEmailHeaders({
      ...first,
      messageId: "msg_3",
      earlier: ["<msg_1@studio.example>", "<msg_2@studio.example>"],
    });
    expect(headers["In-Reply-To"]).toBe("<msg_2@studio.example>");
    expect(headers.References).toBe("<msg_1@studio.example> <msg_2@studio.example>");
  });

  test("keep the first and the latest of a long thread", () => {
    const earlier = Array.from({ length: 30 }, (_, index) => `<m${index}@studio.example>`);
    const references = buildEmailHeaders({ ...first, earlier }).References?.split(" ") ?? [];
    expect(references).toHaveLength(10);
    expect([references[0], references[1], references[9]]).toEqual([
      "<m0@studio.example>",
      "<m21@studio.example>",
      "<m29@studio.example>",
    ]);
  });

  test("speak of unsubscribing only where there is a list", () => {
    expect(Object.keys(buildEmailHeaders({ ...first, unsubscribe: null }))).toEqual(["Message-ID"]);
  });

  test.each([
    { ...first, messageId: "msg\r\nBcc: all@studio.example" },
    { ...first, domain: "studio.example>" },
    { ...first, domain: "" },
    { ...first, unsubscribe: { ...first.unsubscribe, url: "javascript:alert(1)" } },
    { ...first, unsubscribe: { ...first.unsubscribe, url: "https://studio.example/>, <https://evil.example" } },
    { ...first, unsubscribe: { ...first.unsubscribe, address: "a@studio.example\nTo: b" } },
    { ...first, earlier: ["<a@b>\r\nBcc: c@d"] },
  ])("are not forged: %#", (asked) => {
    expect(() => buildEmailHeaders(asked)).toThrow(RangeError);
  });
});
