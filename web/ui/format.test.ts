import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  countOf,
  dayKey,
  dayLabel,
  exactTime,
  formatDuration,
  formatMoney,
  formatShare,
  relativeTime,
  rowCountOf,
} from "./format.ts";

const noun = { one: "lead", other: "leads" };
const now = new Date("2026-03-11T12:00:00Z");
const NEW_YORK = "America/New_York";

const ago = (seconds: number) => relativeTime(new Date(now.getTime() - seconds * 1_000), now, NEW_YORK);

describe("numbers", () => {
  test("a count carries its noun in the right number", () => {
    expect([0, 1, 2, 1_204_300].map((value) => countOf(value, noun))).toEqual([
      "0 leads",
      "1 lead",
      "2 leads",
      "1,204,300 leads",
    ]);
    expect(rowCountOf({ value: 1_204_300, exact: false }, noun)).toBe("about 1,204,300 leads");
    expect(rowCountOf({ value: 0, exact: false }, noun)).toBe("few leads or none");
  });

  test("money is minor units, with as many decimals as the currency has", () => {
    expect(formatMoney(123_456, "USD")).toBe("$1,234.56");
    expect(formatMoney(123_456, "JPY")).toBe("¥123,456");
    expect(formatMoney(-5, "EUR")).toBe("-€0.05");
  });

  test("small shares keep a decimal, large ones do not", () => {
    expect([0, 0.0134, 0.5, 1].map(formatShare)).toEqual(["0%", "1.3%", "50%", "100%"]);
  });

  test("a duration is at most two units, the second one smaller than the first", () => {
    expect([0, 59, 60, 3_661, 11_100, 187_200, -3].map(formatDuration)).toEqual([
      "0 s",
      "59 s",
      "1 min",
      "1 h 1 min",
      "3 h 5 min",
      "2 d 4 h",
      "0 s",
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(formatDuration(seconds)).toMatch(/^(\d+ s|\d+ min|\d+ h( \d+ min)?|\d+ d( \d+ h)?)$/);
      }),
    );
  });
});

describe("times", () => {
  test("distance is told in one unit, in both directions", () => {
    expect([30, 300, 7_200, 172_800, -300, -7_200].map(ago)).toEqual([
      "just now",
      "5 min ago",
      "2 h ago",
      "2 d ago",
      "in 5 min",
      "in 2 h",
    ]);
  });

  test("beyond a week the date stands, with its year when it is another one", () => {
    expect(relativeTime(new Date("2026-02-02T12:00:00Z"), now, NEW_YORK)).toBe("2 Feb");
    expect(relativeTime(new Date("2025-12-31T12:00:00Z"), now, NEW_YORK)).toBe("31 Dec 2025");
  });

  test("the exact time names its zone", () => {
    expect(exactTime(new Date("2026-03-09T03:30:05Z"), NEW_YORK)).toBe("Sun 8 March 2026, 23:30:05 (America/New York)");
  });

  test("a day is the calendar day of the zone, also where the clock has just changed", () => {
    // New York went to summer time on 8 March 2026 at 07:00 UTC: that day has 23 hours.
    const morningAfter = new Date("2026-03-09T04:30:00Z");
    expect(dayKey(morningAfter, NEW_YORK)).toBe("2026-03-09");
    expect(dayLabel(new Date("2026-03-08T05:10:00Z"), morningAfter, NEW_YORK)).toBe("Yesterday");
    expect(dayLabel(new Date("2026-03-08T04:50:00Z"), morningAfter, NEW_YORK)).toBe("Saturday 7 March");
    expect(dayLabel(new Date("2026-03-10T04:10:00Z"), morningAfter, NEW_YORK)).toBe("Tomorrow");
    expect(dayLabel(morningAfter, morningAfter, NEW_YORK)).toBe("Today");
  });
});
