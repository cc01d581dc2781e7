import type { AnswerRates } from "#domains/outreach/index.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { Chance } from "./chance.ts";

/** A touch as it reached its receiver. `key` tells it from all others, and is the same again in a repeated run. */
export type Reached = { key: string; channel: Channel; at: Date };

/** What the other side does after a touch. */
export type Act =
  | { kind: "delivered" | "opened" | "clicked" | "unsubscribed" | "complained" }
  | { kind: "bounced"; hard: boolean }
  | { kind: "reply" | "automatic" | "stop" }
  | { kind: "call"; end: "answered" | "voicemail" | "no_answer" | "opted_out"; seconds: number };
export type Reaction = { at: Date; act: Act };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Mail servers and carriers report within half a minute. */
const RECEIPT_MS = 20 * SECOND_MS;
/** A mail whose mailbox does not exist comes back somewhat later. */
const BOUNCE_MS = 45 * SECOND_MS;
const LONGEST_MINUTES = 5 * 24 * 60;

/** Most answer soon and a few late: exponential, with that mean, and at least a few minutes. */
function minutesUntil(chance: number, meanMinutes: number): number {
  return Math.min(LONGEST_MINUTES, 5 - Math.log(1 - chance) * meanMinutes);
}

/** How people react: how often, told by what chance, and on the full units of so many minutes, so that few instants hold what many do. */
export type Manners = { rates: AnswerRates; chance: Chance; gridMinutes: number };

/** What follows a touch that reached its receiver, in the order of time. */
export function reactionsTo(touch: Reached, { rates, chance, gridMinutes }: Manners): Reaction[] {
  const { key, channel } = touch;
  const roll = (what: string) => chance(key, what);
  const gridMs = gridMinutes * MINUTE_MS;
  const onGrid = (at: number) => new Date(Math.ceil(at / gridMs) * gridMs);
  const after = (ms: number) => new Date(touch.at.getTime() + ms);
  const later = (what: string, meanMinutes: number) =>
    onGrid(touch.at.getTime() + minutesUntil(chance(key, what, "when"), meanMinutes) * MINUTE_MS);
  if (channel === "CALL") return [callEnd(touch, rates.CALL, roll)];

  const { bounce, reply, optOut } = rates[channel];
  if (roll("bounce") < bounce) return [{ at: after(BOUNCE_MS), act: { kind: "bounced", hard: true } }];
  const reactions: Reaction[] = [{ at: after(RECEIPT_MS), act: { kind: "delivered" } }];
  if (roll("reply") < reply) reactions.push({ at: later("reply", 240), act: { kind: "reply" } });
  if (channel === "SMS") {
    if (roll("optOut") < optOut) reactions.push({ at: later("optOut", 60), act: { kind: "stop" } });
    return inOrder(reactions);
  }
  const { open, click, automatic, complaint } = rates.EMAIL;
  // Who clicks is among those who open.
  const opens = roll("open") < Math.max(open, click);
  if (opens) {
    const openedAt = later("open", 180);
    reactions.push({ at: openedAt, act: { kind: "opened" } });
    if (roll("click") < click / Math.max(open, click))
      reactions.push({ at: new Date(openedAt.getTime() + gridMs), act: { kind: "clicked" } });
  }
  if (roll("automatic") < automatic) reactions.push({ at: after(MINUTE_MS), act: { kind: "automatic" } });
  if (roll("optOut") < optOut) reactions.push({ at: later("optOut", 120), act: { kind: "unsubscribed" } });
  if (roll("complaint") < complaint) reactions.push({ at: later("complaint", 120), act: { kind: "complained" } });
  return inOrder(reactions);
}

const inOrder = (reactions: readonly Reaction[]) =>
  reactions.toSorted((one, other) => one.at.getTime() - other.at.getTime());

function callEnd(touch: Reached, rates: AnswerRates["CALL"], roll: (what: string) => number): Reaction {
  const { answer, voicemail, optOut } = rates;
  const outcome = roll("call");
  const ringing = (ms: number, act: Act) => ({ at: new Date(touch.at.getTime() + ms), act });
  if (outcome < optOut) return ringing(MINUTE_MS, { kind: "call", end: "opted_out", seconds: 41 });
  if (outcome < answer) return ringing(2 * MINUTE_MS, { kind: "call", end: "answered", seconds: 94 });
  if (outcome < answer + voicemail) return ringing(MINUTE_MS, { kind: "call", end: "voicemail", seconds: 21 });
  return ringing(MINUTE_MS, { kind: "call", end: "no_answer", seconds: 0 });
}
