import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";
import type { Role } from "#platform/permissions.ts";

/** A live session with the workspace it works in: the chosen one while its person belongs there, else the one joined first. */
export type SessionIdentity = {
  sessionId: string;
  userId: string;
  userName: string;
  workspaceId: string | null;
  role: Role | null;
};

/**
 * One indexed read on every request's path. Sessions end by the database's clock, not by ctx.now(): better-auth wrote `expires_at` by the
 * wall clock, whatever the virtual one says.
 */
export async function findSession(db: Kysely<DB>, token: string): Promise<SessionIdentity | undefined> {
  return db
    .selectFrom("sessions as s")
    .innerJoin("users as u", "u.id", "s.userId")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("memberships")
          .select(["workspaceId", "role"])
          .whereRef("userId", "=", "s.userId")
          .orderBy(sql`workspace_id = s.active_workspace_id`, (order) => order.desc().nullsLast())
          .orderBy("createdAt")
          .orderBy("id")
          .limit(1)
          .as("m"),
      (join) => join.onTrue(),
    )
    .select(["s.id as sessionId", "u.id as userId", "u.name as userName", "m.workspaceId", "m.role"])
    .where("s.token", "=", token)
    .where("s.expiresAt", ">", sql<Date>`now()`)
    .executeTakeFirst();
}

export type ApiKeyIdentity = {
  id: string;
  name: string;
  workspaceId: string;
  scopes: string[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  /** The role, at this moment, of the person who made the key. Without their membership there is no key. */
  role: Role;
};

export async function findApiKey(db: Kysely<DB>, keyHash: string): Promise<ApiKeyIdentity | undefined> {
  return db
    .selectFrom("apiKeys as k")
    .innerJoin("memberships as m", (join) =>
      join.onRef("m.workspaceId", "=", "k.workspaceId").onRef("m.userId", "=", "k.createdBy"),
    )
    .select(["k.id", "k.name", "k.workspaceId", "k.scopes", "k.expiresAt", "k.lastUsedAt", "m.role"])
    .where("k.keyHash", "=", keyHash)
    .executeTakeFirst();
}

export async function markKeyUsed(db: Kysely<DB>, id: string, at: Date): Promise<void> {
  await db.updateTable("apiKeys").set({ lastUsedAt: at }).where("id", "=", id).execute();
}
