import * as fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";

import { DAY, HOUR, dateOfDay, dayOfDate, instantOf, isTimeZone, isoWeekday, localDay, localTime } from "./zone.ts";

const ZONES = [
  "UTC",
  "America/New_York",
  "America/St_Johns",
  "America/Santiago",
  "America/Havana",
  "Europe/Dublin",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Pacific/Apia",
];

const YEAR_2000 = Date.UTC(2000, 0, 1);
const YEAR_2035 = Date.UTC(2035, 0, 1);
const anyInstant = fc.integer({ min: YEAR_2000, max: YEAR_2035 });
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number) => new Date(instant).toISOString();

describe("local time", () => {
  test("is what Temporal says, in every zone at any instant", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), anyInstant, (zone, instant) => {
        const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
        expect(localTime(zone, instant) - instant).toBe(there.offsetNanoseconds / 1e6);
        expect(dateOfDay(localDay(zone, instant))).toBe(there.toPlainDate().toString());
        expect(isoWeekday(localDay(zone, instant))).toBe(there.dayOfWeek);
      }),
      { numRuns: 1_000 },
    );
  });

  test("changes at the second the clocks change", () => {
    const change = at("2026-03-08T07:00:00Z");
    expect(localTime("America/New_York", change - 1)).toBe(change - 1 - 5 * HOUR);
    expect(localTime("America/New_York", change)).toBe(change - 4 * HOUR);
  });

  test("refuses a name that is no time zone", () => {
    expect(isTimeZone("Mars/Olympus_Mons")).toBe(false);
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(() => localTime("Mars/Olympus_Mons", 0)).toThrow('"Mars/Olympus_Mons" is not a time zone');
  });
});

describe("the instant of a wall-clock reading", () => {
  test("reads back as itself wherever the reading exists, and is the first of two", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), anyInstant, (zone, instant) => {
        const local = localTime(zone, instant);
        const found = instantOf(zone, local);
        expect(localTime(zone, found)).toBe(local);
        expect(found).toBeLessThanOrEqual(instant);
        const plain = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO("UTC").toPlainDateTime();
        expect(found).toBe(plain.toZonedDateTime(zone, { disambiguation: "earlier" }).epochMilliseconds);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ["America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00.000Z", "an hour skipped"],
    ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00.000Z", "half an hour skipped"],
    ["Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00:00.000Z", "midnight skipped"],
    ["Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00.000Z", "a whole day skipped"],
    ["America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00.000Z", "an hour that comes twice"],
    ["Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00.000Z", "half an hour that comes twice"],
  ])("in %s at %s is %s (%s)", (zone, local, expected) => {
    expect(iso(instantOf(zone, at(`${local}Z`)))).toBe(expected);
  });
});

test("dates are counted from 1970 and back; what is no date is null", () => {
  expect(dayOfDate("1970-01-02")).toBe(1);
  expect(dateOfDay(at("2026-03-02T00:00Z") / DAY)).toBe("2026-03-02");
  for (const wrong of ["2026-02-30", "2026-13-01", "02.03.2026", "2026-3-2", ""]) expect(dayOfDate(wrong)).toBeNull();
});
