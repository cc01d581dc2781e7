import type { Kysely } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { DB } from "#platform/database/types.ts";
import { newId } from "#platform/ids.ts";
import type { Role } from "#platform/permissions.ts";

export type WorkspaceOfUser = { id: string; name: string; role: Role; createdAt: Date; updatedAt: Date };

const ofUser = (db: Kysely<DB>, userId: string) =>
  db
    .selectFrom("memberships as m")
    .innerJoin("workspaces as w", "w.id", "m.workspaceId")
    .select(["w.id", "w.name", "m.role", "w.createdAt", "w.updatedAt"])
    .where("m.userId", "=", userId);

/** In the order in which the person joined them. */
export async function listWorkspacesOf(db: Kysely<DB>, userId: string): Promise<WorkspaceOfUser[]> {
  return ofUser(db, userId).orderBy("m.createdAt").orderBy("m.id").execute();
}

export async function findWorkspaceOf(
  db: Kysely<DB>,
  userId: string,
  workspaceId: string,
): Promise<WorkspaceOfUser | undefined> {
  return ofUser(db, userId).where("w.id", "=", workspaceId).executeTakeFirst();
}

export async function belongsSomewhere(db: Kysely<DB>, userId: string): Promise<boolean> {
  return (await ofUser(db, userId).limit(1).executeTakeFirst()) !== undefined;
}

/**
 * Changes of who belongs to the workspace come one after another: each takes this lock first, so what it counts stays true until it commits.
 * The lock does not hold up rows that only refer to the workspace.
 */
export async function lockWorkspace(tx: Context): Promise<{ name: string; updatedAt: Date } | undefined> {
  return tx.db
    .selectFrom("workspaces")
    .select(["name", "updatedAt"])
    .where("id", "=", tx.workspace)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Makes the workspace of the context, with its settings at their defaults and its first owner; its clock is New York's unless told. */
export async function insertWorkspace(tx: Context, name: string, ownerId: string, timeZone?: string): Promise<void> {
  const createdAt = tx.now();
  await tx.db.insertInto("workspaces").values({ id: tx.workspace, name, createdAt, updatedAt: createdAt }).execute();
  await tx.db
    .insertInto("workspaceSettings")
    .values({ workspaceId: tx.workspace, updatedAt: createdAt, ...(timeZone && { timeZone }) })
    .execute();
  await tx.db
    .insertInto("memberships")
    .values({ id: newId("mbr"), workspaceId: tx.workspace, userId: ownerId, role: "OWNER", createdAt })
    .execute();
}

/** Answers the state that it is in now. */
export async function renameWorkspaceRow(tx: Context, name: string): Promise<Date> {
  const { updatedAt } = await tx.db
    .updateTable("workspaces")
    .set({ name, updatedAt: laterThanBefore(tx) })
    .where("id", "=", tx.workspace)
    .returning("updatedAt")
    .executeTakeFirstOrThrow();
  return updatedAt;
}
