const MINUTE_MS = 60_000;

/** The wait doubles from half a minute to six hours: a vendor that is away for three days is still asked. */
const FIRST_MS = 30_000;
const LONGEST_MS = 360 * MINUTE_MS;
export const MAX_TRIES = 24;

/** Until then nobody else tries: whoever is at a submission has died if it is still there. */
export const LEASE_MS = 2 * MINUTE_MS;

/** When a submission that failed is tried again; null: it has been tried often enough, and waits for a person. `tries` counts this one. */
export function nextTryAt(tries: number, now: Date, retryAfterSeconds = 0): Date | null {
  if (tries >= MAX_TRIES) return null;
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, tries - 1));
  return new Date(now.getTime() + Math.max(wait, retryAfterSeconds * 1_000));
}
