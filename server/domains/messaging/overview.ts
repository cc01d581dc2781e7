import type { Context } from "#platform/context.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import type { MessagingOverview } from "./contract.ts";
import { FOR_A_PERSON_AFTER_MS } from "./asking.ts";
import { lastDays } from "./day-starts.ts";
import { countAttention, countOutbound, sumSends } from "./queries/overview.ts";
import { listPausedByThemselves } from "./queries/senders.ts";

/** Failures older than this are history: the list of messages keeps them. */
const FAILED_DAYS = 7;
const SENDERS_SHOWN = 20;

/** What waits, today's messages and the sends of the last days, in the days of the workspace's zone: five short reads. */
export async function showOverview(ctx: Context, days: number): Promise<MessagingOverview> {
  const { timeZone } = await getWorkspaceSettings(ctx);
  const now = ctx.now();
  // Twice as many, for the comparison with the days before.
  const stretch = lastDays(timeZone, now, 2 * days);
  const [failedFrom] = lastDays(timeZone, now, FAILED_DAYS);
  const today = stretch.at(-1);
  if (!today || !failedFrom) throw new RangeError(`${days} days are no stretch of time`);
  const attention = await countAttention(ctx, failedFrom.start, new Date(now.getTime() - FOR_A_PERSON_AFTER_MS));
  const counts = await countOutbound(ctx, today.start);
  const paused = await listPausedByThemselves(ctx, SENDERS_SHOWN);
  const sums = await sumSends(
    ctx,
    stretch.map(({ start }) => start),
  );
  const { replies, failed, unknown, hasSent, hasReceived } = attention;
  return {
    timeZone,
    replies: { ...replies, oldestAt: replies.oldestAt?.toISOString() ?? null },
    failed: { ...failed, since: failedFrom.day },
    unknown,
    pausedSenders: paused.map(({ id, channel, address, pauseReason }) => ({
      id,
      channel,
      address,
      reason: pauseReason ?? "",
    })),
    today: { day: today.day, counts },
    sends: {
      days: stretch.slice(days).map(({ day }, index) => {
        const row = { day, CALL: 0, SMS: 0, EMAIL: 0 };
        for (const { place, channel, sent } of sums) if (place === days + index) row[channel] = sent;
        return row;
      }),
      before: sums.reduce((sum, { place, sent }) => (place < days ? sum + sent : sum), 0),
    },
    hasSent,
    hasReceived,
  };
}
