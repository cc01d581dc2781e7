import { HOUR, MINUTE } from "./zone.ts";

/** When a vendor is asked what became of a message, after it was handed over: its callback mostly comes before the first. */
export const ASKED_AFTER_MS = [2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR] as const;

/** A vendor may write a message down late: that it has none is believed from this age on. */
export const ABSENT_AFTER_MS = 10 * MINUTE;

/** What nobody knows after a day is for a person to settle. */
export const FOR_A_PERSON_AFTER_MS = 24 * HOUR;

/** When to ask next about a message that was handed over then; null when it was asked often enough. */
export function nextAskAt(handedAt: Date, now: Date): Date | null {
  const after = ASKED_AFTER_MS.find((ms) => handedAt.getTime() + ms > now.getTime());
  return after === undefined ? null : new Date(handedAt.getTime() + after);
}
