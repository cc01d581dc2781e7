import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { SequencePatch } from "../contract/sequences.ts";
import { refuseUnknownCampaigns } from "../engine/known-campaigns.ts";
import { sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { askAgain } from "../queries/replan.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { triggerSchema } from "../trigger-config.ts";

/**
 * Changes what a sequence is called, whom it takes and its rules; steps have a command of their own. Throws SequenceNotFound, and
 * SequenceNotInState for one that is archived.
 */
export async function updateSequence(ctx: Context, sequenceId: string, patch: SequencePatch): Promise<void> {
  allow(ctx, "outreach:write");
  const { triggerType, triggerConfig, ...plain } = patch;
  const trigger = triggerType ? triggerSchema.parse({ triggerType, triggerConfig: triggerConfig ?? {} }) : null;
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
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
