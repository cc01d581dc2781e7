import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import type { SequencePatch } from "../contract/sequences.ts";
import { refuseUnknownCampaigns } from "../engine/known-campaigns.ts";
import { SEQUENCE_CHANGES, sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { askAgain } from "../queries/replan.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { triggerSchema } from "../trigger-config.ts";

/**
 * Changes what a sequence is called, whom it takes and its rules; steps have a command of their own. `expected`: the `updatedAt` that the
 * change was made from. Throws SequenceNotFound, ChangedElsewhere, and SequenceNotInState for one that is archived.
 */
export async function updateSequence(
  ctx: Context,
  sequenceId: string,
  patch: SequencePatch,
  expected?: string,
): Promise<void> {
  allow(ctx, "outreach:write");
  const { triggerType, triggerConfig, ...plain } = patch;
  const trigger = triggerType ? triggerSchema.parse({ triggerType, triggerConfig: triggerConfig ?? {} }) : null;
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    await refuseStale(tx, {
      expected,
      updatedAt: sequence.updatedAt,
      told: SEQUENCE_CHANGES,
      about: { subjectId: sequenceId },
    });
    const { status, name } = sequence;
    if (status === "ARCHIVED") throw SequenceNotInState("An archived sequence is only read.");
    if (trigger) await refuseUnknownCampaigns(tx, trigger);
    await updateSequenceRow(tx, sequenceId, { ...plain, ...trigger });
    // Its own sending hours may have changed: what waits for the old ones is asked again.
    if (plain.settings) await askAgain(tx, sequenceId);
    const told = { sequenceId, name: plain.name ?? name, status, what: "updated" };
    await emit(tx, sequenceChanged, told, { subjectId: sequenceId });
  });
}
