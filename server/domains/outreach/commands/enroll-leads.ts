import { sql } from "kysely";
import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { Conflict, NotFound } from "#platform/problems.ts";
import { listLeadsForSend } from "#domains/leads/index.ts";
import { STATUSES_LEFT_ALONE } from "#domains/messaging/index.ts";
import { advance } from "../engine/advance.ts";
import { settingsOf } from "../engine/terms.ts";
import { leadEnrolled } from "../messages.ts";

export type EnrollOutcome = {
  leadId: string;
  kind: "enrolled" | "already" | "refused";
  enrollmentId: string | null;
  reason: string | null;
};

/**
 * Enrols leads into an active sequence and plans their first step: a fixed number of statements for up to 1,000. The unique key on
 * (sequence, lead) decides races: twenty callers make one enrollment and one first execution.
 */
export async function enrollLeads(
  ctx: Context,
  input: { sequenceId: string; leadIds: readonly string[]; campaignId?: string | null; by: "person" | "trigger" },
): Promise<EnrollOutcome[]> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    const sequence = await tx.db
      .selectFrom("retentionSequences")
      .select(["id", "name", "status", "settings"])
      .where("workspaceId", "=", tx.workspace)
      .where("id", "=", input.sequenceId)
      .forShare()
      .executeTakeFirst();
    if (!sequence) throw NotFound("There is no such sequence.");
    if (sequence.status !== "ACTIVE") throw Conflict(`The sequence is ${sequence.status}: start it first.`);
    const leads = await listLeadsForSend(tx, input.leadIds);
    const { allowStatuses } = settingsOf(sequence.settings);
    const outcomes = new Map<string, EnrollOutcome>();
    const wanted: { id: string; leadId: string }[] = [];
    for (const leadId of new Set(input.leadIds)) {
      const lead = leads.get(leadId);
      const allowed =
        lead &&
        (allowStatuses
          ? allowStatuses.includes(lead.status)
          : !STATUSES_LEFT_ALONE.some((status) => status === lead.status));
      if (!lead) outcomes.set(leadId, { leadId, kind: "refused", enrollmentId: null, reason: "there is no such lead" });
      else if (!allowed)
        outcomes.set(leadId, { leadId, kind: "refused", enrollmentId: null, reason: `the lead is ${lead.status}` });
      else wanted.push({ id: newId("enr"), leadId });
    }
    const { rows } = await sql<{ id: string; leadId: string }>`
      insert into sequence_enrollments (id, workspace_id, sequence_id, lead_id, campaign_id, enrolled_at)
      select r.id, ${tx.workspace}, ${sequence.id}, r."leadId", ${input.campaignId ?? null}, ${tx.now()}
      from json_to_recordset(${JSON.stringify(wanted)}::json) as r(id text, "leadId" text)
      on conflict (sequence_id, lead_id) do nothing
      returning id, lead_id as "leadId"`.execute(tx.db);
    for (const { id, leadId } of rows)
      outcomes.set(leadId, { leadId, kind: "enrolled", enrollmentId: id, reason: null });
    for (const { leadId } of wanted) {
      if (!outcomes.has(leadId))
        outcomes.set(leadId, {
          leadId,
          kind: "already",
          enrollmentId: null,
          reason: "the lead is or was in this sequence",
        });
    }
    await advance(
      tx,
      rows.map(({ id, leadId }) => ({
        enrollmentId: id,
        sequenceId: sequence.id,
        sequenceName: sequence.name,
        settings: sequence.settings,
        leadId,
        run: 1,
        afterOrder: -1,
        from: tx.now(),
      })),
    );
    await emitMany(
      tx,
      leadEnrolled,
      rows.map(({ id, leadId }) => ({
        payload: { enrollmentId: id, sequenceId: sequence.id, sequenceName: sequence.name, run: 1, by: input.by },
        leadId,
        subjectId: id,
      })),
    );
    return [...outcomes.values()];
  });
}
