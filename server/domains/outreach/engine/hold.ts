import type { Context } from "#platform/context.ts";
import { releaseQueued } from "#domains/messaging/index.ts";
import { type Chosen, type MovedEnrollment, listPlanned, pauseEnrollments } from "../queries/pause-rows.ts";
import type { PauseCause } from "../states.ts";

/**
 * Pauses enrollments, and takes back what was written for them and is about to be handed over: the gate holds it until they go on. What is
 * with its vendor already goes out.
 */
export async function hold(tx: Context, chosen: Chosen, by: PauseCause): Promise<MovedEnrollment[]> {
  const paused = await pauseEnrollments(tx, chosen, by);
  const planned = await listPlanned(
    tx,
    paused.map(({ id }) => id),
  );
  await releaseQueued(tx, planned);
  return paused;
}
