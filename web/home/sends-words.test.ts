import { describe, expect, test } from "vitest";
import { sentenceOf } from "#web/home/sends-words.ts";

const day = (EMAIL: number, SMS = 0, CALL = 0) => ({ day: "2026-03-02", EMAIL, SMS, CALL });

describe("the sentence over the chart of sends", () => {
  test("says how many, over which channel most, and how that compares", () => {
    expect(sentenceOf({ days: [day(600, 300), day(400, 204)], before: 1_343 })).toBe(
      "1,504 messages went out in the last 2 days, most of them e-mails; 12% more than in the 2 days before.",
    );
    expect(sentenceOf({ days: [day(0, 5)], before: 10 })).toBe(
      "5 messages went out in the last 1 days, all of them texts; 50% fewer than in the 1 days before.",
    );
  });

  test("compares with nothing, with the same and with far less in words", () => {
    expect(sentenceOf({ days: [day(4, 4, 4)], before: 0 })).toContain("12 messages went out in the last 1 days; none");
    expect(sentenceOf({ days: [day(4, 4, 4)], before: 12 })).toContain("as many as in");
    expect(sentenceOf({ days: [day(4, 4, 4)], before: 3 })).toContain("4 times as many");
  });

  test("says so when nothing went out", () => {
    expect(sentenceOf({ days: [day(0)], before: 0 })).toBe("Nothing went out in the last 1 days.");
    expect(sentenceOf({ days: [day(0)], before: 1 })).toContain("after 1 message in");
  });
});
