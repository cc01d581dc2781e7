import { HOUR, DAY, instantOf, localTime } from "#domains/messaging/zone.ts";
import type { DelayUnit } from "./states.ts";

/** A wait between two steps; `value` is a whole number, zero or more. */
export type Delay = { readonly value: number; readonly unit: DelayUnit };

const DAYS_IN = { DAYS: 1, WEEKS: 7 } as const;

/**
 * The instant a delay after `from`. Hours are elapsed time. Days and weeks keep the wall-clock time of the zone (an IANA
 * name) when the clocks change between; a time that is skipped that day becomes the first instant after the gap, a time
 * that comes twice the first of the two. A delay of zero is `from` itself. Throws RangeError for a name that is no time zone.
 */
export function dueAfter(from: Date, { value, unit }: Delay, zone: string): Date {
  const start = from.getTime();
  if (unit === "HOURS") return new Date(start + value * HOUR);
  // Read and written back, an instant in the second pass of a repeated hour would fall into the first.
  if (value === 0) return new Date(start);
  return new Date(instantOf(zone, localTime(zone, start) + value * DAYS_IN[unit] * DAY));
}

/** Milliseconds that were left of a delay when it was paused; zero when the step was due already. */
export function remainingDelay(dueAt: Date, pausedAt: Date): number {
  return Math.max(0, dueAt.getTime() - pausedAt.getTime());
}

/** When a step is due that had so many milliseconds left when it was paused, and goes on now. */
export function dueAfterPause(resumedAt: Date, remainingMs: number): Date {
  return new Date(resumedAt.getTime() + remainingMs);
}

const UNIT_WORDS = { HOURS: "hour", DAYS: "day", WEEKS: "week" } as const;

/** A delay in words: "at once", "1 hour", "2 days". */
export function delayInWords({ value, unit }: Delay): string {
  return value === 0 ? "at once" : `${value} ${UNIT_WORDS[unit]}${value === 1 ? "" : "s"}`;
}
