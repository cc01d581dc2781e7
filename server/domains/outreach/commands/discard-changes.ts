import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { SEQUENCE_CHANGES, sequenceChanged } from "../messages.ts";
import { SequenceNotFound } from "../problems.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { writeSteps } from "../queries/step-rows.ts";
import { listVersionSteps } from "../queries/version-rows.ts";
import { unpublished } from "./preview-publish.ts";

/**
 * Makes the draft of a sequence what its newest version is. `expected`: the `updatedAt` of the draft that is given up. Throws SequenceNotFound,
 * ChangedElsewhere, and SequenceNotInState where nothing is unpublished or nothing was ever published.
 */
export async function discardChanges(ctx: Context, sequenceId: string, expected?: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const { updatedAt } = sequence;
    await refuseStale(tx, { expected, updatedAt, told: SEQUENCE_CHANGES, about: { subjectId: sequenceId } });
    const { newest } = await unpublished(tx, sequence);
    const steps = (await listVersionSteps(tx, [newest.id])).get(newest.id) ?? [];
    await writeSteps(tx, sequenceId, steps);
    await updateSequenceRow(tx, sequenceId, {});
    const { name, status } = sequence;
    await emit(tx, sequenceChanged, { sequenceId, name, status, what: "draft discarded" }, { subjectId: sequenceId });
  });
}
