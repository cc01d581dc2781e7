import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayOf, limitOn, rampEndsOn, startOfDay } from "./ramp.ts";

const ZONE = "America/New_York";
const started = new Date("2026-03-02T12:00:00Z");
const first = dayOf(ZONE, started);

describe("the ramp of a new sender", () => {
  test("begins with 20 a day, goes up by 2 a day and stops at the sender's limit", () => {
    const limits = [0, 1, 2, 10, 14, 15, 16, 400].map((day) =>
      limitOn({ perDay: 50, rampStartedAt: started }, ZONE, first + day),
    );
    expect(limits).toEqual([20, 22, 24, 40, 48, 50, 50, 50]);
    expect(rampEndsOn({ perDay: 50, rampStartedAt: started }, ZONE)).toBe(first + 15);
  });

  test("never lets out more than the sender's limit, and without a ramp the limit from the first day", () => {
    expect(limitOn({ perDay: 5, rampStartedAt: started }, ZONE, first)).toBe(5);
    expect(limitOn({ perDay: 500, rampStartedAt: null }, ZONE, first)).toBe(500);
    expect(rampEndsOn({ perDay: 5, rampStartedAt: started }, ZONE)).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: -3, max: 600 }), (perDay, day) => {
        const limit = limitOn({ perDay, rampStartedAt: started }, ZONE, first + day);
        expect(limit).toBeLessThanOrEqual(perDay);
        expect(limit).toBeLessThanOrEqual(20 + 2 * Math.max(0, day));
      }),
    );
  });

  test("days are those of the workspace's calendar: a sender added at ten in the evening has its second day two hours later", () => {
    const evening = new Date("2026-03-03T03:00:00Z");
    const sender = { perDay: 100, rampStartedAt: evening };
    expect(limitOn(sender, ZONE, dayOf(ZONE, evening))).toBe(20);
    expect(limitOn(sender, ZONE, dayOf(ZONE, new Date("2026-03-03T05:00:00Z")))).toBe(22);
    expect(startOfDay(ZONE, dayOf(ZONE, evening) + 1)).toEqual(new Date("2026-03-03T05:00:00Z"));
  });
});
