import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { enrollmentResumed } from "../messages.ts";
import { type MovedEnrollment, listWithoutPlan } from "../queries/pause-rows.ts";
import type { PauseCause } from "../states.ts";
import { advance } from "./advance.ts";

/**
 * Goes on with enrollments of one sequence that were just resumed: whoever's last touch went out during the pause gets the next step
 * planned from now, and everybody's history says so.
 */
export async function goOn(
  tx: Context,
  sequence: { id: string; name: string; settings: Record<string, unknown> },
  resumed: readonly MovedEnrollment[],
  by: PauseCause,
): Promise<void> {
  const { id: sequenceId, name: sequenceName, settings } = sequence;
  const ids = resumed.map(({ id }) => id);
  const waiting = await listWithoutPlan(tx, ids);
  // Told first: an enrollment without a step left is completed by `advance`.
  await emitMany(
    tx,
    enrollmentResumed,
    resumed.map(({ id, leadId }) => ({
      payload: { enrollmentId: id, sequenceId, sequenceName, by },
      leadId,
      subjectId: id,
    })),
  );
  const from = tx.now();
  await advance(
    tx,
    waiting.map(({ id, ...place }) => ({ ...place, enrollmentId: id, sequenceId, sequenceName, settings, from })),
  );
}
