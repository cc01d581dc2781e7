import { instantOf, localTime } from "#domains/messaging/zone.ts";

const READING = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** An instant as a zone's wall clock reads it, to the minute, as a date-and-time field holds it: `2026-11-23T08:00`. */
export function readingAt(instant: Date, zone: string): string {
  return new Date(localTime(zone, instant.getTime())).toISOString().slice(0, 16);
}

/** The instant at which a zone's wall clock reads so; null for what is no such reading. */
export function instantAt(reading: string, zone: string): Date | null {
  if (!READING.test(reading)) return null;
  const local = new Date(`${reading}Z`).getTime();
  return Number.isNaN(local) ? null : new Date(instantOf(zone, local));
}
