import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import { PERMISSIONS, type Permission } from "#platform/permissions.ts";

export type ApiKeyRow = {
  id: string;
  name: string;
  start: string;
  scopes: string[];
  createdBy: string;
  creatorName: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

/** Scopes as stored, without those that this version no longer knows. */
export const knownScopes = (scopes: readonly string[]): Permission[] =>
  PERMISSIONS.filter((permission) => scopes.includes(permission));

const apiKeys = ({ db, workspace }: Context) =>
  db
    .selectFrom("apiKeys as k")
    .innerJoin("users as u", "u.id", "k.createdBy")
    .select([
      "k.id",
      "k.name",
      "k.start",
      "k.scopes",
      "k.createdBy",
      "u.name as creatorName",
      "k.createdAt",
      "k.expiresAt",
      "k.lastUsedAt",
    ])
    .where("k.workspaceId", "=", workspace);

/** Newest first. */
export async function listApiKeys(ctx: Context, page: { limit: number; after?: Cursor }): Promise<ApiKeyRow[]> {
  let query = apiKeys(ctx)
    .orderBy("k.createdAt", "desc")
    .orderBy("k.id", "desc")
    .limit(page.limit + 1);
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("k.createdAt", "k.id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

export async function getApiKey(ctx: Context, id: string): Promise<ApiKeyRow> {
  return apiKeys(ctx).where("k.id", "=", id).executeTakeFirstOrThrow();
}

export async function insertApiKey(
  tx: Context,
  key: {
    name: string;
    start: string;
    keyHash: string;
    scopes: readonly Permission[];
    createdBy: string;
    expiresAt: Date | null;
  },
): Promise<string> {
  const id = newId("key");
  const scopes = sql<string[]>`${JSON.stringify(key.scopes)}::jsonb`;
  await tx.db
    .insertInto("apiKeys")
    .values({ ...key, id, workspaceId: tx.workspace, scopes, createdAt: tx.now() })
    .execute();
  return id;
}

/** What was deleted; undefined when the workspace has no such key. */
export async function deleteApiKey(tx: Context, id: string): Promise<{ id: string; name: string } | undefined> {
  return tx.db
    .deleteFrom("apiKeys")
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .returning(["id", "name"])
    .executeTakeFirst();
}

export async function deleteApiKeysOf(tx: Context, userId: string): Promise<{ id: string; name: string }[]> {
  return tx.db
    .deleteFrom("apiKeys")
    .where("workspaceId", "=", tx.workspace)
    .where("createdBy", "=", userId)
    .returning(["id", "name"])
    .execute();
}

/** Who answers for what a key does. */
export async function findCreator(ctx: Context, id: string): Promise<string | undefined> {
  const row = await ctx.db.selectFrom("apiKeys").select("createdBy").where("id", "=", id).executeTakeFirst();
  return row?.createdBy;
}

/** What a key is called, as long as it is there. */
export async function findKeyName(ctx: Context, id: string): Promise<string | undefined> {
  return (await apiKeys(ctx).where("k.id", "=", id).executeTakeFirst())?.name;
}
