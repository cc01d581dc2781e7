import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { putBack } from "#platform/database/put-back.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import { markErased } from "./erased-addresses.ts";
import { type LeadRows, leadRowsSchema, type MergeSnapshot } from "../merge/snapshot.ts";

/** All rows of this domain that would go with the lead. */
export async function readLeadRows(tx: Context, leadId: string): Promise<LeadRows> {
  const all = (table: string, where: ReturnType<typeof sql>) =>
    sql`(select coalesce(jsonb_agg(to_jsonb(r)), '[]') from ${sql.table(table)} r where ${where})`;
  const { rows } = await sql`
    select to_jsonb(l) as lead,
      ${all("lead_identities", sql`r.lead_id = l.id`)} as identities, ${all("lead_tags", sql`r.lead_id = l.id`)} as tags,
      ${all("lead_row_keys", sql`r.lead_id = l.id`)} as row_keys,
      ${all("merge_proposals", sql`l.id in (r.lead_id, r.other_lead_id)`)} as proposals
    from leads l where l.id = ${leadId}`.execute(tx.db);
  return leadRowsSchema.parse(rows[0]);
}

export async function restoreLeadRows(tx: Context, { lead, identities, tags, proposals }: LeadRows): Promise<void> {
  await putBack(tx, "leads", [lead]);
  await putBack(tx, "lead_identities", identities);
  if (identities.length > 0) await markErased(tx, [String(lead.id)]);
  await putBack(tx, "lead_tags", tags, sql`exists (select from tags t where t.id = r.tag_id)`);
  const stands = (column: string) => sql`exists (select from leads l where l.id = ${sql.ref(column)})`;
  await putBack(tx, "merge_proposals", proposals, sql`${stands("r.lead_id")} and ${stands("r.other_lead_id")}`);
}

/** Rows of files that made the one lead now find the other. */
export async function moveRowKeys(tx: Context, from: string, to: string, only?: readonly string[]): Promise<void> {
  let query = tx.db.updateTable("leadRowKeys").set({ leadId: to }).where("leadId", "=", from);
  if (only) query = query.where("key", "=", sql<string>`any(${[...only]}::text[])`);
  await query.execute();
}

export async function deleteRowKey(tx: Context, leadId: string, key: string): Promise<void> {
  await tx.db.deleteFrom("leadRowKeys").where("leadId", "=", leadId).where("key", "=", key).execute();
}

/** Open proposals of these ids; decided ones are a person's word and stay. */
export async function deleteOpenProposals(tx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.db.deleteFrom("mergeProposals").where("id", "in", ids).where("status", "=", "OPEN").execute();
}

export type MergeRow = {
  id: string;
  survivorId: string;
  otherId: string;
  snapshot: unknown;
  moved: Record<string, unknown>;
  mergedAt: Date;
  mergedBy: string | null;
  undoneAt: Date | null;
  undoneBy: string | null;
};

const COLUMNS = [
  "id",
  "survivorId",
  "otherId",
  "snapshot",
  "moved",
  "mergedAt",
  "mergedBy",
  "undoneAt",
  "undoneBy",
] as const;

export async function insertMerge(
  tx: Context,
  merge: { id: string; survivorId: string; otherId: string; snapshot: MergeSnapshot; moved: Record<string, unknown> },
): Promise<void> {
  const { snapshot, moved, ...ids } = merge;
  await sql`
    insert into lead_merges (id, workspace_id, survivor_id, other_id, snapshot, moved, merged_at, merged_by)
    values (${ids.id}, ${tx.workspace}, ${ids.survivorId}, ${ids.otherId}, ${JSON.stringify(snapshot)}, ${JSON.stringify(moved)},
      ${tx.now()}, ${tx.actor.id})`.execute(tx.db);
}

export const newMergeId = () => newId("mrg");

export async function findMerge(ctx: Context, id: string, lock = false): Promise<MergeRow | undefined> {
  const query = ctx.db.selectFrom("leadMerges").select(COLUMNS).where("id", "=", id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

/** The merge by which this lead is part of another now. */
export async function findMergeOf(ctx: Context, otherId: string): Promise<MergeRow | undefined> {
  return ctx.db
    .selectFrom("leadMerges")
    .select(COLUMNS)
    .where("otherId", "=", otherId)
    .where("undoneAt", "is", null)
    .executeTakeFirst();
}

/** What leads that were merged away are part of now, each once; that one may have been merged away in turn. */
export async function listSurvivors(ctx: Context, leadIds: readonly string[]): Promise<string[]> {
  if (leadIds.length === 0) return [];
  const rows = await ctx.db
    .selectFrom("leadMerges")
    .select("survivorId")
    .distinct()
    .where("otherId", "=", sql<string>`any(${[...leadIds]}::text[])`)
    .where("undoneAt", "is", null)
    .execute();
  return rows.map(({ survivorId }) => survivorId);
}

/** Merges into the same lead after this one that stand and can be undone, the latest first. */
export async function listLaterMerges(
  ctx: Context,
  { id, survivorId, mergedAt }: Pick<MergeRow, "id" | "survivorId" | "mergedAt">,
): Promise<Pick<MergeRow, "id" | "moved">[]> {
  return ctx.db
    .selectFrom("leadMerges")
    .select(["id", "moved"])
    .where("survivorId", "=", survivorId)
    .where("undoneAt", "is", null)
    .where((eb) => eb(eb.refTuple("mergedAt", "id"), ">", eb.tuple(mergedAt, id)))
    .orderBy("mergedAt", "desc")
    .orderBy("id", "desc")
    .execute();
}

export async function markUndone(tx: Context, id: string): Promise<void> {
  await tx.db
    .updateTable("leadMerges")
    .set({ undoneAt: tx.now(), undoneBy: tx.actor.id })
    .where("id", "=", id)
    .execute();
}

/** Merges, newest first; those that made one lead with `leadId`. */
export async function listMerges(
  ctx: Context,
  page: { leadId?: string; limit: number; after?: Cursor },
): Promise<MergeRow[]> {
  let query = ctx.db
    .selectFrom("leadMerges")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("mergedAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.leadId) query = query.where("survivorId", "=", page.leadId);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("mergedAt", "id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

/** The lead and all that were merged into it: events are never rewritten, so its history stands under each of these ids. */
export async function idsOfLead(ctx: Context, leadId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive ids as (
      select ${leadId}::text as id
      union
      select m.other_id from ids join lead_merges m on m.survivor_id = ids.id and m.undone_at is null
    )
    select id from ids`.execute(ctx.db);
  return rows.map(({ id }) => id);
}

/** Once a merge cannot be undone any more, what was kept for that is personal data without a purpose. */
export async function forgetSnapshots(ctx: Context, before: Date): Promise<void> {
  await sql`
    update lead_merges set snapshot = '{}', moved = '{}'
    where workspace_id = ${ctx.workspace} and merged_at < ${before} and snapshot <> '{}'`.execute(ctx.db);
}

export async function deleteMergesOf(tx: Context, survivorId: string): Promise<void> {
  await tx.db.deleteFrom("leadMerges").where("survivorId", "=", survivorId).execute();
}

/** Merges that these leads were part of, standing or undone. */
export async function listMergesOf(
  ctx: Context,
  leadIds: readonly string[],
): Promise<{ id: string; snapshot: unknown }[]> {
  return ctx.db
    .selectFrom("leadMerges")
    .select(["id", "snapshot"])
    .where("workspaceId", "=", ctx.workspace)
    .where((eb) => eb.or([eb("survivorId", "in", [...leadIds]), eb("otherId", "in", [...leadIds])]))
    .execute();
}
