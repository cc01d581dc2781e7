import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";
import { askAgain, askAgainOfVendor } from "../queries/replan.ts";

/** Settings on which the planned time of a touch rests. */
const HOURS: readonly string[] = ["sendWindow", "holidays", "timeZone", "country"];

export const movesTouches = (changes: readonly { field: string }[]): boolean =>
  changes.some(({ field }) => HOURS.includes(field));

/** A paused vendor works again, or may be tried: what waits for it is put before the gate again. */
export async function replanHeld(ctx: Context, { channel }: { channel: Channel }): Promise<void> {
  await askAgainOfVendor(ctx, channel);
}

/** The workspace's sending hours or its senders have changed: what waits for the old ones is put before the gate again, which knows the new. */
export async function replanWaiting(ctx: Context): Promise<void> {
  await askAgain(ctx);
}
