import type { Channel } from "./channels.ts";
import { DAY, MINUTE, instantOf, localDay } from "./zone.ts";

/** One touch that was handed to a vendor, and when. Drafts, waits and cancelled messages are no touches. */
export type Touch = { readonly channel: Channel; readonly at: Date };

/** How often one lead may be touched, over all sequences and one-off messages. Null means no such limit. */
export type CapRules = {
  /** Touches on one channel in one calendar day of the lead. */
  readonly perChannelPerDay: number | null;
  /** Touches on all channels together in one calendar day of the lead. */
  readonly perDay: number | null;
  /** Touches on all channels together in seven calendar days of the lead, today being the seventh. */
  readonly perWeek: number | null;
  /** Minutes between two touches, whatever their channels. */
  readonly minGapMinutes: number | null;
};

export const DEFAULT_CAPS: CapRules = { perChannelPerDay: 1, perDay: null, perWeek: 3, minGapMinutes: null };

export const CAP_RULES = [
  "perChannelPerDay",
  "perDay",
  "perWeek",
  "minGapMinutes",
] as const satisfies readonly (keyof CapRules)[];
export type CapRule = (typeof CAP_RULES)[number];

/** A cap that is reached: which one, its limit, and the first instant at which it no longer is. */
export type CapReached = { rule: CapRule; limit: number; until: Date };

/** How far back touches matter: seven calendar days, one of which may have 25 hours. Load no older ones. */
export const CAP_HORIZON_DAYS = 8;

const DAYS_PER_WEEK = 7;

/**
 * Why one more touch over `channel` at `at` would be too much, or null. `zone` is the lead's: a day runs from local midnight
 * to local midnight, 23 or 25 hours long where the clocks change. Of several caps reached the one that lasts longest is
 * told, so that at its `until` all are clear, as long as nothing else was sent meanwhile.
 */
export function whyNotCap(asked: {
  touches: readonly Touch[];
  channel: Channel;
  at: Date;
  zone: string;
  rules: CapRules;
}): CapReached | null {
  const { touches, channel, zone, rules } = asked;
  if (touches.length === 0) return null;
  const at = asked.at.getTime();
  const today = localDay(zone, at);

  let onChannelToday = 0;
  let onDay = 0;
  let latest = -Infinity;
  const daysOfWeek: number[] = [];
  for (const touch of touches) {
    const time = touch.at.getTime();
    const day = localDay(zone, time);
    if (time > latest) latest = time;
    if (day === today) {
      onDay += 1;
      if (touch.channel === channel) onChannelToday += 1;
    }
    if (day <= today && day > today - DAYS_PER_WEEK) daysOfWeek.push(day);
  }

  let reached: CapReached | null = null;
  const reach = (rule: CapRule, limit: number, until: number) => {
    if (!reached || until > reached.until.getTime()) reached = { rule, limit, until: new Date(until) };
  };
  const { perChannelPerDay, perDay, perWeek, minGapMinutes } = rules;
  if (perChannelPerDay !== null && onChannelToday >= perChannelPerDay) {
    reach("perChannelPerDay", perChannelPerDay, instantOf(zone, (today + 1) * DAY));
  }
  if (perDay !== null && onDay >= perDay) reach("perDay", perDay, instantOf(zone, (today + 1) * DAY));
  if (perWeek !== null && daysOfWeek.length >= perWeek) {
    // One more fits as soon as so many of the oldest have left the seven days that fewer than the limit remain.
    daysOfWeek.sort((a, b) => a - b);
    const leaving = daysOfWeek[daysOfWeek.length - perWeek] ?? today;
    reach("perWeek", perWeek, instantOf(zone, (leaving + DAYS_PER_WEEK) * DAY));
  }
  if (minGapMinutes !== null && latest + minGapMinutes * MINUTE > at) {
    reach("minGapMinutes", minGapMinutes, latest + minGapMinutes * MINUTE);
  }
  return reached;
}

const WORDS: Readonly<Record<CapRule, (limit: number) => string>> = {
  perChannelPerDay: (limit) => `${limit} per channel a day`,
  perDay: (limit) => `${limit} a day`,
  perWeek: (limit) => `${limit} in 7 days`,
  minGapMinutes: (limit) => (limit % 60 === 0 ? `one in ${limit / 60} h` : `one in ${limit} min`),
};

/** A cap that is reached, in words that end a sentence about what the limits allow. */
export function capInWords({ rule, limit }: { rule: CapRule; limit: number }): string {
  return WORDS[rule](limit);
}
