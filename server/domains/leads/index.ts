import { allow, type Context } from "#platform/context.ts";
import type { IdentityKind } from "./address.ts";
import type { CustomField } from "./custom-fields.ts";
import { LeadNotFound } from "./problems.ts";
import { listFieldRows } from "./queries/custom-fields.ts";
import { findLead, findLeads, type LeadView } from "./queries/leads.ts";
import { bySeverity, findActiveSuppressions, findHolders } from "./queries/suppressions.ts";
import type { SuppressionReason, SuppressionScope } from "./rules.ts";
import { addressKey } from "./upsert/known.ts";

export { advanceStatus } from "./commands/advance-status.ts";
export { changeManyLeads } from "./commands/change-leads.ts";
export { createCustomField } from "./commands/create-custom-field.ts";
export { createIntakeSource } from "./commands/create-intake-source.ts";
export { createLead } from "./commands/create-lead.ts";
export { liftOwnNo, liftStop } from "./commands/lift-suppression.ts";
export { mergeLeads } from "./commands/merge-leads.ts";
export { recordInterests } from "./commands/record-interests.ts";
export { startImport } from "./commands/start-import.ts";
export { submitForm } from "./commands/submit-form.ts";
export { suppress, suppressAll } from "./commands/suppress.ts";
export { undoMerge } from "./commands/undo-merge.ts";
export { uploadImport } from "./commands/upload-import.ts";
export { upsertLeads } from "./commands/upsert-leads.ts";
export { registerMergeHook, type LeadMerging, type LeadParting, type MergeHook } from "./merge/hooks.ts";
export {
  registerPersonalDataHook,
  type Erased,
  type PersonalDataHook,
  type PersonSought,
} from "./personal-data/hooks.ts";
export { writingsOf } from "./personal-data/writings.ts";
export { sourceSettingsSchema } from "./intake/source-settings.ts";
export type { LeadFields } from "./lead-fields.ts";
export type { CustomField, CustomValue, CustomValues } from "./custom-fields.ts";
export * from "./messages.ts";
export { LeadErased, MergeNotUndoable } from "./problems.ts";
export { listHeldBases } from "./queries/consents.ts";
export { listColleagues } from "./queries/colleagues.ts";
export { countLeads, type LeadCount } from "./queries/count-leads.ts";
export { firstMatching, nextInOrder } from "./queries/next-leads.ts";
export { selectLeadIds } from "./queries/filter.ts";
export { searchLeadIds } from "./queries/found-leads.ts";
export {
  findErased,
  listLeadPlaces,
  lockLeads,
  type LeadView,
  type LockedLeads,
  type TagRef,
} from "./queries/leads.ts";
export { listSurvivors } from "./queries/merges.ts";
export { isShutOff, leadsOpenedAfter } from "./queries/reach.ts";
export { findLeadsByAddress, findLeadsByAddresses, listOwnNos } from "./queries/suppressions.ts";
export { listTagNames } from "./queries/tags.ts";
export * from "./rules.ts";
export { findNamedFilters, listGone, matchFilter, type NamedFilter } from "./queries/saved-filters.ts";
export { normaliseSender } from "./senders.ts";

/** One lead; throws LeadNotFound. */
export async function getLead(ctx: Context, id: string): Promise<LeadView> {
  const lead = await findLead(ctx, id);
  if (!lead) throw LeadNotFound();
  return lead;
}

/** The workspace's own fields in their order: what `custom` of a lead may hold. */
export function listCustomFields(ctx: Context): Promise<CustomField[]> {
  allow(ctx, "leads:read");
  return listFieldRows(ctx);
}

/** Leads that have any of the addresses, the oldest first for each, in one statement: keys as `kind value`. */
export async function findLeadsByIdentity(
  ctx: Context,
  addresses: readonly { kind: IdentityKind; value: string }[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { kind, value, leadId } of await findHolders(ctx, addresses)) {
    const key = addressKey({ kind, value });
    found.set(key, [...(found.get(key) ?? []), leadId]);
  }
  return found;
}

/** What a message to a lead is decided and rendered by. */
export type LeadForSend = LeadView;

/** Leads of a batch by id, in one statement; those that are gone are missing. */
export async function listLeadsForSend(ctx: Context, ids: readonly string[]): Promise<Map<string, LeadForSend>> {
  const leads = await findLeads(ctx, ids);
  return new Map(leads.map((lead) => [lead.id, lead]));
}

export type SuppressionInForce<Channel extends SuppressionScope> = {
  reason: SuppressionReason;
  scope: "ALL" | Channel;
};

/** The suppressions in force for a batch of addresses, in one statement; `find` answers for one address on one channel. */
export async function listSuppressions(ctx: Context, addresses: readonly { kind: IdentityKind; value: string }[]) {
  const active = (await findActiveSuppressions(ctx, addresses)).toSorted(bySeverity);
  return {
    find<Channel extends "EMAIL" | "SMS" | "CALL">(
      channel: Channel,
      value: string,
    ): SuppressionInForce<Channel> | undefined {
      const kind = channel === "EMAIL" ? "EMAIL" : "PHONE";
      const own = active.filter((one) => one.kind === kind && one.value === value);
      const all = own.find(({ scope }) => scope === "ALL");
      if (all) return { reason: all.reason, scope: "ALL" };
      const one = own.find(({ scope }) => scope === channel);
      return one && { reason: one.reason, scope: channel };
    },
  };
}
