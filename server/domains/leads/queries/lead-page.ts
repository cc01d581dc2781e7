import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { IdentityKind } from "../address.ts";
import { idsOfLead } from "./merges.ts";
import type { SuppressionReason, SuppressionScope } from "../rules.ts";

export type IdentityRow = {
  id: string;
  kind: IdentityKind;
  value: string;
  isPrimary: boolean;
  createdAt: Date;
  /** What is closed to it. */
  suppressions: { id: string; reason: SuppressionReason; scope: SuppressionScope }[];
};

/** A lead's addresses, the first of each kind before the others, with the suppressions in force. */
export async function listIdentities(ctx: Context, leadId: string): Promise<IdentityRow[]> {
  const { rows } = await sql<IdentityRow>`
    select i.id, i.kind, i.value, i.is_primary, i.created_at, coalesce((
      select json_agg(json_build_object('id', s.id, 'reason', s.reason, 'scope', s.scope) order by s.id) from suppressions s
      where s.workspace_id = i.workspace_id and s.kind = i.kind and s.value in (i.value, i.suppression_key) and s.lifted_at is null), '[]') as suppressions
    from lead_identities i where i.lead_id = ${leadId}
    order by i.kind, i.is_primary desc, i.created_at, i.id`.execute(ctx.db);
  return rows;
}

export type TimelineRow = {
  id: string;
  type: string;
  at: Date;
  actorKind: string;
  actorId: string | null;
  subjectId: string | null;
  payload: Record<string, unknown>;
};

/** Everything that happened to a lead, and to those that were merged into it, newest first. */
export async function listTimeline(
  ctx: Context,
  leadId: string,
  page: { limit: number; after?: Cursor; types?: readonly string[] },
): Promise<TimelineRow[]> {
  const ids = await idsOfLead(ctx, leadId);
  let query = ctx.db
    .selectFrom("events")
    .select(["id", "type", "at", "actorKind", "actorId", "subjectId", "payload"])
    .where("workspaceId", "=", ctx.workspace)
    .where("leadId", ids.length === 1 ? "=" : "in", ids.length === 1 ? leadId : ids)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.types?.length) query = query.where("type", "in", page.types);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}
