import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import { newId } from "#platform/ids.ts";
import { fold } from "../search-text.ts";

export type TagRow = { id: string; name: string; leads: number; createdAt: Date; updatedAt: Date };

/** A workspace's tags by name, each with the number of its leads. */
export async function listTags(ctx: Context): Promise<TagRow[]> {
  const { rows } = await sql<TagRow>`
    select t.id, t.name, t.created_at, t.updated_at,
      (select count(*)::int from lead_tags lt where lt.workspace_id = t.workspace_id and lt.tag_id = t.id) as leads
    from tags t where t.workspace_id = ${ctx.workspace} order by t.name_key`.execute(ctx.db);
  return rows;
}

/** Names of these tags, by id; those that are gone are missing. */
export async function listTagNames(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("tags")
    .select(["id", "name"])
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Undefined: a tag of that name is there. */
export async function insertTag(tx: Context, name: string): Promise<string | undefined> {
  const row = await tx.db
    .insertInto("tags")
    .values({
      id: newId("tag"),
      workspaceId: tx.workspace,
      name,
      nameKey: fold(name),
      createdAt: tx.now(),
      updatedAt: tx.now(),
    })
    .onConflict((conflict) => conflict.columns(["workspaceId", "nameKey"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

/** A tag by its id, locked until the commit. */
export async function lockTag(tx: Context, id: string): Promise<{ id: string; updatedAt: Date } | undefined> {
  return tx.db.selectFrom("tags").select(["id", "updatedAt"]).where("id", "=", id).forNoKeyUpdate().executeTakeFirst();
}

/** Undefined: the name is another tag's. Else the state that it is in now. */
export async function renameTagRow(tx: Context, id: string, name: string): Promise<Date | undefined> {
  const taken = await tx.db
    .selectFrom("tags")
    .select("id")
    .where("nameKey", "=", fold(name))
    .where("id", "!=", id)
    .executeTakeFirst();
  if (taken) return undefined;
  const row = await tx.db
    .updateTable("tags")
    .set({ name, nameKey: fold(name), updatedAt: laterThanBefore(tx) })
    .where("id", "=", id)
    .returning("updatedAt")
    .executeTakeFirst();
  return row?.updatedAt;
}

export async function deleteTagRow(tx: Context, id: string): Promise<boolean> {
  const result = await tx.db.deleteFrom("tags").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Every lead with the tag. */
export async function leadsWithTag(ctx: Context, tagId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("leadTags")
    .select("leadId")
    .where("workspaceId", "=", ctx.workspace)
    .where("tagId", "=", tagId)
    .execute();
  return rows.map(({ leadId }) => leadId);
}

/** Puts tags on leads; returns the leads that gained one. */
export async function tagLeads(tx: Context, leadIds: readonly string[], tagIds: readonly string[]): Promise<string[]> {
  if (leadIds.length === 0 || tagIds.length === 0) return [];
  const { rows } = await sql<{ leadId: string }>`
    insert into lead_tags (workspace_id, lead_id, tag_id, lead_created_at, created_at)
    select ${tx.workspace}, l.id, t.id, l.created_at, ${tx.now()}
    from leads l cross join unnest(${[...tagIds]}::text[]) as t(id) where l.id = any(${[...leadIds]}::text[])
    on conflict (lead_id, tag_id) do nothing returning lead_id`.execute(tx.db);
  return [...new Set(rows.map(({ leadId }) => leadId))];
}

/** Takes tags off leads; returns the leads that lost one. */
export async function untagLeads(
  tx: Context,
  leadIds: readonly string[],
  tagIds: readonly string[],
): Promise<string[]> {
  if (leadIds.length === 0 || tagIds.length === 0) return [];
  const rows = await tx.db
    .deleteFrom("leadTags")
    .where("leadId", "in", leadIds)
    .where("tagId", "in", tagIds)
    .returning("leadId")
    .execute();
  return [...new Set(rows.map(({ leadId }) => leadId))];
}

/** Tags that are there, by name; names without a tag are missing. */
export async function findTagsByName(ctx: Context, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await ctx.db.selectFrom("tags").select("id").where("nameKey", "in", names.map(fold)).execute();
  return rows.map(({ id }) => id);
}
