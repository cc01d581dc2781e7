import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";

/** The person's live sessions, the last used first. They end by the wall clock, which better-auth keeps. */
export async function listSessions(db: Kysely<DB>, userId: string) {
  return db
    .selectFrom("sessions")
    .select(["id", "ipAddress", "userAgent", "createdAt", "updatedAt", "expiresAt"])
    .where("userId", "=", userId)
    .where("expiresAt", ">", sql<Date>`now()`)
    .orderBy("updatedAt", "desc")
    .orderBy("id", "desc")
    .execute();
}

/** How many were ended. */
export async function deleteSessions(
  db: Kysely<DB>,
  userId: string,
  which: { id: string } | { except: string | null },
): Promise<number> {
  let query = db.deleteFrom("sessions").where("userId", "=", userId);
  if ("id" in which) query = query.where("id", "=", which.id);
  else if (which.except) query = query.where("id", "!=", which.except);
  const { numDeletedRows } = await query.executeTakeFirst();
  return Number(numDeletedRows);
}

export async function setActiveWorkspace(db: Kysely<DB>, sessionId: string, workspaceId: string): Promise<void> {
  await db.updateTable("sessions").set({ activeWorkspaceId: workspaceId }).where("id", "=", sessionId).execute();
}

/** Removes what has ended by itself; returns how many rows. */
export async function deleteExpired(db: Kysely<DB>): Promise<number> {
  const now = sql<Date>`now()`;
  const sessions = await db.deleteFrom("sessions").where("expiresAt", "<", now).executeTakeFirst();
  const verifications = await db.deleteFrom("verifications").where("expiresAt", "<", now).executeTakeFirst();
  // No window of a limit is longer than a day.
  const limits = await db
    .deleteFrom("rateLimits")
    .where("lastRequest", "<", sql<number>`extract(epoch from now() - interval '1 day') * 1000`)
    .executeTakeFirst();
  return Number(sessions.numDeletedRows + verifications.numDeletedRows + limits.numDeletedRows);
}
