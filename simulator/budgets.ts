import type { Channel } from "#domains/messaging/index.ts";
import { type Reading, daysBetween, read } from "./oracle.ts";

/** A sender as it was added: a ramp begins with twenty on that day and allows two more on each day after it. */
export type SenderRule = { channel: Channel; perMinute: number; perDay: number; rampFrom: Date | null };

export type BudgetRules = {
  settings: {
    timeZone: string;
    emailPerMinute: number;
    smsPerMinute: number;
    callPerMinute: number;
    channelLimits: Partial<
      Record<
        Channel,
        { perDay: number | null; ramp: { start: number; step: number; since: string } | null } | undefined
      >
    >;
  };
  /** By address. A channel that has any goes out from these alone. */
  senders: ReadonlyMap<string, SenderRule>;
};

type HandedOver = { at: Date; channel: Channel; from: string };

const MINUTE_MS = 60_000;
const RAMP_BEGINS_WITH = 20;
const RAMP_GROWS_BY = 2;

/** Counts every hand-over, retries too, against the budgets of its channel and its sender; a day is one of the workspace's calendar. */
export function keepBudgets({ settings, senders }: BudgetRules) {
  const counts = new Map<string, number>();
  const { timeZone, channelLimits } = settings;
  const perMinute: Record<Channel, number> = {
    EMAIL: settings.emailPerMinute,
    SMS: settings.smsPerMinute,
    CALL: settings.callPerMinute,
  };
  const pooled = new Set([...senders.values()].map(({ channel }) => channel));

  /** Counts one more, and says whether that is too many. */
  function exceeds(what: string, limit: number): boolean {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    return count > limit;
  }

  function limitOfDay(channel: Channel, { date }: Reading): number {
    const { perDay = null, ramp = null } = channelLimits[channel] ?? {};
    const ramped = ramp ? ramp.start + ramp.step * Math.max(0, daysBetween(ramp.since, date)) : Infinity;
    return Math.min(perDay ?? Infinity, ramped);
  }

  function limitOfSender({ perDay, rampFrom }: SenderRule, { date }: Reading): number {
    if (!rampFrom) return perDay;
    const age = daysBetween(read(timeZone, rampFrom.getTime()).date, date);
    return Math.min(perDay, RAMP_BEGINS_WITH + RAMP_GROWS_BY * Math.max(0, age));
  }

  return {
    /** Every budget that this hand-over goes beyond. */
    faultsOf({ at, channel, from }: HandedOver): string[] {
      const today = read(timeZone, at.getTime());
      const minute = Math.floor(at.getTime() / MINUTE_MS);
      const sender = senders.get(from);
      return [
        ...(exceeds(`${channel} ${minute}`, perMinute[channel]) ? ["over the channel's limit of the minute"] : []),
        ...(exceeds(`${channel} ${today.date}`, limitOfDay(channel, today))
          ? ["over the channel's limit of the day"]
          : []),
        ...(pooled.has(channel) && sender?.channel !== channel
          ? [`from ${from}, which is no sender of the channel`]
          : []),
        ...(sender && exceeds(`${from} ${minute}`, sender.perMinute) ? [`over the minute of its sender ${from}`] : []),
        ...(sender && exceeds(`${from} ${today.date}`, limitOfSender(sender, today))
          ? [`over the day of its sender ${from}`]
          : []),
      ];
    },
  };
}
