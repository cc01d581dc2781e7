import type { Context } from "#platform/context.ts";
import type { Loop } from "#platform/loops.ts";
import { nextDue, workUntilIdle } from "#platform/virtual-time.ts";
import {
  type DeliveryRow,
  endSandboxCall,
  listDeliveries,
  replyFromSandbox,
  reportFromSandbox,
} from "#domains/messaging/index.ts";
import type { App } from "../app.ts";
import type { Answer } from "./people.ts";

const MINUTE_MS = 60_000;
/** Mail servers and carriers report within half a minute. */
const RECEIPT_MS = 20_000;
/** What is due but is held back is asked about again after this time. */
const LATER_MS = 30 * MINUTE_MS;

/** A loop that rests this long is no part of sending and receiving. */
const SLOW_MS = 10_000;

type VirtualClock = { now(): Date; set(to: Date): void };
type Reaction = { at: number; act: () => Promise<void> };

/**
 * Lets the real engine live through days in seconds: the clock goes from one instant at which something is due to the next, and those who are
 * written to or called answer through the sandbox's signed webhooks.
 */
export function virtualTime(app: App, clock: VirtualClock, ctx: Context, answers: Readonly<Record<string, Answer>>) {
  const { runtime } = app;
  const seen = new Set<string>();
  const answered = new Set<string>();
  let reactions: Reaction[] = [];
  // Sweeping and tidying can wait for the end of a stretch.
  const brisk = app.loops.filter(({ everyMs }) => everyMs < SLOW_MS);

  /** All work that is due at this instant: loops wake jobs, jobs wake loops. */
  async function work(loops: readonly Loop[] = brisk): Promise<void> {
    const [failure] = await workUntilIdle(runtime, app.ownerPool, loops);
    if (failure) throw new Error(`The job ${failure.job} failed: ${String(failure.error)}`, { cause: failure.error });
  }

  const plan = (afterMs: number, act: () => Promise<void>) =>
    reactions.push({ at: clock.now().getTime() + afterMs, act });

  function react(row: DeliveryRow): void {
    const deliveryId = row.id;
    const answer = answers[row.to];
    const own = answer?.channel === row.channel && !answered.has(row.to) ? answer : undefined;
    if (own) answered.add(row.to);
    if (own && "bounces" in own) {
      plan(own.after * MINUTE_MS, () => reportFromSandbox(runtime, ctx, { deliveryId, outcome: "bounced" }));
      return;
    }
    if (row.channel === "CALL") {
      const { after, outcome, transcript } = own?.channel === "CALL" ? own : NOBODY_ANSWERS;
      plan(after * MINUTE_MS, () => endSandboxCall(runtime, ctx, { deliveryId, outcome, transcript }));
      return;
    }
    plan(RECEIPT_MS, () => reportFromSandbox(runtime, ctx, { deliveryId, outcome: "delivered" }));
    if (own && "text" in own)
      plan(own.after * MINUTE_MS, () => replyFromSandbox(runtime, ctx, { deliveryId, text: own.text }));
  }

  /** Those who were reached since the last look make up their minds. Nobody answers what its vendor lost. */
  async function notice(): Promise<void> {
    const rows = await listDeliveries(ctx, undefined, NOTICED_AT_ONCE);
    for (const row of rows.toReversed()) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      if (row.direction === "outbound" && row.messageId && row.outcome === "accepted") react(row);
    }
  }

  async function actDue(): Promise<void> {
    const now = clock.now().getTime();
    const due = reactions.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at);
    reactions = reactions.filter(({ at }) => at > now);
    for (const { act } of due) await act();
  }

  async function nextStop(): Promise<number | null> {
    const now = clock.now().getTime();
    const due = (await nextDue(ctx))?.getTime();
    const stops = reactions.map(({ at }) => at);
    if (due !== undefined) stops.push(due > now ? due : now + LATER_MS);
    return stops.length > 0 ? Math.min(...stops) : null;
  }

  return {
    /** Lets time pass until `to`, which is not before now. */
    passTo: async (to: Date): Promise<void> => {
      await work();
      await notice();
      for (let stop = await nextStop(); stop !== null && stop <= to.getTime(); stop = await nextStop()) {
        clock.set(new Date(stop));
        await actDue();
        await work();
        await notice();
      }
      clock.set(to);
      await work(app.loops);
      await notice();
    },
  };
}

const NOBODY_ANSWERS = { after: 1, outcome: "no_answer", transcript: undefined } as const;
/** More than one stop of the clock sends. */
const NOTICED_AT_ONCE = 100;
