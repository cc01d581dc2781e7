import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { leadExported } from "../messages.ts";
import { listPersonalDataHooks } from "../personal-data/hooks.ts";
import { findPerson } from "../personal-data/person.ts";
import { LeadMerged, LeadNotFound } from "../problems.ts";
import { findMergeOf } from "../queries/merges.ts";
import { exportOwnRows } from "../queries/personal-data.ts";
import { lockKnownLeads } from "../queries/upsert-load.ts";

/** Everything held about a person, by table; the export itself is written down. */
export async function exportLead(ctx: Context, leadId: string): Promise<Record<string, unknown>> {
  allow(ctx, "leads:read");
  return inTransaction(ctx, async (tx) => {
    const [lead] = await lockKnownLeads(tx, [leadId]);
    if (!lead) {
      const merge = await findMergeOf(tx, leadId);
      throw merge ? LeadMerged(`It is part of the lead ${merge.survivorId} now.`) : LeadNotFound();
    }
    await emit(tx, leadExported, { leadId }, { leadId });
    const person = await findPerson(tx, lead);
    const held: Record<string, unknown[]> = await exportOwnRows(tx, person);
    for (const hook of listPersonalDataHooks()) Object.assign(held, await hook.exportOf(tx, person));
    const { leadIds, addresses, sharedAddresses } = person;
    return {
      exportedAt: tx.now().toISOString(),
      workspace: tx.workspace,
      leadIds,
      addresses: [...addresses, ...sharedAddresses],
      held,
    };
  });
}
