import { allow, type Context, inRetriedTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { end } from "../engine/end.ts";
import { sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { listOpenIds } from "../queries/pause-rows.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { whyNotArchive } from "../states.ts";

/** Ends a sequence for good, and for everybody in it; its history stays. Throws SequenceNotFound, SequenceNotInState. */
export async function archiveSequence(ctx: Context, sequenceId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inRetriedTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const fault = whyNotArchive(sequence);
    if (fault) throw SequenceNotInState(fault.detail);
    const { name } = sequence;
    await updateSequenceRow(tx, sequenceId, { status: "ARCHIVED" });
    await end(tx, await lockOpenEnrollments(tx, { ids: await listOpenIds(tx, { sequenceId }) }), "sequence archived");
    const told = { sequenceId, name, status: "ARCHIVED", what: "archived" };
    await emit(tx, sequenceChanged, told, { subjectId: sequenceId });
  });
}
