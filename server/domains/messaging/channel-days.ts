import type { WorkspaceSettings } from "#domains/accounts/index.ts";
import type { Channel } from "./channels.ts";
import { DAY, dateOfDay, dayOfDate, instantOf, localDay } from "./zone.ts";

/** What a channel may send in one day of the workspace: `day` as YYYY-MM-DD, `until` when the next begins, `detail` why no more. */
export type ChannelDay = { day: string; limit: number; until: Date; detail: string };

/**
 * The limit of a channel on the workspace's day of `at`, or null where none is set. A ramp allows `start` messages on its first day and `step`
 * more on each day after it, never more than the limit of the day; before its first day it allows what it begins with.
 */
export function channelDay(
  { channelLimits, timeZone }: Pick<WorkspaceSettings, "channelLimits" | "timeZone">,
  channel: Channel,
  at: Date,
): ChannelDay | null {
  const { perDay, ramp } = channelLimits[channel] ?? { perDay: null, ramp: null };
  const today = localDay(timeZone, at.getTime());
  const age = ramp ? Math.max(0, today - (dayOfDate(ramp.since) ?? today)) : 0;
  const ramped = ramp ? ramp.start + ramp.step * age : null;
  const limit = ramped === null ? perDay : Math.min(ramped, perDay ?? ramped);
  if (limit === null) return null;
  const isGrowing = ramped !== null && ramped === limit && ramped !== perDay;
  return {
    day: dateOfDay(today),
    limit,
    until: new Date(instantOf(timeZone, (today + 1) * DAY)),
    detail: `the channel's ${limit} a day are used up${isGrowing ? ` (day ${age + 1} of its ramp)` : ""}`,
  };
}
