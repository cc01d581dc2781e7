import type { SendOutcome } from "#providers/outcome.ts";
import type { Hold } from "./gate.ts";
import { MINUTE } from "./zone.ts";

export const TRIP_STATUSES = ["open", "half_open", "closed"] as const;
export type TripStatus = (typeof TRIP_STATUSES)[number];

/** A vendor that was found failing. `retryAt`: when a few messages may try it again; `trips`: how often in a row it was found so. */
export type VendorTrip = {
  provider: string;
  status: TripStatus;
  reason: string;
  trippedAt: Date;
  trips: number;
  retryAt: Date;
  probedAt: Date | null;
};

/** Hand-overs of one minute by which a vendor is judged: at least so many, and at least half of them failed. */
export const TALLY_MS = MINUTE;
export const TRIP_CALLS = 20;
const TRIP_SHARE = 0.5;

/** How many messages find out whether a vendor works again. */
export const PROBES = 5;
/** Longer than the slowest call and its record: a try of which nothing was heard by then was never made. */
export const PROBE_LOST_MS = 2 * MINUTE;

const FIRST_WAIT_MS = MINUTE;
const LONGEST_WAIT_MS = 30 * MINUTE;

export const hasTripped = ({ calls, failures }: { calls: number; failures: number }): boolean =>
  calls >= TRIP_CALLS && failures >= calls * TRIP_SHARE;

/** What a try of few messages found: one batch of answers decides, by its majority. */
export const stillFails = ({ calls, failures }: { calls: number; failures: number }): boolean =>
  failures >= calls * TRIP_SHARE;

/** The wait before the next try: one minute, doubled for each time that the vendor was found failing, thirty at most. */
export const retryAtAfter = (trips: number, at: Date): Date =>
  new Date(at.getTime() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(trips - 1, 10)));

/**
 * Does this answer speak against the vendor? Failures, silence, and a refusal of our account or sender do; the refusal of one address or of
 * one text does not.
 */
export function isVendorFault(outcome: SendOutcome): boolean {
  if (outcome.kind === "rejected") return outcome.reason === "auth" || outcome.reason === "unverified_sender";
  return outcome.kind !== "accepted";
}

/** How long messages wait for a vendor that was found failing; null when a few of them may try it now, or when it works. */
export function tripHold(trip: VendorTrip | null, now: Date): Hold | null {
  if (!trip || trip.status === "closed") return null;
  const detail = `the vendor keeps failing since ${trip.trippedAt.toISOString()}: ${trip.reason}`;
  if (trip.status === "open") return trip.retryAt > now ? { detail, until: trip.retryAt } : null;
  return isProbing(trip, now) ? { detail, until: afterProbe(trip, now) } : null;
}

/** Whether a few messages are trying it at this moment. */
export const isProbing = ({ status, probedAt }: VendorTrip, now: Date): boolean =>
  status === "half_open" && probedAt !== null && probedAt.getTime() + PROBE_LOST_MS > now.getTime();

/** While a few try the vendor the others wait until the try after this one; when it works, they are let go at once. */
export const afterProbe = ({ trips, probedAt }: VendorTrip, now: Date): Date =>
  retryAtAfter(trips + 1, probedAt ?? now);
