import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit, emitMany } from "#platform/events.ts";
import { hold } from "../engine/hold.ts";
import { enrollmentPaused, sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";

import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { whyNotPause } from "../states.ts";

/** Pauses a sequence and everybody active in it; what is left of each wait is kept. Throws SequenceNotFound, SequenceNotInState. */
export async function pauseSequence(ctx: Context, sequenceId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const fault = whyNotPause(sequence);
    if (fault) throw SequenceNotInState(fault.detail);
    const { name } = sequence;
    await updateSequenceRow(tx, sequenceId, { status: "PAUSED", pausedAt: tx.now() });
    const paused = await hold(tx, { sequenceId }, "sequence");
    await emitMany(
      tx,
      enrollmentPaused,
      paused.map(({ id, leadId }) => ({
        payload: { enrollmentId: id, sequenceId, sequenceName: name, by: "sequence" },
        leadId,
        subjectId: id,
      })),
    );
    await emit(tx, sequenceChanged, { sequenceId, name, status: "PAUSED", what: "paused" }, { subjectId: sequenceId });
  });
}
