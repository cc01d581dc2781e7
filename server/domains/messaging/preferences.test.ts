import { expect, test } from "vitest";
import { maskAddress, preferencePage } from "./preference-page.ts";

test("an address is shown so that its person knows it, and nobody else", () => {
  expect(maskAddress("ada@norrsken.example")).toBe("a•••@norrsken.example");
  expect(maskAddress("+12125550142")).toBe("•••0142");
});

test("what a workspace calls itself cannot become markup on the page", () => {
  const facts = {
    sender: "<script>x</script>",
    address: "<b>@a.example",
    choices: [{ channel: "EMAIL" as const, isOpen: true, fixed: false }],
  };
  const html = preferencePage(facts, "a.b.c", false);
  expect(html).not.toContain("<script>");
  expect(html).toContain("Messages from &lt;script&gt;");
});

test("a channel that is closed otherwise than by its person on this page is shown, and cannot be opened there", () => {
  const facts = (fixed: boolean) => ({
    sender: "Maple",
    address: "a@a.example",
    choices: [
      { channel: "EMAIL" as const, isOpen: false, fixed },
      { channel: "SMS" as const, isOpen: true, fixed: false },
    ],
  });
  expect(preferencePage(facts(true), "t", false)).toMatch(/value="EMAIL" disabled>/);
  expect(preferencePage(facts(false), "t", false)).toMatch(/value="EMAIL">/);
});
