import type { Context } from "#platform/context.ts";
import { listWaitingSequences } from "../queries/sequence-rows.ts";
import { newLeadTriggerSchema } from "../trigger-config.ts";
import { enrollLeads } from "./enroll-leads.ts";

/**
 * The new_lead trigger: leads that were just created enter every active sequence that waits for their source. The job was queued with the
 * lead, in one transaction: none is missed, and the unique key lets none in twice.
 */
export async function enrollNewLeads(
  ctx: Context,
  { items }: { items: readonly { leadId: string; source: string }[] },
): Promise<void> {
  for (const { id: sequenceId, triggerConfig } of await listWaitingSequences(ctx, "new_lead")) {
    const { sources, campaigns } = newLeadTriggerSchema.parse(triggerConfig);
    // A trigger on campaigns alone fires when a lead is put into one.
    if (campaigns.length > 0 && sources.length === 0) continue;
    const leadIds = items
      .filter((item) => sources.length === 0 || sources.some((source) => source === item.source))
      .map((item) => item.leadId);
    if (leadIds.length > 0) await enrollLeads(ctx, { sequenceId, leadIds, by: "trigger" });
  }
}
