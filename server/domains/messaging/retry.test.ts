import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MAX_TRIES, jitterOf, nextTryAt } from "./retry.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const wait = (tries: number, retryAfter?: number, random = 0) => {
  const at = nextTryAt(tries, NOW, retryAfter, () => random);
  return at && (at.getTime() - NOW.getTime()) / 1_000;
};

describe("the wait before the next try", () => {
  test("grows from one minute to five hours, and ends with the fifth try", () => {
    expect([1, 2, 3, 4].map((tries) => Math.round((wait(tries) ?? 0) / 60))).toEqual([1, 7, 45, 300]);
    expect(wait(MAX_TRIES)).toBeNull();
    expect(wait(9)).toBeNull();
  });

  test("is never shorter than the vendor asked for, jitter or not", () => {
    expect(wait(1, 120)).toBe(120);
    expect(wait(1, 120, 0.5)).toBe(132);
    expect(wait(1, 5)).toBe(60);
    expect(wait(4, 120)).toBe(18_000);
  });

  test("lies between a minute and six hours when the vendor asks for nothing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_TRIES - 1 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (tries, random) => {
          expect(wait(tries, undefined, random)).toBeGreaterThanOrEqual(60);
          expect(wait(tries, undefined, random)).toBeLessThanOrEqual(6 * 3_600);
        },
      ),
    );
  });

  test("treats a vendor that asks for weeks as one that asks for a day", () => {
    expect(wait(1, 1e9)).toBe(86_400);
    expect(wait(1, -5)).toBe(60);
  });
});

test("the retries of ten thousand receivers are spread evenly, and each falls at the same place again", () => {
  const places = Array.from({ length: 10_000 }, (_, n) => jitterOf(`person-${n}@example.test`, 1));
  const tenths = Map.groupBy(places, (place) => Math.floor(place * 10));
  expect([...tenths.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const tenth of tenths.values()) expect(Math.abs(tenth.length - 1_000)).toBeLessThan(150);
  expect(jitterOf("person-1@example.test", 1)).toBe(places[1]);
  expect(jitterOf("person-1@example.test", 2)).not.toBe(places[1]);
});
