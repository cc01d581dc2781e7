import fc from "fast-check";
import { expect, test } from "vitest";
import { dayEnd, dayStart, lastDays } from "./day-starts.ts";

const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/Santiago"];

test("the last days of a zone end with the day that now lies in there", () => {
  const now = new Date("2026-03-09T02:30:00Z");
  expect(lastDays("America/New_York", now, 3)).toEqual([
    { day: "2026-03-06", start: new Date("2026-03-06T05:00:00Z") },
    { day: "2026-03-07", start: new Date("2026-03-07T05:00:00Z") },
    { day: "2026-03-08", start: new Date("2026-03-08T05:00:00Z") },
  ]);
});

test("a day of 23 hours is followed by the next at its own midnight", () => {
  const starts = lastDays("Europe/Berlin", new Date("2026-03-30T12:00:00Z"), 3).map(({ start }) => start.toISOString());
  expect(starts).toEqual(["2026-03-27T23:00:00.000Z", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"]);
});

test("a day that a zone left out keeps its place, and has no length", () => {
  const starts = lastDays("Pacific/Apia", new Date("2011-12-31T00:00:00Z"), 3).map(({ start }) => start.toISOString());
  expect(starts).toEqual(["2011-12-29T10:00:00.000Z", "2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"]);
});

test("days follow each other without a gap, begin on a quarter of an hour, and hold now in the last", () => {
  const instants = fc.date({ min: new Date("2000-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instants, fc.integer({ min: 1, max: 180 }), (zone, now, count) => {
      const days = lastDays(zone, now, count);
      expect(days).toHaveLength(count);
      for (const [place, { day, start }] of days.entries()) {
        expect(start).toEqual(dayStart(zone, day));
        expect(start.getTime() % 900_000).toBe(0);
        const next = days[place + 1];
        if (next) {
          expect(next.start.getTime()).toBeGreaterThanOrEqual(start.getTime());
          expect(dayEnd(zone, day).getTime()).toBe(next.start.getTime() - 1);
        }
      }
      expect(days.at(-1)?.start.getTime()).toBeLessThanOrEqual(now.getTime());
    }),
  );
});

test("a text that is no day is refused", () => {
  expect(() => dayStart("UTC", "2026-02-30")).toThrow(RangeError);
});
