import fc from "fast-check";
import { expect, test } from "vitest";
import { monthOf, moveMonth, sheetOf } from "./calendar-days.ts";

test("a month's sheet begins on a Monday and holds the month in whole weeks, in six at most", () => {
  expect(sheetOf("2026-03")).toEqual({ from: "2026-02-23", days: 42 });
  expect(sheetOf("2027-02")).toEqual({ from: "2027-02-01", days: 28 });
  fc.assert(
    fc.property(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }), (year, number) => {
      const month = `${year}-${String(number).padStart(2, "0")}`;
      const { from, days } = sheetOf(month);
      const start = new Date(`${from}T00:00:00Z`);
      const last = new Date(start.getTime() + (days - 1) * 86_400_000).toISOString().slice(0, 10);
      expect(start.getUTCDay()).toBe(1);
      expect(days % 7).toBe(0);
      expect(days).toBeLessThanOrEqual(42);
      expect(from <= `${month}-01`).toBe(true);
      expect(last >= `${month}-28` && monthOf(last) >= month).toBe(true);
      expect(moveMonth(moveMonth(month, 17), -17)).toBe(month);
    }),
  );
});
