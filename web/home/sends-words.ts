import type { Channel } from "#domains/messaging/channels.ts";
import type { MessagingOverview } from "#domains/messaging/contract.ts";
import { countOf, formatShare } from "#web/ui/format.ts";

type Sends = MessagingOverview["sends"];

const NAMES: Record<Channel, string> = { EMAIL: "e-mails", SMS: "texts", CALL: "calls" };
const MESSAGE = { one: "message", other: "messages" };
const CHANNELS = ["EMAIL", "SMS", "CALL"] as const;

/** What the chart of sends shows, as a person would say it. */
export function sentenceOf({ days, before }: Sends): string {
  const sums = CHANNELS.map((channel) => ({
    channel,
    sent: days.reduce((sum, day) => sum + day[channel], 0),
  }));
  const total = sums.reduce((sum, { sent }) => sum + sent, 0);
  const length = days.length;
  if (total === 0) {
    const after = before === 0 ? "" : `, after ${countOf(before, MESSAGE)} in the ${length} days before`;
    return `Nothing went out in the last ${length} days${after}.`;
  }
  const [most] = sums.toSorted((a, b) => b.sent - a.sent);
  const only = most && most.sent === total ? `, all of them ${NAMES[most.channel]}` : "";
  const mostly = most && !only && most.sent > total / 2 ? `, most of them ${NAMES[most.channel]}` : "";
  return `${countOf(total, MESSAGE)} went out in the last ${length} days${only || mostly}${comparison(total, before, length)}.`;
}

function comparison(total: number, before: number, length: number): string {
  if (before === 0) return `; none in the ${length} days before`;
  const change = (total - before) / before;
  if (Math.abs(change) < 0.005) return `; as many as in the ${length} days before`;
  // Three times as many says more than 214% more.
  if (change >= 2) return `; ${Math.round(total / before)} times as many as in the ${length} days before`;
  return `; ${formatShare(Math.abs(change))} ${change > 0 ? "more" : "fewer"} than in the ${length} days before`;
}
