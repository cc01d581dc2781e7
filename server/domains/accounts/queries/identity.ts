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

/** One indexed read with a kept plan, on every request's path. Sessions end by the database's clock, not by ctx.now(). */
export async function findSession(db: Kysely<DB>, token: string): Promise<SessionIdentity | undefined> {
  const { rows } = await sql<SessionIdentity>`select * from app_find_session(${token})`.execute(db);
  return rows[0];
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
  const { rows } = await sql<ApiKeyIdentity>`select * from app_find_api_key(${keyHash})`.execute(db);
  return rows[0];
}

export async function markKeyUsed(db: Kysely<DB>, id: string, at: Date): Promise<void> {
  await db.updateTable("apiKeys").set({ lastUsedAt: at }).where("id", "=", id).execute();
}
