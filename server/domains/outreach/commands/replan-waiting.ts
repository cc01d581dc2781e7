import type { Context } from "#platform/context.ts";
import { askAgain } from "../queries/replan.ts";

/** Settings on which the planned time of a touch rests. */
const HOURS: readonly string[] = ["sendWindow", "holidays", "timeZone", "country"];

export const movesTouches = (changes: readonly { field: string }[]): boolean =>
  changes.some(({ field }) => HOURS.includes(field));

/** The workspace's sending hours have changed: what waits only for the old ones is put before the gate again, which knows the new. */
export async function replanWaiting(ctx: Context): Promise<void> {
  await askAgain(ctx);
}
