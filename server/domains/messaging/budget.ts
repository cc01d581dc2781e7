import type { Context } from "#platform/context.ts";
import type { Channel } from "./channels.ts";
import { reserveBudget, returnBudget } from "./queries/facts.ts";

const MINUTE_MS = 60_000;

/**
 * Part of a channel's minute that one process has reserved ahead for the senders it runs side by side. The minute is one row: reserved in
 * each sender's own transaction, its lock is held until that commits, and they follow one another instead of working at once.
 */
export type BudgetLease = {
  /** Takes up to `wanted` of what was reserved for this minute, and answers how many; what is missing, the caller reserves himself. */
  take(channel: Channel, minute: Date, wanted: number): number;
  /** Reserves ahead for channels that were short. Call outside a transaction: the row's lock is gone when this returns. */
  refill(ctx: Context, perMinute: (channel: Channel) => number): Promise<void>;
  /** What was reserved and not used is there for others again. */
  giveBack(ctx: Context): Promise<void>;
};

/** At most so many are reserved ahead, and never more than a twentieth of the minute: other processes must find some left. */
const MOST_AHEAD = 1_000;
const SHARE_AHEAD = 20;
/** Less than this is not worth a statement: at 4,000 a minute senders hardly meet at the row. */
const LEAST_AHEAD = 200;

export const minuteOf = (now: Date) => new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);

export function openLease(): BudgetLease {
  const held = new Map<Channel, { minute: number; left: number }>();
  const short = new Set<Channel>();
  let refilling: Promise<void> | null = null;

  async function reserveAhead(ctx: Context, perMinute: (channel: Channel) => number): Promise<void> {
    const minute = minuteOf(ctx.now());
    for (const channel of short) {
      short.delete(channel);
      const limit = perMinute(channel);
      const ahead = Math.min(MOST_AHEAD, Math.floor(limit / SHARE_AHEAD));
      if (ahead < LEAST_AHEAD) continue;
      const granted = await reserveBudget(ctx, channel, minute, ahead, limit);
      const now = held.get(channel);
      const left = now?.minute === minute.getTime() ? now.left : 0;
      held.set(channel, { minute: minute.getTime(), left: left + granted });
    }
  }

  return {
    take(channel, minute, wanted) {
      const ours = held.get(channel);
      const left = ours?.minute === minute.getTime() ? ours.left : 0;
      const taken = Math.min(left, wanted);
      if (ours && taken > 0) ours.left = left - taken;
      // The next sender will want as many.
      if (left - taken < wanted) short.add(channel);
      return taken;
    },
    async refill(ctx, perMinute) {
      if (short.size > 0)
        refilling ??= reserveAhead(ctx, perMinute).finally(() => {
          refilling = null;
        });
      await refilling;
    },
    async giveBack(ctx) {
      const minute = minuteOf(ctx.now());
      for (const [channel, ours] of held)
        if (ours.left > 0 && ours.minute === minute.getTime()) await returnBudget(ctx, channel, minute, ours.left);
      held.clear();
    },
  };
}
