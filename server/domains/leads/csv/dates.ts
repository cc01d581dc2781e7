import { Temporal } from "temporal-polyfill";

/** Which comes first in dates written as `3/4/2026`. */
export const DATE_ORDERS = ["dmy", "mdy"] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** A reading of the calendar and clock; `offset` in minutes east of Greenwich where the text names one. */
type Reading = { year: number; month: number; day: number; milliseconds: number; offset?: number };

const TIME = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]\.?m\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${TIME}$`, "i");
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})${TIME}$`, "i");
const EPOCH = /^1\d{9}(?:\d{3})?$/;

const MINUTE = 60_000;
const pair = (text: string | undefined) => (text === undefined ? 0 : Number(text));

function clock(hour?: string, minute?: string, second?: string, fraction?: string, half?: string): number | undefined {
  let hours = pair(hour);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half.toLowerCase().startsWith("p") ? 12 : 0);
  }
  if (hours > 23 || pair(minute) > 59 || pair(second) > 59) return undefined;
  return ((hours * 60 + pair(minute)) * 60 + pair(second)) * 1_000 + Math.floor(Number(`0.${fraction ?? "0"}`) * 1_000);
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (pair(hours) * 60 + pair(minutes));
}

function read(text: string, order: DateOrder): Reading | undefined {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) {
    const [, year, month, day, hour, minute, second, fraction, half, offset] = yearFirst;
    return reading(pair(year), pair(month), pair(day), clock(hour, minute, second, fraction, half), offsetOf(offset));
  }
  const yearLast = YEAR_LAST.exec(text);
  if (!yearLast) return undefined;
  const [, first, sign, second, year, hour, minute, seconds, fraction, half, offset] = yearLast;
  // Dots are written where the day comes first.
  const [day, month] = order === "mdy" && sign !== "." ? [second, first] : [first, second];
  return reading(pair(year), pair(month), pair(day), clock(hour, minute, seconds, fraction, half), offsetOf(offset));
}

function reading(
  year: number,
  month: number,
  day: number,
  milliseconds?: number,
  offset?: number,
): Reading | undefined {
  if (milliseconds === undefined || year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return undefined;
  // Day 0 of the next month is the last of this one.
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  return { year, month, day, milliseconds, offset };
}

/** Wall clocks change on the hour or half hour, so one answer serves a quarter; a file has few quarters beside its rows. */
const QUARTER = 15 * MINUTE;
const CACHE_LIMIT = 50_000;
const offsets = new Map<string, number>();

function offsetInZone(zone: string, local: number): number {
  const quarter = Math.floor(local / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const wall = Temporal.Instant.fromEpochMilliseconds(quarter).toZonedDateTimeISO("UTC").toPlainDateTime();
  const offset = wall.toZonedDateTime(zone).offsetNanoseconds / 1e6;
  if (offsets.size >= CACHE_LIMIT) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/**
 * The instant that a date, with or without a time, means: ISO 8601, day.month.year, either order with slashes or dashes (as
 * `order` says), AM and PM, seconds or milliseconds since 1970. Without an offset in the text it is the clock of `timeZone`
 * (an IANA name), midnight where no time is given. Undefined for anything else, and for days that no calendar has.
 */
export function readInstant(text: string, order: DateOrder, timeZone: string): Date | undefined {
  const trimmed = text.trim();
  if (EPOCH.test(trimmed)) return new Date(trimmed.length === 10 ? Number(trimmed) * 1_000 : Number(trimmed));
  const found = read(trimmed, order);
  if (!found) return undefined;
  const local = Date.UTC(found.year, found.month - 1, found.day) + found.milliseconds;
  if (found.offset !== undefined) return new Date(local - found.offset * MINUTE);
  return new Date(timeZone === "UTC" ? local : local - offsetInZone(timeZone, local));
}

/** The order in which a column writes its dates, if one of its values can be read one way only. */
export function dateOrderOf(values: readonly string[]): DateOrder | undefined {
  for (const value of values) {
    const dayFirst = readInstant(value, "dmy", "UTC");
    const monthFirst = readInstant(value, "mdy", "UTC");
    if (dayFirst && !monthFirst) return "dmy";
    if (monthFirst && !dayFirst) return "mdy";
  }
  return undefined;
}
