import type { Context } from "#platform/context.ts";
import { testWorld, type WorldOptions } from "#test/world.ts";
import { leadsContract } from "./contract.ts";
import { readFields, type LeadFields } from "./lead-fields.ts";
import { leadsModule } from "./module.ts";
import type { LeadRow } from "./upsert/lead-row.ts";

/** A world that serves this domain's operations and works its jobs and loops. */
export const leadsWorld = (options: WorldOptions = {}) =>
  testWorld({ contract: { leads: leadsContract }, modules: [leadsModule], ...options });

/** A row as any way in makes it of raw fields; throws on a faulty one. */
export function rowOf(fields: LeadFields, defaults: { source?: LeadRow["source"] } = {}): LeadRow {
  const read = readFields(fields, { source: defaults.source ?? "API", workspaceCountry: "US" });
  if (!read.ok) throw new Error(read.faults.map(({ reason }) => reason).join(" "));
  return read.row;
}

/** How many rows a table of the workspace has. */
export async function countRows(
  ctx: Context,
  table: "leads" | "leadIdentities" | "mergeProposals" | "suppressions" | "events" | "leadTags",
): Promise<number> {
  const rows = await ctx.db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .execute();
  return rows[0]?.count ?? 0;
}
