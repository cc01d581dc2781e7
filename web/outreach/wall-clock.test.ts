import fc from "fast-check";
import { expect, test } from "vitest";
import { instantAt, readingAt } from "#web/outreach/wall-clock.ts";

const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"];

test("a time on the lead's clock is the instant that it names there", () => {
  expect(instantAt("2026-11-23T08:00", "America/New_York")?.toISOString()).toBe("2026-11-23T13:00:00.000Z");
  expect(readingAt(new Date("2026-11-23T13:00:30Z"), "America/New_York")).toBe("2026-11-23T08:00");
});

test("reading an instant and taking the reading back gives the same reading, except in a repeated hour the same instant too", () => {
  const minutes = fc
    .integer({ min: 0, max: 5_000_000 })
    .map((minute) => new Date(Date.UTC(2024, 0, 1) + minute * 60_000));
  fc.assert(
    fc.property(minutes, fc.constantFrom(...ZONES), (instant, zone) => {
      const reading = readingAt(instant, zone);
      const back = instantAt(reading, zone);
      expect(back).not.toBeNull();
      if (back) expect(readingAt(back, zone)).toBe(reading);
    }),
  );
});

test("what is no date and time is none", () => {
  for (const text of ["", "tomorrow", "2026-11-23", "2026-13-45T08:00", "2026-11-23T99:00"]) {
    expect(instantAt(text, "UTC")).toBeNull();
  }
});
