import { describe, expect, test } from "vitest";
import { readOptWord } from "./opt-out.ts";
import { ownWords } from "./own-words.ts";

describe("what a person wrote above the letter that they answer", () => {
  test.each([
    [
      "Gmail",
      "STOP\n\nOn Mon, Mar 2, 2026 at 12:00 PM Maple Studio <hello@maple.example> wrote:\n\n> Hello\n> Unsubscribe",
    ],
    [
      "Gmail, broken over two lines",
      "Stop.\nOn Mon, Mar 2, 2026 at 12:00 PM Maple Studio of the Northern Coast\n<hello@maple.example> wrote:\n> Hello",
    ],
    [
      "Outlook",
      "unsubscribe\r\n\r\n________________________________\r\nFrom: Maple Studio <hello@maple.example>\r\nSent: Monday\r\nTo: Ana\r\nSubject: Hi\r\n\r\nHello",
    ],
    [
      "Outlook without its line",
      "STOP\n\nFrom: Maple Studio <hello@maple.example>\nSent: Monday\nSubject: Hi\n\nHello",
    ],
    ["an old Outlook", "STOP\n\n-----Original Message-----\nFrom: Maple\n\nHello"],
    [
      "a telephone",
      "Stop\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 12:00, Maple <hello@maple.example> wrote:\n> \n> Hello",
    ],
    ["a signature", "STOP\n-- \nAna Banerjee\nHead of Things"],
    ["Thunderbird in German", "Abmelden\n\nAm 02.03.26 um 12:00 schrieb Maple Studio:\n> Hallo"],
    [
      "the answer below",
      "On Mon, Mar 2, 2026 at 12:00 PM Maple <hello@maple.example> wrote:\n> Hello\n> there\n\nSTOP",
    ],
  ])("is found: %s", (_program, text) => {
    expect(readOptWord(ownWords(text))).toBe("opt_out");
  });

  test.each([
    "Cancel\nMy appointment at 10:\n30 minutes before will do",
    "Stop by tomorrow\n\nOn Mon, Mar 2, 2026 at 12:00 PM Maple <hello@maple.example> wrote:\n> STOP",
    "> Unsubscribe",
    "Cancel\n\nPlease cancel my Tuesday",
    "",
  ])("is no opt-out in %j", (text) => {
    expect(readOptWord(ownWords(text))).toBeNull();
  });

  test("is read in time whatever is sent", () => {
    for (const text of [
      "1:".repeat(50_000),
      "1 a\n".repeat(50_000),
      "-".repeat(100_000),
      "- ".repeat(50_000),
      "> ".repeat(50_000),
    ])
      expect(ownWords(text).length).toBeLessThanOrEqual(20_000);
  });
});
