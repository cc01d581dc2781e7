import { expect, test } from "vitest";
import { whyPauseSender } from "./health.ts";

const cause = (sends: number, bounces: number, complaints: number) =>
  whyPauseSender({ sends, bounces, complaints })?.cause ?? null;

test("a sender pauses itself at 2 % hard bounces or 0.1 % complaints of its last sends, once there are fifty of them", () => {
  expect(cause(49, 49, 49)).toBeNull();
  expect(cause(50, 0, 0)).toBeNull();
  expect(cause(50, 1, 0)).toBe("bounces");
  expect(cause(500, 9, 0)).toBeNull();
  expect(cause(500, 10, 0)).toBe("bounces");
  expect(cause(500, 10, 1)).toBe("complaints");
  expect(cause(500, 0, 1)).toBe("complaints");
  expect(whyPauseSender({ sends: 200, bounces: 5, complaints: 0 })?.reason).toBe(
    "5 of its last 200 messages came back for good",
  );
});
