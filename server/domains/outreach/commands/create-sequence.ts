import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { NewSequence } from "../contract/sequences.ts";
import { refuseUnknownCampaigns } from "../engine/known-campaigns.ts";
import { sequenceChanged } from "../messages.ts";
import { insertSequence } from "../queries/sequence-rows.ts";
import { triggerSchema } from "../trigger-config.ts";

/** Begins a sequence as a draft without steps, and returns its id. */
export async function createSequence(ctx: Context, sequence: NewSequence): Promise<string> {
  allow(ctx, "outreach:write");
  const { name, description = null, triggerType, triggerConfig = {}, settings } = sequence;
  const trigger = triggerSchema.parse({ triggerType, triggerConfig });
  return inTransaction(ctx, async (tx) => {
    await refuseUnknownCampaigns(tx, trigger);
    const sequenceId = await insertSequence(tx, { name, description, ...trigger, settings });
    await emit(tx, sequenceChanged, { sequenceId, name, status: "DRAFT", what: "created" }, { subjectId: sequenceId });
    return sequenceId;
  });
}
