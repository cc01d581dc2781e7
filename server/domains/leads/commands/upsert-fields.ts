import { allow, type Context } from "#platform/context.ts";
import { readFields, type LeadFields } from "../lead-fields.ts";
import type { UpsertPolicy } from "../upsert/draft.ts";
import type { FieldFault, LeadRow } from "../upsert/lead-row.ts";
import type { RowOutcome } from "../upsert/plan.ts";
import { inputDefaults } from "./create-lead.ts";
import { upsertLeads } from "./upsert-leads.ts";

/** What became of one row that was given as fields; a `faulty` one changed nothing. */
export type FieldsOutcome = { faults: FieldFault[] } & (RowOutcome | { kind: "faulty" });

/** Up to 1,000 leads in one transaction; each row stands by itself, so a faulty one does not keep the others out. */
export async function upsertFields(
  ctx: Context,
  rows: readonly LeadFields[],
  policy: UpsertPolicy,
): Promise<FieldsOutcome[]> {
  allow(ctx, "leads:write");
  const defaults = await inputDefaults(ctx);
  const read = rows.map((fields) => readFields(fields, defaults));
  const usable: LeadRow[] = read.flatMap((one) => (one.ok ? [one.row] : []));
  const outcomes = await upsertLeads(ctx, usable, policy);
  const rest = outcomes.values();
  return read.map(({ ok, faults }) => {
    const outcome = ok ? rest.next().value : undefined;
    return outcome ? { ...outcome, faults } : { kind: "faulty", faults };
  });
}
