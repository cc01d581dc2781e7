import type { Kysely } from "kysely";
import type { DB } from "#platform/database/types.ts";
import { newId } from "#platform/ids.ts";

export type Person = { id: string; name: string; email: string };

export async function getPerson(db: Kysely<DB>, id: string): Promise<Person> {
  return db.selectFrom("users").select(["id", "name", "email"]).where("id", "=", id).executeTakeFirstOrThrow();
}

/** Two sign-ins of one person at once decide one after the other. */
export async function lockUser(db: Kysely<DB>, id: string): Promise<void> {
  await db.selectFrom("users").select("id").where("id", "=", id).forNoKeyUpdate().executeTakeFirst();
}

/** An account as better-auth would make it: the person, and a credential whose accountId is the person's own id. Null: no password yet. */
export async function insertPerson(
  db: Kysely<DB>,
  person: { name: string; email: string; passwordHash: string | null },
  at: Date,
): Promise<Person> {
  const id = newId("user");
  const email = person.email.toLowerCase();
  const stamps = { createdAt: at, updatedAt: at };
  await db
    .insertInto("users")
    .values({ id, name: person.name, email, ...stamps })
    .execute();
  await db
    .insertInto("accounts")
    .values({
      id: newId("acct"),
      userId: id,
      accountId: id,
      providerId: "credential",
      password: person.passwordHash,
      ...stamps,
    })
    .execute();
  return { id, name: person.name, email };
}

/** False when the person has a password already. */
export async function setFirstPassword(db: Kysely<DB>, userId: string, password: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("accounts")
    .set({ password, updatedAt: at })
    .where("userId", "=", userId)
    .where("providerId", "=", "credential")
    .where("password", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Where mail about this person may be read when there is no mail server. */
export async function findHomeWorkspace(db: Kysely<DB>, userId: string): Promise<string | null> {
  const row = await db
    .selectFrom("memberships")
    .select("workspaceId")
    .where("userId", "=", userId)
    .orderBy("createdAt")
    .orderBy("id")
    .executeTakeFirst();
  return row?.workspaceId ?? null;
}
