import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { countEnrolled, deleteSequenceRow, lockSequence } from "../queries/sequence-rows.ts";
import { whyNotDelete } from "../states.ts";

/** Deletes a sequence that nobody was ever in. Throws SequenceNotFound, SequenceNotInState. */
export async function deleteSequence(ctx: Context, sequenceId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const counts = (await countEnrolled(tx, [sequenceId])).get(sequenceId) ?? {};
    const enrollments = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const fault = whyNotDelete({ status: sequence.status, enrollments });
    if (fault) throw SequenceNotInState(fault.detail);
    await deleteSequenceRow(tx, sequenceId);
    const { name, status } = sequence;
    await emit(tx, sequenceChanged, { sequenceId, name, status, what: "deleted" }, { subjectId: sequenceId });
  });
}
