import * as fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { dateOrderOf, readInstant } from "./dates.ts";

const iso = (text: string, order: "dmy" | "mdy" = "dmy", zone = "UTC") => readInstant(text, order, zone)?.toISOString();

describe("the instant that a date in a file means", () => {
  test.each([
    ["2026-10-22T09:16:38-05:00", "2026-10-22T14:16:38.000Z"],
    ["2026-10-22T09:16:38+0530", "2026-10-22T03:46:38.000Z"],
    ["2026-10-22T09:16:38.250Z", "2026-10-22T09:16:38.250Z"],
    ["2026-08-01 12:27", "2026-08-01T12:27:00.000Z"],
    ["2026-08-01 12:27 UTC", "2026-08-01T12:27:00.000Z"],
    ["2026-08-01", "2026-08-01T00:00:00.000Z"],
    ["2026/8/1", "2026-08-01T00:00:00.000Z"],
    ["21.10.2026", "2026-10-21T00:00:00.000Z"],
    ["1.2.2026 8:05", "2026-02-01T08:05:00.000Z"],
    ["3/4/2026", "2026-04-03T00:00:00.000Z"],
    ["3/4/2026, 1:05:09 PM", "2026-04-03T13:05:09.000Z"],
    ["29.02.2028", "2028-02-29T00:00:00.000Z"],
    ["1790000000", "2026-09-21T14:13:20.000Z"],
    ["1790000000123", "2026-09-21T14:13:20.123Z"],
  ])("%s is %s", (text, instant) => {
    expect(iso(text)).toBe(instant);
  });

  test("slashes follow the order of the column, dots never do", () => {
    expect(iso("3/4/2026", "mdy")).toBe("2026-03-04T00:00:00.000Z");
    expect(iso("3.4.2026", "mdy")).toBe("2026-04-03T00:00:00.000Z");
    expect(iso("12:00 AM")).toBeUndefined();
    expect(iso("3/4/2026 12:30 am", "mdy")).toBe("2026-03-04T00:30:00.000Z");
  });

  test.each([
    "",
    "soon",
    "2026",
    "31.04.2026",
    "29.02.2026",
    "2026-13-01",
    "2026-01-01 24:00",
    "13/13/2026",
    "0.1.2026",
    "1.1.1850",
    "45000",
  ])("%j is no date", (text) => {
    expect(iso(text)).toBeUndefined();
  });

  test("a time without an offset is the clock of the zone, in summer, in winter and across the change", () => {
    expect(iso("2026-07-01 12:00", "dmy", "Europe/Berlin")).toBe("2026-07-01T10:00:00.000Z");
    expect(iso("2026-12-01 12:00", "dmy", "Europe/Berlin")).toBe("2026-12-01T11:00:00.000Z");
    expect(iso("2026-10-25 01:59", "dmy", "Europe/Berlin")).toBe("2026-10-24T23:59:00.000Z");
    expect(iso("2026-10-25 03:00", "dmy", "Europe/Berlin")).toBe("2026-10-25T02:00:00.000Z");
  });

  test("the clock of any zone is read as Temporal reads it, save in the hour that a change leaves out", () => {
    const zones = fc.constantFrom(
      "America/New_York",
      "Europe/Kyiv",
      "Asia/Kolkata",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
    );
    const minute = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 });
    fc.assert(
      fc.property(zones, minute, (zone, at) => {
        const wall = Temporal.Instant.fromEpochMilliseconds(at * 60_000)
          .toZonedDateTimeISO("UTC")
          .toPlainDateTime();
        const there = wall.toZonedDateTime(zone);
        if (!there.toPlainDateTime().equals(wall)) return;
        expect(readInstant(wall.toString(), "dmy", zone)?.getTime()).toBe(there.epochMilliseconds);
      }),
      { numRuns: 500 },
    );
  });

  test("the order of a column is told by the first date that can only be read one way", () => {
    expect(dateOrderOf(["3/4/2026", "13/4/2026"])).toBe("dmy");
    expect(dateOrderOf(["3/4/2026", "4/13/2026"])).toBe("mdy");
    expect(dateOrderOf(["3/4/2026", "2026-01-01"])).toBeUndefined();
    expect(dateOrderOf(["03.04.2026"])).toBeUndefined();
  });
});
