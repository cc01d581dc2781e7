import { z } from "zod";

import type { Hours, LegalFloor } from "./floors.ts";
import { DAY, MINUTE, dayOfDate, isTimeZone, isoWeekday, stretchAt } from "./zone.ts";

/**
 * When messages may go out. Days are ISO numbers, 1 (Monday) to 7; times are local "HH:MM", the end exclusive. A window
 * whose end is not after its start crosses midnight and belongs to the day it opens on. `zone` fixes the clock;
 * without it the lead's own zone counts.
 */
export type SendWindow = Hours & { readonly zone?: string };

/** Monday to Friday, nine to six, in the lead's own zone (the product's default). */
export const DEFAULT_SEND_WINDOW: SendWindow = { days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00" };

/** Every minute of the week: for tests of delays, and for replies a person types. */
export const ALWAYS_OPEN: SendWindow = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A send window as a person may set it. Unknown keys are refused. */
export const sendWindowSchema = z
  .strictObject({
    days: z
      .array(z.int().min(1).max(7))
      .min(1, "Choose at least one day")
      .refine((days) => new Set(days).size === days.length, "Each day once"),
    start: z.string().regex(TIME, "Write the time as HH:MM"),
    end: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "Write the time as HH:MM"),
    zone: z.string().refine(isTimeZone, "Not a time zone").optional(),
  })
  .refine(({ start, end }) => start !== end, {
    path: ["end"],
    error: "The window would open and close at once; a whole day is 00:00 to 24:00",
  });

/** How far `nextOpen` looks ahead. Longer than a year, so that a window of one day a week meets every kind of week. */
const HORIZON = 400 * DAY;

/** Milliseconds after local midnight, of "HH:MM". Written for the send path: no regular expression, no allocation. */
function sinceMidnight(time: string): number {
  const digit = (index: number) => time.charCodeAt(index) - 48;
  return ((digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4)) * MINUTE;
}

const holidayDays = new WeakMap<readonly string[], ReadonlySet<number>>();

function daysOf(holidays: readonly string[]): ReadonlySet<number> {
  let days = holidayDays.get(holidays);
  if (!days) {
    days = new Set(holidays.map(dayOfDate).filter((day) => day !== null));
    holidayDays.set(holidays, days);
  }
  return days;
}

/** Is this local time inside these hours, on this day's opening or as the tail of yesterday's? */
function isWithin({ days, start, end }: Hours, local: number): boolean {
  const day = Math.floor(local / DAY);
  const time = local - day * DAY;
  const opens = sinceMidnight(start);
  const closes = sinceMidnight(end);
  if (closes > opens) return time >= opens && time < closes && days.includes(isoWeekday(day));
  if (closes === opens) return false;
  return (time >= opens && days.includes(isoWeekday(day))) || (time < closes && days.includes(isoWeekday(day - 1)));
}

/** The next local time at which these hours, closed now, may open: today's opening, or midnight, where one looks again. */
function nextEdge({ start }: Hours, local: number): number {
  const midnight = Math.floor(local / DAY) * DAY;
  const opens = midnight + sinceMidnight(start);
  return local < opens ? opens : midnight + DAY;
}

/**
 * The first instant, not before `at`, at which a message may go out: inside the window, not on a holiday, inside the legal
 * floor. Returns `at` itself when that is now, and null when there is none within 400 days. Windows and holidays are read
 * on the window's own clock, or the lead's (`zone`) if it has none; the floor always on the lead's.
 *
 * Opening is a matter of what the wall clock reads. When clocks are set forward over an opening time, the window opens at
 * the first instant after the gap; when they are set back, an hour that comes twice is open (or closed) twice.
 *
 * `holidays` are local dates ("2026-12-25"), closed from midnight to midnight; the array is read once and must not change.
 * Throws RangeError for a name that is no time zone.
 */
export function nextOpen(
  at: Date,
  zone: string,
  window: SendWindow,
  floor: LegalFloor | null = null,
  holidays: readonly string[] = [],
): Date | null {
  const start = at.getTime();
  const clock = window.zone ?? zone;
  const closed = holidays.length > 0 ? daysOf(holidays) : null;
  const limit = start + HORIZON;

  // Within a stretch of constant offset local time runs as straight as UTC. Each turn either finds an open instant or
  // moves to the next edge of whatever is closed, and starts afresh where an offset may change.
  let time = start;
  while (time < limit) {
    const windowStretch = stretchAt(clock, time);
    const floorStretch = clock === zone ? windowStretch : stretchAt(zone, time);
    const local = time + windowStretch.offset;

    let next = time;
    if (closed?.has(Math.floor(local / DAY))) next = (Math.floor(local / DAY) + 1) * DAY - windowStretch.offset;
    else if (!isWithin(window, local)) next = nextEdge(window, local) - windowStretch.offset;
    if (floor) {
      const there = time + floorStretch.offset;
      if (!floor.spans.some((span) => isWithin(span, there))) {
        const edge = Math.min(...floor.spans.map((span) => nextEdge(span, there)));
        next = Math.max(next, edge - floorStretch.offset);
      }
    }
    if (next === time) return time === start ? at : new Date(time);
    time = Math.min(next, windowStretch.until, floorStretch.until);
  }
  return null;
}

/** May a message go out at this very instant? Arguments as for `nextOpen`. */
export function isOpen(
  at: Date,
  zone: string,
  window: SendWindow,
  floor: LegalFloor | null = null,
  holidays: readonly string[] = [],
): boolean {
  const time = at.getTime();
  const clock = window.zone ?? zone;
  const local = time + stretchAt(clock, time).offset;
  if (!isWithin(window, local)) return false;
  if (holidays.length > 0 && daysOf(holidays).has(Math.floor(local / DAY))) return false;
  if (!floor) return true;
  const there = time + stretchAt(zone, time).offset;
  return floor.spans.some((span) => isWithin(span, there));
}

const DAY_NAMES = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Hours in words: "Mon–Fri 09:00–18:00", "Mon, Wed 22:00–06:00", "every day 08:00–21:00". */
export function hoursInWords({ days, start, end }: Hours): string {
  const sorted = [...days].sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const day of sorted) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const names = runs.flatMap((run) => {
    const words = run.map((day) => DAY_NAMES[day] ?? String(day));
    return words.length > 2 ? [`${words[0]}–${words.at(-1)}`] : words;
  });
  return `${sorted.length === 7 ? "every day" : names.join(", ")} ${start}–${end}`;
}
