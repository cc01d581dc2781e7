import { HOUR, MINUTE } from "./zone.ts";

/** Hand-overs of one message before it counts as failed. */
export const MAX_TRIES = 5;

/** Waits grow from one minute to five hours over the four gaps between five tries; jitter adds up to a fifth, so none exceeds six. */
const FIRST_WAIT = MINUTE;
const LAST_WAIT = 5 * HOUR;
const GROWTH = (LAST_WAIT / FIRST_WAIT) ** (1 / (MAX_TRIES - 2));
const JITTER = 0.2;

/** A vendor that asks for more than a day is asked again after a day: that try counts like any other. */
const LONGEST_ASKED = 24 * HOUR;

/**
 * When to hand a message over again after `tries` hand-overs that failed but may be repeated, or null when it was the last.
 * Never before the vendor's Retry-After (seconds) has passed. `random` answers numbers in [0, 1), like Math.random.
 */
export function nextTryAt(
  tries: number,
  now: Date,
  retryAfterSeconds: number | undefined,
  random: () => number,
): Date | null {
  if (tries >= MAX_TRIES) return null;
  const spread = 1 + JITTER * random();
  const backoff = FIRST_WAIT * GROWTH ** Math.max(0, tries - 1) * spread;
  const asked = Math.min(Math.max(0, retryAfterSeconds ?? 0) * 1_000, LONGEST_ASKED);
  // The jitter goes on top of Retry-After too: a vendor that turned away a thousand must not get them all in one second.
  return new Date(now.getTime() + Math.ceil(Math.max(backoff, asked * spread)));
}

/**
 * Where in its spread a retry falls, in [0, 1): told by whom the message goes to and how often it was tried, so that the retries of many lie
 * apart, and a run in virtual time comes out the same again. FNV-1a with the last mix of MurmurHash3: one changed character changes all bits.
 */
export function jitterOf(to: string, tries: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${tries} ${to}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
