import { describe, expect, test } from "vitest";

import { type CapRules, DEFAULT_CAPS, type Touch, capInWords, whyNotCap } from "./caps.ts";
import type { Channel } from "./channels.ts";
import { DEFAULT_SEND_WINDOW, nextOpen } from "./window.ts";

const NEW_YORK = "America/New_York";
const NONE: CapRules = { perChannelPerDay: null, perDay: null, perWeek: null, minGapMinutes: null };
const touch = (channel: Channel, at: string): Touch => ({ channel, at: new Date(at) });
const ask = (touches: Touch[], channel: Channel, at: string, rules: CapRules = DEFAULT_CAPS, zone = NEW_YORK) => {
  const reached = whyNotCap({ touches, channel, at: new Date(at), zone, rules });
  return reached && { rule: reached.rule, until: reached.until.toISOString() };
};

describe("the default caps", () => {
  test("allow a first touch, and another channel the same day", () => {
    expect(ask([], "SMS", "2026-03-03T15:00:00Z")).toBeNull();
    expect(ask([touch("EMAIL", "2026-03-03T15:00:00Z")], "SMS", "2026-03-03T16:00:00Z")).toBeNull();
  });

  test("hold a second touch of a channel until the lead's next midnight, not UTC's", () => {
    const evening = [touch("SMS", "2026-03-04T01:00:00Z")];
    expect(ask(evening, "SMS", "2026-03-04T04:59:00Z")).toEqual({
      rule: "perChannelPerDay",
      until: "2026-03-04T05:00:00.000Z",
    });
    expect(ask(evening, "SMS", "2026-03-04T05:00:00Z")).toBeNull();
  });

  test("hold a fourth touch until the first has left the seven days", () => {
    const week = [
      touch("EMAIL", "2026-03-02T20:00:00Z"),
      touch("SMS", "2026-03-03T20:00:00Z"),
      touch("CALL", "2026-03-04T20:00:00Z"),
    ];
    // The clocks change on the 8th: the seventh midnight after the 2nd is at 04:00 UTC.
    expect(ask(week, "EMAIL", "2026-03-05T20:00:00Z")).toEqual({ rule: "perWeek", until: "2026-03-09T04:00:00.000Z" });
    expect(ask(week, "EMAIL", "2026-03-09T03:59:00Z")).not.toBeNull();
    expect(ask(week, "EMAIL", "2026-03-09T04:00:00Z")).toBeNull();
  });

  test("count a day of 23 and one of 25 hours as one day", () => {
    expect(ask([touch("SMS", "2026-03-08T05:00:00Z")], "SMS", "2026-03-09T03:59:59Z")?.until).toBe(
      "2026-03-09T04:00:00.000Z",
    );
    expect(ask([touch("SMS", "2026-11-01T04:00:00Z")], "SMS", "2026-11-02T04:59:59Z")?.until).toBe(
      "2026-11-02T05:00:00.000Z",
    );
  });
});

describe("a cap", () => {
  test("that lasts longest is the one told", () => {
    const rules = { ...NONE, perDay: 1, minGapMinutes: 24 * 60 };
    expect(ask([touch("SMS", "2026-03-03T22:00:00Z")], "EMAIL", "2026-03-03T23:00:00Z", rules)).toEqual({
      rule: "minGapMinutes",
      until: "2026-03-04T22:00:00.000Z",
    });
  });

  test("exceeded by more than one waits until enough have left", () => {
    const rules = { ...NONE, perWeek: 2 };
    const days = ["02", "03", "04", "05"].map((day) => touch("SMS", `2026-03-${day}T20:00:00Z`));
    expect(ask(days, "SMS", "2026-03-05T21:00:00Z", rules)?.until).toBe("2026-03-11T04:00:00.000Z");
  });

  test("is no cap where there is none", () => {
    const many = Array.from({ length: 20 }, () => touch("SMS", "2026-03-03T15:00:00Z"));
    expect(ask(many, "SMS", "2026-03-03T15:00:00Z", NONE)).toBeNull();
  });

  test("is said in words", () => {
    expect(capInWords({ rule: "perChannelPerDay", limit: 1 })).toBe("1 per channel a day");
    expect(capInWords({ rule: "minGapMinutes", limit: 240 })).toBe("one in 4 h");
  });
});

test("two a day and four hours between: three touches due at ten go at ten, at two, and the next morning at nine", () => {
  const rules = { ...NONE, perDay: 2, minGapMinutes: 240 };
  const sent: Touch[] = [];
  for (const channel of ["EMAIL", "SMS", "CALL"] as const) {
    let at = new Date("2026-03-03T15:00:00Z");
    for (let reached = whyNotCap({ touches: sent, channel, at, zone: NEW_YORK, rules }); reached;) {
      at = nextOpen(reached.until, NEW_YORK, DEFAULT_SEND_WINDOW) ?? expect.fail("the window opens every week");
      reached = whyNotCap({ touches: sent, channel, at, zone: NEW_YORK, rules });
    }
    sent.push({ channel, at });
  }
  expect(sent.map(({ at }) => at.toISOString())).toEqual([
    "2026-03-03T15:00:00.000Z",
    "2026-03-03T19:00:00.000Z",
    "2026-03-04T14:00:00.000Z",
  ]);
});
