import fc from "fast-check";
import { expect, test } from "vitest";
import { FURTHEST_MINUTE, spreadOverMinutes } from "./spread.ts";

test("who is over a small limit keeps the order, each minute as full as it may be", () => {
  expect(spreadOverMinutes(7, 7, 3)).toEqual([1, 1, 1, 2, 2, 2, 3]);
});

test("a backlog of a hundred thousand at sixty a minute is spread over an hour, not put off to the next minute", () => {
  const asked = new Map<number, number>();
  for (let batch = 0; batch < 400; batch += 1) {
    for (const minute of spreadOverMinutes(250, 100_000, 60)) asked.set(minute, (asked.get(minute) ?? 0) + 1);
  }
  expect(asked.get(1) ?? 0).toBeLessThan(10_000);
  expect(asked.size).toBeGreaterThan(40);
});

test("nobody is sent back to this minute or beyond the furthest, and the order within a batch stays", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      (over, more, limit) => {
        const minutes = spreadOverMinutes(over, over + more, limit);
        expect(minutes).toEqual(minutes.toSorted((one, other) => one - other));
        for (const minute of minutes) expect(minute).toBeGreaterThanOrEqual(1);
        for (const minute of minutes) expect(minute).toBeLessThanOrEqual(FURTHEST_MINUTE);
      },
    ),
  );
});
