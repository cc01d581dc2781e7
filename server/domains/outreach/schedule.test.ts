import * as fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";

import { type Delay, delayInWords, dueAfter, dueAfterPause, remainingDelay } from "./schedule.ts";

const due = (from: string, value: number, unit: Delay["unit"], zone: string) =>
  dueAfter(new Date(from), { value, unit }, zone).toISOString();

describe("a delay", () => {
  test("of 0 h, 12 h, 2 d and 1 w, each after the one before, from a Monday noon in UTC", () => {
    const delays: Delay[] = [
      { value: 0, unit: "HOURS" },
      { value: 12, unit: "HOURS" },
      { value: 2, unit: "DAYS" },
      { value: 1, unit: "WEEKS" },
    ];
    let at = new Date("2026-03-02T12:00:00Z");
    const instants = delays.map((delay) => (at = dueAfter(at, delay, "UTC")).toISOString());
    expect(instants).toEqual([
      "2026-03-02T12:00:00.000Z",
      "2026-03-03T00:00:00.000Z",
      "2026-03-05T00:00:00.000Z",
      "2026-03-12T00:00:00.000Z",
    ]);
  });

  test.each<[string, string, number, Delay["unit"], string, string]>([
    [
      "keeps ten in the morning over the clocks set forward",
      "2026-03-07T15:00:00Z",
      1,
      "DAYS",
      "America/New_York",
      "2026-03-08T14:00:00.000Z",
    ],
    [
      "keeps ten in the morning over the clocks set back",
      "2026-10-31T14:00:00Z",
      1,
      "DAYS",
      "America/New_York",
      "2026-11-01T15:00:00.000Z",
    ],
    ["counts hours as they pass", "2026-03-07T15:00:00Z", 24, "HOURS", "America/New_York", "2026-03-08T15:00:00.000Z"],
    [
      "of a week ends right after the hour that is skipped",
      "2026-03-01T07:30:00Z",
      1,
      "WEEKS",
      "America/New_York",
      "2026-03-08T07:00:00.000Z",
    ],
    [
      "of a week ends in the first of the hours that come twice",
      "2026-10-25T05:30:00Z",
      1,
      "WEEKS",
      "America/New_York",
      "2026-11-01T05:30:00.000Z",
    ],
    [
      "runs on from the second of them",
      "2026-11-01T06:30:00Z",
      1,
      "DAYS",
      "America/New_York",
      "2026-11-02T06:30:00.000Z",
    ],
    [
      "of no days changes nothing, not even there",
      "2026-11-01T06:30:00Z",
      0,
      "DAYS",
      "America/New_York",
      "2026-11-01T06:30:00.000Z",
    ],
    [
      "ends right after Lord Howe's skipped half hour",
      "2026-10-02T15:45:00Z",
      1,
      "DAYS",
      "Australia/Lord_Howe",
      "2026-10-03T15:30:00.000Z",
    ],
    [
      "ends in the first of Lord Howe's half hours that come twice",
      "2026-04-03T14:45:00Z",
      1,
      "DAYS",
      "Australia/Lord_Howe",
      "2026-04-04T14:45:00.000Z",
    ],
    [
      "keeps the time of day over half an hour",
      "2026-10-03T00:00:00Z",
      2,
      "DAYS",
      "Australia/Lord_Howe",
      "2026-10-04T23:30:00.000Z",
    ],
    [
      "is plain where clocks never change",
      "2026-03-28T10:00:00Z",
      2,
      "DAYS",
      "Asia/Kolkata",
      "2026-03-30T10:00:00.000Z",
    ],
    [
      "that ends on the day Samoa left out ends as the next one begins",
      "2011-12-29T20:00:00Z",
      1,
      "DAYS",
      "Pacific/Apia",
      "2011-12-30T10:00:00.000Z",
    ],
    [
      "is plain fourteen hours ahead",
      "2026-12-31T11:30:00Z",
      1,
      "DAYS",
      "Pacific/Kiritimati",
      "2027-01-01T11:30:00.000Z",
    ],
    ["keeps the milliseconds", "2026-03-02T12:00:00.123Z", 1, "DAYS", "Europe/Berlin", "2026-03-03T12:00:00.123Z"],
  ])("%s (%s, %i %s, %s)", (_, from, value, unit, zone, expected) => {
    expect(due(from, value, unit, zone)).toBe(expected);
  });

  test("of days is what Temporal gives, but for the times that are skipped", () => {
    const zones = [
      "America/New_York",
      "Europe/Dublin",
      "Australia/Lord_Howe",
      "Africa/Cairo",
      "America/Santiago",
      "Asia/Kathmandu",
    ];
    const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, fc.integer({ min: 1, max: 60 }), (zone, from, days) => {
        const target = Temporal.Instant.fromEpochMilliseconds(from)
          .toZonedDateTimeISO(zone)
          .toPlainDateTime()
          .add({ days });
        const expected = target.toZonedDateTime(zone, { disambiguation: "earlier" });
        if (expected.toPlainDateTime().equals(target)) {
          expect(dueAfter(new Date(from), { value: days, unit: "DAYS" }, zone).getTime()).toBe(
            expected.epochMilliseconds,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("is said in words", () => {
    expect(delayInWords({ value: 0, unit: "DAYS" })).toBe("at once");
    expect(delayInWords({ value: 1, unit: "HOURS" })).toBe("1 hour");
    expect(delayInWords({ value: 2, unit: "WEEKS" })).toBe("2 weeks");
  });
});

describe("a pause", () => {
  const pausedAt = new Date("2026-03-02T12:00:00Z");

  test("keeps the hour that was left, and counts it from the resume three days later", () => {
    const left = remainingDelay(new Date("2026-03-02T13:00:00Z"), pausedAt);
    expect(dueAfterPause(new Date("2026-03-05T12:00:00Z"), left).toISOString()).toBe("2026-03-05T13:00:00.000Z");
  });

  test("leaves nothing of a delay that was over already", () => {
    expect(remainingDelay(new Date("2026-03-02T11:00:00Z"), pausedAt)).toBe(0);
  });
});
