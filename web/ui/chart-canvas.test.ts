import fc from "fast-check";
import { expect, test } from "vitest";
import { ticksOf } from "#web/ui/chart-canvas.tsx";

test("the lines of a chart stand at round numbers", () => {
  expect(ticksOf(220)).toEqual([0, 100, 200, 300]);
  expect(ticksOf(7)).toEqual([0, 2, 4, 6, 8]);
  expect(ticksOf(1)).toEqual([0, 1]);
  expect(ticksOf(0.34)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  expect(ticksOf(0)).toEqual([0, 1]);
});

test("nothing overtops the last line, and there are few", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (most) => {
      const ticks = ticksOf(most);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }),
  );
});
