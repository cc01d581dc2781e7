/*
 * The oracle of the simulator and of tests. It shares nothing with the code that it judges: the wall clock is read from Intl for every quarter of
 * an hour, and each rule is written down again in the plainest way.
 */
import type { Channel } from "#domains/messaging/index.ts";

const DAY = 24 * 60 * 60_000;

/** A wall clock: weekdays count from Monday, 1; minutes from midnight. */
export type Reading = { date: string; weekday: number; minute: number };

const formats = new Map<string, Intl.DateTimeFormat>();
/** Clocks of our time differ from UTC by whole quarters of an hour and are put forward or back at the beginning of one. */
const QUARTER = 15 * 60_000;
/** Thousands are touched at one instant, and each touch is held against those before it: what was read once is kept, up to so many of a zone. */
const MOST_READINGS = 20_000;
const readings = new Map<string, Map<number, Reading>>();

/** What a clock in that zone shows at an instant (Unix milliseconds). */
export function read(zone: string, at: number): Reading {
  const into = at % QUARTER;
  const { date, weekday, minute } = readQuarter(zone, at - into);
  return { date, weekday, minute: minute + Math.floor(into / 60_000) };
}

function readQuarter(zone: string, at: number): Reading {
  const ofZone = readings.get(zone) ?? new Map<number, Reading>();
  readings.set(zone, ofZone);
  const known = ofZone.get(at);
  if (known) return known;
  if (ofZone.size >= MOST_READINGS) ofZone.clear();
  const reading = readAnew(zone, at);
  ofZone.set(at, reading);
  return reading;
}

function readAnew(zone: string, at: number): Reading {
  let format = formats.get(zone);
  if (!format) {
    const wanted = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    } as const;
    format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...wanted });
    formats.set(zone, format);
  }
  // "Tue, 03/03/2026, 12:00"
  const [name = "", day, month, year, hour, minute] = format.format(at).split(/[,/: ]+/);
  const weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(name) + 1;
  return { date: `${year}-${month}-${day}`, weekday, minute: Number(hour) * 60 + Number(minute) };
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const dayBefore = (weekday: number) => (weekday === 1 ? 7 : weekday - 1);

/** Whether a window is open; one that ends before it starts ends on the next day. */
export function inside(
  { days, start, end }: { days: readonly number[]; start: string; end: string },
  now: Reading,
): boolean {
  const [from, to] = [minutes(start), minutes(end)];
  if (from < to) return days.includes(now.weekday) && from <= now.minute && now.minute < to;
  return (
    (days.includes(now.weekday) && now.minute >= from) || (days.includes(dayBefore(now.weekday)) && now.minute < to)
  );
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const workdays = [1, 2, 3, 4, 5];
/** Whether the law of the country lets that channel be used then; no country is read as the strictest. */
export function lawful(channel: Channel, country: string | null, now: Reading): boolean {
  if (channel === "EMAIL") return true;
  const american = inside({ days: everyDay, start: "08:00", end: "21:00" }, now);
  if (country === null || country === "US") return american;
  if (channel === "CALL" && country === "FR") {
    return [
      ["10:00", "13:00"],
      ["14:00", "20:00"],
    ].some(([start = "", end = ""]) => inside({ days: workdays, start, end }, now));
  }
  return true;
}

/** The date so many days after another. */
export const nextDate = (date: string, days: number) =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

/** How many days the second date lies after the first. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);
