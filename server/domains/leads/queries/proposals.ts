import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { IdentityKind } from "../address.ts";
import type { ProposalStatus } from "../rules.ts";

export type ProposalLead = {
  id: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
};
export type ProposalRow = {
  id: string;
  kind: IdentityKind;
  value: string;
  reason: string;
  status: ProposalStatus;
  createdAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  lead: ProposalLead;
  otherLead: ProposalLead;
};

const leadJson = (alias: string) => sql`json_build_object(
  'id', ${sql.ref(alias)}.id, 'firstName', ${sql.ref(alias)}.first_name, 'lastName', ${sql.ref(alias)}.last_name,
  'email', ${sql.ref(alias)}.email, 'phone', ${sql.ref(alias)}.phone)`;

/** Proposals in a state, newest first; those that concern one lead with `leadId`. */
export async function listProposals(
  ctx: Context,
  page: { status: ProposalStatus; leadId?: string; limit: number; after?: Cursor },
): Promise<ProposalRow[]> {
  const { after, leadId } = page;
  const { rows } = await sql<ProposalRow>`
    select p.id, p.kind, p.value, p.reason, p.status, p.created_at, p.decided_at, p.decided_by,
      ${leadJson("one")} as lead, ${leadJson("other")} as other_lead
    from merge_proposals p join leads one on one.id = p.lead_id join leads other on other.id = p.other_lead_id
    where p.workspace_id = ${ctx.workspace} and p.status = ${page.status}
      ${leadId ? sql`and (p.lead_id = ${leadId} or p.other_lead_id = ${leadId})` : sql``}
      ${after ? sql`and (p.created_at, p.id) < (${new Date(after[0] ?? 0)}::timestamptz, ${after[1]})` : sql``}
    order by p.created_at desc, p.id desc limit ${page.limit + 1}`.execute(ctx.db);
  return rows;
}

/** False: there is no such open proposal. */
export async function decideProposal(tx: Context, id: string, status: "DISMISSED"): Promise<boolean> {
  const result = await tx.db
    .updateTable("mergeProposals")
    .set({ status, decidedAt: tx.now(), decidedBy: tx.actor.id })
    .where("id", "=", id)
    .where("status", "=", "OPEN")
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function countOpenProposals(ctx: Context, leadId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from merge_proposals
    where status = 'OPEN' and (lead_id = ${leadId} or other_lead_id = ${leadId})`.execute(ctx.db);
  return rows[0]?.count ?? 0;
}
