import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/**
 * The tables whose rows go with a lead, and those whose rows stay without it, as the delete rules of the foreign keys have it.
 * A test compares this list with the database.
 */
export const GOES_WITH_LEAD = [
  { kind: "identities", table: "lead_identities", rows: sql`lead_identities where lead_id = ` },
  { kind: "rowKeys", table: "lead_row_keys", rows: sql`lead_row_keys where lead_id = ` },
  { kind: "fieldValues", table: "lead_field_values", rows: sql`lead_field_values where lead_id = ` },
  { kind: "tags", table: "lead_tags", rows: sql`lead_tags where lead_id = ` },
  { kind: "interests", table: "lead_interests", rows: sql`lead_interests where lead_id = ` },
  { kind: "scores", table: "lead_scores", rows: sql`lead_scores where lead_id = ` },
  { kind: "consents", table: "consent_records", rows: sql`consent_records where lead_id = ` },
  { kind: "senders", table: "lead_senders", rows: sql`lead_senders where lead_id = ` },
  { kind: "sharedTouches", table: "shared_touches", rows: sql`shared_touches where lead_id = ` },
  { kind: "messages", table: "messages", rows: sql`messages where lead_id = ` },
  { kind: "contactAttempts", table: "contact_attempts", rows: sql`contact_attempts where lead_id = ` },
  { kind: "campaignAssignments", table: "campaign_leads", rows: sql`campaign_leads where lead_id = ` },
  { kind: "sequenceEnrollments", table: "sequence_enrollments", rows: sql`sequence_enrollments where lead_id = ` },
] as const;
export const STAYS_WITHOUT_LEAD = [
  { kind: "conversions", table: "conversions" },
  /** Blank: that something came, when and from where. */
  { kind: "submissions", table: "lead_submissions" },
] as const;

export type DeletionCounts = {
  deleted: Record<(typeof GOES_WITH_LEAD)[number]["kind"] | "stepExecutions" | "mergeProposals", number>;
  /** Kept, no longer pointing at the lead. */
  kept: { conversions: number; submissions: number; suppressions: number };
};

/** How many rows of each kind would go with the lead, and how many stay; undefined when there is no such lead. */
export async function countWithLead(ctx: Context, leadId: string): Promise<DeletionCounts | undefined> {
  const counts = GOES_WITH_LEAD.map(
    ({ kind, rows }) => sql`(select count(*)::int from ${rows}${leadId}) as ${sql.ref(kind)}`,
  );
  const { rows } = await sql<DeletionCounts["deleted"] & DeletionCounts["kept"]>`
    select ${sql.join(counts)},
      (select count(*)::int from sequence_step_executions x join sequence_enrollments e on e.id = x.enrollment_id
        where e.lead_id = ${leadId}) as "stepExecutions",
      (select count(*)::int from merge_proposals where lead_id = ${leadId} or other_lead_id = ${leadId}) as "mergeProposals",
      (select count(*)::int from conversions where lead_id = ${leadId}) as conversions,
      (select count(*)::int from lead_submissions where lead_id = ${leadId}) as submissions,
      (select count(*)::int from suppressions s join lead_identities i on i.workspace_id = s.workspace_id and i.kind = s.kind
        and s.value in (i.value, i.suppression_key) where i.lead_id = ${leadId} and s.lifted_at is null) as suppressions
    from leads where id = ${leadId}`.execute(ctx.db);
  const [row] = rows;
  if (!row) return undefined;
  const { conversions, submissions, suppressions, ...deleted } = row;
  return { deleted, kept: { conversions, submissions, suppressions } };
}

/** The lead alone, with what the foreign keys take along. */
export async function deleteLeadRow(tx: Context, leadId: string): Promise<boolean> {
  const result = await tx.db.deleteFrom("leads").where("id", "=", leadId).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
