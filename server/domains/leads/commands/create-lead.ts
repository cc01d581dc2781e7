import { allow, type Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { readFields, type LeadFields } from "../lead-fields.ts";
import { LeadConflict } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import type { FieldFault } from "../upsert/lead-row.ts";
import { upsertLeads } from "./upsert-leads.ts";

/**
 * Takes in one lead that a person or program gives field by field; every fault is told, and nothing done while there is one.
 * Whoever is known already is found: their blanks are filled, and `created` is false.
 */
export async function createLead(ctx: Context, fields: LeadFields): Promise<{ leadId: string; created: boolean }> {
  allow(ctx, "leads:write");
  const read = readFields(fields, await inputDefaults(ctx));
  if (!read.ok || read.faults.length > 0) throw Invalid(undefined, read.faults.map(toPointer));
  const [outcome] = await upsertLeads(ctx, [read.row], { policy: "fill" });
  if (!outcome) throw new Error("Upsert gave no outcome for its row.");
  if (outcome.kind === "conflict") {
    throw LeadConflict(`By its ID it is ${outcome.leadId}, by its e-mail ${outcome.otherLeadId}.`);
  }
  return { leadId: outcome.leadId, created: outcome.kind === "created" };
}

/** Where a lead comes from that names no source: from whoever gives it. A key's name is the label. */
export async function inputDefaults(ctx: Context) {
  const { country } = await getWorkspaceSettings(ctx);
  const { actor } = ctx;
  const shared = { workspaceCountry: country, customFields: await listFieldRows(ctx) };
  if (actor.kind === "api_key") return { source: "API" as const, sourceLabel: actor.name, ...shared };
  return { source: "MANUAL" as const, ...shared };
}

export const toPointer = ({ field, reason }: FieldFault) => ({
  pointer: field === "" ? "" : `/${field.replace(/^custom\./, "custom/")}`,
  detail: reason,
});
