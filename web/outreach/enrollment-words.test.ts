import { describe, expect, test } from "vitest";
import { decisionOf, endInWords, stepInWords, whenInZone } from "#web/outreach/enrollment-words.ts";

const step = { status: null, result: {}, verdict: null, message: null } as const;

describe("why a sequence ended", () => {
  test("is said of the lead, with what the server adds", () => {
    expect(endInWords("replied")).toBe("the lead replied");
    expect(endInWords("opted out: STOP_REPLY")).toBe("the lead opted out: replied STOP");
    expect(endInWords("cancelled by a person: asked to wait: till May")).toBe(
      "taken out by hand: asked to wait: till May",
    );
    expect(endInWords("may no longer be contacted: the lead is LOST")).toBe(
      "the lead may no longer be contacted: the lead is Lost",
    );
  });

  test("keeps words that no version of the page knows", () => {
    expect(endInWords("the moon was full")).toBe("the moon was full");
  });
});

describe("what became of a step", () => {
  const withheld = {
    result: { kind: "skip", check: "caps", reason: "2 touches in 7 days" },
    checks: [],
  };

  test("tells a touch that the gate withheld from one that an end skipped", () => {
    expect(stepInWords({ ...step, status: "SKIPPED", verdict: withheld })).toMatchObject({
      label: "Withheld",
      rule: "2 touches in 7 days",
    });
    expect(stepInWords({ ...step, status: "SKIPPED", result: { reason: "replied" } })).toMatchObject({
      label: "Skipped",
      rule: "the lead replied",
    });
  });

  test("says that a planned touch waits, and for what", () => {
    const verdict = { result: { kind: "wait", check: "window", reason: "closed until Monday", until: "" } };
    expect(stepInWords({ ...step, status: "SCHEDULED", verdict }).rule).toBe("closed until Monday");
    expect(stepInWords({ ...step, status: "SCHEDULED" })).toEqual({
      label: "Planned",
      tone: "neutral",
      rule: undefined,
    });
  });

  test("tells a bounce from a failure to send", () => {
    const reason = "no such mailbox";
    expect(stepInWords({ ...step, status: "FAILED", result: { reason, bounced: true } }).label).toBe("Bounced");
    expect(stepInWords({ ...step, status: "FAILED", result: { reason, bounced: false } })).toMatchObject({
      label: "Failed",
      rule: reason,
    });
  });
});

test("the question that decided is named as a person would ask it", () => {
  expect(decisionOf({ result: { kind: "wait", check: "window", reason: "closed" } })).toEqual({
    question: "Inside the hours",
    reason: "closed",
  });
  expect(decisionOf({ result: { kind: "send" } })).toBeUndefined();
  expect(decisionOf({})).toBeUndefined();
});

test("an instant is told on the lead's clock, by name", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  expect(whenInZone("2026-11-23T14:00:00Z", now, "America/Chicago")).toBe(
    "Monday 23 November, 08:00 (America/Chicago)",
  );
});
