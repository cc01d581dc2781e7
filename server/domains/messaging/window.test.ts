import { describe, expect, test } from "vitest";

import { legalFloor } from "./floors.ts";
import {
  ALWAYS_OPEN,
  DEFAULT_SEND_WINDOW,
  type SendWindow,
  hoursInWords,
  isOpen,
  nextOpen,
  sendWindowSchema,
} from "./window.ts";

const NEW_YORK = "America/New_York";
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const opens = (
  at: string,
  zone: string,
  window: SendWindow,
  ...rest: [floor?: ReturnType<typeof legalFloor>, holidays?: string[]]
) =>
  nextOpen(new Date(at), zone, window, ...rest)
    ?.toISOString()
    .replace(":00.000Z", "Z") ?? null;

describe("a window of Monday to Friday, nine to six, in New York", () => {
  test("is open on a Friday at half past five, and gives that very instant back", () => {
    const at = new Date("2026-03-06T22:30:00Z");
    expect(nextOpen(at, NEW_YORK, DEFAULT_SEND_WINDOW)).toBe(at);
  });

  test("closed on Friday at six, opens on Monday at nine, an hour earlier in UTC since the clocks changed between", () => {
    expect(opens("2026-03-06T23:00:00Z", NEW_YORK, DEFAULT_SEND_WINDOW)).toBe("2026-03-09T13:00Z");
  });

  test("opens an hour later in UTC after the clocks were set back", () => {
    expect(opens("2026-10-30T22:00:00Z", NEW_YORK, DEFAULT_SEND_WINDOW)).toBe("2026-11-02T14:00Z");
  });

  test("follows its own clock when it has one, and the lead's when it has none", () => {
    const fixed = { ...DEFAULT_SEND_WINDOW, zone: "Europe/Berlin" };
    expect(opens("2026-03-03T00:00:00Z", NEW_YORK, fixed)).toBe("2026-03-03T08:00Z");
    expect(opens("2026-03-03T00:00:00Z", "Europe/Berlin", DEFAULT_SEND_WINDOW)).toBe("2026-03-03T08:00Z");
    expect(opens("2026-03-03T00:00:00Z", NEW_YORK, DEFAULT_SEND_WINDOW)).toBe("2026-03-03T14:00Z");
  });

  test("keeps holidays closed, and goes on after them", () => {
    const holidays = ["2026-12-24", "2026-12-25"];
    expect(opens("2026-12-23T23:30:00Z", NEW_YORK, DEFAULT_SEND_WINDOW, null, holidays)).toBe("2026-12-28T14:00Z");
    expect(isOpen(new Date("2026-12-24T15:00:00Z"), NEW_YORK, DEFAULT_SEND_WINDOW, null, holidays)).toBe(false);
  });
});

describe("a window from 22:00 to 06:00", () => {
  const night: SendWindow = { days: EVERY_DAY, start: "22:00", end: "06:00" };

  test.each([
    ["23:30", true],
    ["00:00", true],
    ["05:59", true],
    ["06:00", false],
    ["21:59", false],
    ["22:00", true],
  ])("at %s is open: %s", (time, open) => {
    expect(isOpen(new Date(`2026-03-03T${time}:00Z`), "UTC", night)).toBe(open);
  });

  test("closes to the second, not a second before", () => {
    expect(isOpen(new Date("2026-03-03T05:59:59.999Z"), "UTC", night)).toBe(true);
    expect(opens("2026-03-03T06:00:00Z", "UTC", night)).toBe("2026-03-03T22:00Z");
  });

  test("belongs to the day it opens on", () => {
    const fridayNight = { ...night, days: [5] };
    expect(isOpen(new Date("2026-03-07T02:00:00Z"), "UTC", fridayNight)).toBe(true);
    expect(isOpen(new Date("2026-03-06T02:00:00Z"), "UTC", fridayNight)).toBe(false);
  });
});

describe("when the clocks change", () => {
  test("a window that would open in the skipped hour opens right after it", () => {
    const window = { days: EVERY_DAY, start: "02:30", end: "03:30" };
    expect(opens("2026-03-08T05:00:00Z", NEW_YORK, window)).toBe("2026-03-08T07:00Z");
  });

  test("a window that lies wholly in the skipped hour does not open that day", () => {
    const window = { days: EVERY_DAY, start: "02:00", end: "03:00" };
    expect(opens("2026-03-08T05:00:00Z", NEW_YORK, window)).toBe("2026-03-09T06:00Z");
  });

  test("a window in the hour that comes twice is open twice", () => {
    const window = { days: EVERY_DAY, start: "01:00", end: "01:30" };
    expect(opens("2026-11-01T04:00:00Z", NEW_YORK, window)).toBe("2026-11-01T05:00Z");
    expect(opens("2026-11-01T05:30:00Z", NEW_YORK, window)).toBe("2026-11-01T06:00Z");
    expect(opens("2026-11-01T06:30:00Z", NEW_YORK, window)).toBe("2026-11-02T06:00Z");
  });

  test("Lord Howe's half hour and Samoa's lost day are read as its clocks read them", () => {
    const window = { days: EVERY_DAY, start: "02:15", end: "05:00" };
    expect(opens("2026-10-03T14:00:00Z", "Australia/Lord_Howe", window)).toBe("2026-10-03T15:30Z");
    expect(opens("2011-12-30T09:00:00Z", "Pacific/Apia", { days: [5], start: "09:00", end: "18:00" })).toBe(
      "2012-01-05T19:00Z",
    );
  });
});

describe("the legal floor", () => {
  test("keeps calls and texts to Americans between eight and nine in the evening, on their clock, whatever the window", () => {
    const floor = legalFloor("SMS", "US");
    expect(opens("2026-03-03T12:59:00Z", NEW_YORK, ALWAYS_OPEN, floor)).toBe("2026-03-03T13:00Z");
    expect(opens("2026-03-04T01:59:00Z", NEW_YORK, ALWAYS_OPEN, floor)).toBe("2026-03-04T01:59Z");
    expect(opens("2026-03-04T02:00:00Z", NEW_YORK, ALWAYS_OPEN, floor)).toBe("2026-03-04T13:00Z");
    const berlinOffice = { ...DEFAULT_SEND_WINDOW, zone: "Europe/Berlin" };
    expect(opens("2026-03-03T08:00:00Z", NEW_YORK, berlinOffice, floor)).toBe("2026-03-03T13:00Z");
  });

  test("does not widen a narrower window", () => {
    expect(opens("2026-03-03T13:00:00Z", NEW_YORK, DEFAULT_SEND_WINDOW, legalFloor("CALL", "US"))).toBe(
      "2026-03-03T14:00Z",
    );
  });

  test("holds the lunch hour and the weekend free of calls in France", () => {
    const floor = legalFloor("CALL", "fr");
    expect(opens("2026-03-06T12:30:00Z", "Europe/Paris", ALWAYS_OPEN, floor)).toBe("2026-03-06T13:00Z");
    expect(opens("2026-03-06T19:00:00Z", "Europe/Paris", ALWAYS_OPEN, floor)).toBe("2026-03-09T09:00Z");
  });

  test("is the American one while the country is not known, and none for e-mail", () => {
    expect(legalFloor("CALL", null)).toBe(legalFloor("CALL", "US"));
    expect(legalFloor("SMS", "DE")).toBeNull();
    expect(legalFloor("EMAIL", "US")).toBeNull();
    expect(legalFloor("EMAIL", null)).toBeNull();
  });

  test("leaves a window that never meets it closed for good", () => {
    expect(
      nextOpen(
        new Date("2026-03-03T12:00:00Z"),
        NEW_YORK,
        { days: EVERY_DAY, start: "21:00", end: "08:00" },
        legalFloor("CALL", "US"),
      ),
    ).toBeNull();
    expect(nextOpen(new Date("2026-03-03T12:00:00Z"), NEW_YORK, { days: [], start: "09:00", end: "18:00" })).toBeNull();
    expect(
      nextOpen(new Date("2026-03-03T12:00:00Z"), NEW_YORK, { days: EVERY_DAY, start: "09:00", end: "09:00" }),
    ).toBeNull();
  });
});

test("a window that a person sets is checked: times, days, zone, nothing unknown, not empty", () => {
  const good = { days: [1, 2], start: "08:00", end: "24:00", zone: "Asia/Tokyo" };
  expect(sendWindowSchema.parse(good)).toEqual(good);
  const wrong = [
    { ...good, start: "8:00" },
    { ...good, start: "24:00" },
    { ...good, end: "25:00" },
    { ...good, days: [] },
    { ...good, days: [1, 1] },
    { ...good, days: [0] },
    { ...good, zone: "Mars/Olympus_Mons" },
    { ...good, colour: "red" },
    { ...good, start: "09:00", end: "09:00" },
  ];
  for (const window of wrong) expect(sendWindowSchema.safeParse(window).success).toBe(false);
});

test.each([
  [DEFAULT_SEND_WINDOW, "Mon–Fri 09:00–18:00"],
  [ALWAYS_OPEN, "every day 00:00–24:00"],
  [{ days: [3, 1], start: "22:00", end: "06:00" }, "Mon, Wed 22:00–06:00"],
  [{ days: [6, 7, 1, 2, 3], start: "10:00", end: "12:00" }, "Mon–Wed, Sat, Sun 10:00–12:00"],
])("hours are said in words", (hours, words) => {
  expect(hoursInWords(hours)).toBe(words);
});
