import { DAY, dateOfDay, dayOfDate, instantOf, localDay } from "./zone.ts";

/** A calendar day of a zone: "2026-03-02", and the instant at which it begins. */
export type DayStart = { day: string; start: Date };

/** The last so many days of a zone, oldest first; the last is the one that `now` lies in. */
export function lastDays(zone: string, now: Date, count: number): DayStart[] {
  const today = localDay(zone, now.getTime());
  return Array.from({ length: count }, (_, place) => {
    const day = today - count + 1 + place;
    return { day: dateOfDay(day), start: new Date(instantOf(zone, day * DAY)) };
  });
}

/** So many days of a zone from a calendar day on. Throws RangeError for a text that is no day. */
export function daysFrom(zone: string, date: string, count: number): DayStart[] {
  const first = dayOfDate(date);
  if (first === null) throw new RangeError(`"${date}" is not a day`);
  return Array.from({ length: count }, (_, place) => {
    const day = first + place;
    return { day: dateOfDay(day), start: new Date(instantOf(zone, day * DAY)) };
  });
}

/** The instant at which a calendar day ("2026-03-02") begins in a zone. Throws RangeError for a text that is no day. */
export function dayStart(zone: string, date: string): Date {
  const day = dayOfDate(date);
  if (day === null) throw new RangeError(`"${date}" is not a day`);
  return new Date(instantOf(zone, day * DAY));
}

/** The last millisecond of a calendar day in a zone. Throws RangeError for a text that is no day. */
export function dayEnd(zone: string, date: string): Date {
  const day = dayOfDate(date);
  if (day === null) throw new RangeError(`"${date}" is not a day`);
  return new Date(instantOf(zone, (day + 1) * DAY) - 1);
}
