import { expect, test } from "vitest";
import { windowInWords } from "#web/home/window-words.ts";

test.for([
  [[1, 2, 3, 4, 5], "09:00", "18:00", undefined, "Monday to Friday, 09:00 to 18:00, by each lead's own clock"],
  [
    [5, 1, 7],
    "22:00",
    "02:00",
    "Europe/Berlin",
    "Monday, Friday, Sunday, 22:00 to 02:00, by the clock of Europe/Berlin",
  ],
  [
    [2, 3, 6, 7],
    "08:00",
    "20:30",
    undefined,
    "Tuesday, Wednesday, Saturday, Sunday, 08:00 to 20:30, by each lead's own clock",
  ],
  [[7, 6, 5, 4, 3, 2, 1], "00:00", "24:00", undefined, "every day, at any hour, by each lead's own clock"],
] as const)("sending hours are told as they are set: %j from %s to %s", ([days, start, end, zone, told]) => {
  expect(windowInWords({ days: [...days], start, end, ...(zone && { zone }) })).toBe(told);
});
