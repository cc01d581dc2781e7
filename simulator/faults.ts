import type { SendOutcome } from "#providers/outcome.ts";
import type { Chance } from "./chance.ts";
import type { Reaction } from "./behaviour.ts";

/** How often things go wrong, each a share of the hand-overs, callbacks or stops of the clock that it can happen to. */
export type Faults = {
  /** The vendor takes the request and no answer comes. */
  timeout: number;
  /** 429 with Retry-After. */
  rateLimit: number;
  serverError: number;
  refused: number;
  /** The vendor takes it for an address that it will never serve. */
  rejected: number;
  lateCallback: number;
  repeatedCallback: number;
  /** The word that a mail was delivered never comes, or comes after that it was opened. */
  lostReceipt: number;
  /** Stops of the clock at which the process dies. */
  crash: number;
};

export const NO_FAULTS: Faults = {
  timeout: 0,
  rateLimit: 0,
  serverError: 0,
  refused: 0,
  rejected: 0,
  lateCallback: 0,
  repeatedCallback: 0,
  lostReceipt: 0,
  crash: 0,
};

/** Far more than a good vendor does and about what a bad week brings: each kind meets hundreds of touches in a run. */
export const BAD_WEEK: Faults = {
  timeout: 0.02,
  rateLimit: 0.04,
  serverError: 0.04,
  refused: 0.02,
  rejected: 0.01,
  lateCallback: 0.08,
  repeatedCallback: 0.15,
  lostReceipt: 0.03,
  crash: 0.06,
};

/** What the vendor answers to one hand-over, and whether it has the message: after a time-out either may be. */
export type VendorAnswer = { outcome: SendOutcome; isTaken: boolean };

/** `key`: of the message, the same again in a repeated run; `tries` counts its hand-overs from 1. */
export function answerOf(
  faults: Faults,
  chance: Chance,
  asked: { key: string; tries: number; messageId: string },
): VendorAnswer {
  const { key, tries, messageId } = asked;
  const roll = chance(key, tries, "vendor");
  let edge = 0;
  const falls = (share: number) => roll < (edge += share);
  if (falls(faults.timeout))
    return {
      outcome: { kind: "unknown", detail: "no answer within 10 s" },
      isTaken: chance(key, tries, "taken") < 0.6,
    };
  if (falls(faults.rateLimit)) {
    const retryAfterSeconds = 30 + Math.floor(chance(key, tries, "wait") * 600);
    return { outcome: { kind: "failed", detail: "HTTP 429", retryAfterSeconds }, isTaken: false };
  }
  if (falls(faults.serverError)) return { outcome: { kind: "failed", detail: "HTTP 500" }, isTaken: false };
  if (falls(faults.refused)) return { outcome: { kind: "failed", detail: "connection refused" }, isTaken: false };
  if (falls(faults.rejected)) {
    const suppress = chance(key, tries, "hard") < 0.5;
    return {
      outcome: { kind: "rejected", reason: "invalid_address", detail: "no such receiver", suppress },
      isTaken: false,
    };
  }
  return { outcome: { kind: "accepted", providerRef: `sim_${messageId}` }, isTaken: true };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * What becomes of the callbacks of one touch on their way: some late (within the day for which an early one is kept), some said again hours
 * later, some receipts lost. A call's report always comes: it alone says how the call ended.
 */
export function onTheWay(
  reactions: readonly Reaction[],
  faults: Faults,
  { chance, gridMinutes, key }: { chance: Chance; gridMinutes: number; key: string },
): Reaction[] {
  const gridMs = gridMinutes * MINUTE_MS;
  return reactions.flatMap((reaction, place) => {
    const { act, at } = reaction;
    const about = [key, act.kind, place] as const;
    if (act.kind === "delivered" && chance(...about, "lost") < faults.lostReceipt) return [];
    const lateMs = chance(...about, "late") < faults.lateCallback ? chance(...about, "by") * 20 * HOUR_MS : 0;
    const arrives = lateMs === 0 ? at : new Date(Math.ceil((at.getTime() + lateMs) / gridMs) * gridMs);
    const again = Array.from(
      {
        length: chance(...about, "again") < faults.repeatedCallback ? 1 + Math.floor(chance(...about, "times") * 3) : 0,
      },
      (_, time) => ({ act, at: new Date(arrives.getTime() + time * HOUR_MS) }),
    );
    return [{ act, at: arrives }, ...again];
  });
}
