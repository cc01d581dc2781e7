import { DAY, instantOf, localDay } from "../zone.ts";

/** A sender that is new to mailbox providers begins with so many on its first day, and may send so many more each day after it. */
export const RAMP_START = 20;
export const RAMP_STEP = 2;

/** How far a sender may go in a day. `rampStartedAt` null: no ramp. */
export type Ramped = { perDay: number; rampStartedAt: Date | null };

/** The calendar day of an instant on the workspace's clock, counted in days since 1970-01-01. */
export const dayOf = (zone: string, at: Date): number => localDay(zone, at.getTime());

/** When that day begins on the workspace's clock. */
export const startOfDay = (zone: string, day: number): Date => new Date(instantOf(zone, day * DAY));

/** How many a sender may send on that day: 20 on the day its ramp began, two more each day, up to its own limit. */
export function limitOn({ perDay, rampStartedAt }: Ramped, zone: string, day: number): number {
  if (!rampStartedAt) return perDay;
  const since = Math.max(0, day - dayOf(zone, rampStartedAt));
  return Math.min(perDay, RAMP_START + RAMP_STEP * since);
}

/** The first day on which nothing is held back by the ramp; null where it has none, or none that matters. */
export function rampEndsOn({ perDay, rampStartedAt }: Ramped, zone: string): number | null {
  if (!rampStartedAt || perDay <= RAMP_START) return null;
  return dayOf(zone, rampStartedAt) + Math.ceil((perDay - RAMP_START) / RAMP_STEP);
}
