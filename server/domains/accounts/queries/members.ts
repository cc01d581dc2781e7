import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { Role } from "#platform/permissions.ts";

export type MemberRow = { id: string; userId: string; name: string; email: string; role: Role; createdAt: Date };

const members = ({ db, workspace }: Context) =>
  db
    .selectFrom("memberships as m")
    .innerJoin("users as u", "u.id", "m.userId")
    .select(["m.id", "m.userId", "u.name", "u.email", "m.role", "m.createdAt"])
    .where("m.workspaceId", "=", workspace);

export type MemberFilter = { q?: string; role?: Role };

/** Those who joined first come first. */
export async function listMembers(
  ctx: Context,
  page: MemberFilter & { limit: number; after?: Cursor },
): Promise<MemberRow[]> {
  let query = members(ctx)
    .orderBy("m.createdAt")
    .orderBy("m.id")
    .limit(page.limit + 1);
  if (page.role) query = query.where("m.role", "=", page.role);
  if (page.q) {
    const needle = `%${page.q.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((eb) => eb.or([eb(sql`lower(u.name)`, "like", needle), eb("u.email", "like", needle)]));
  }
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("m.createdAt", "m.id"), ">", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

export async function findMember(ctx: Context, id: string): Promise<MemberRow | undefined> {
  return members(ctx).where("m.id", "=", id).executeTakeFirst();
}

export async function findMemberByUser(ctx: Context, userId: string): Promise<MemberRow | undefined> {
  return members(ctx).where("m.userId", "=", userId).executeTakeFirst();
}

/** How members of the workspace are called, by their user ids; whoever is none is missing. */
export async function listMemberNames(ctx: Context, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await members(ctx).where("m.userId", "in", userIds).execute();
  return new Map(rows.map(({ userId, name }) => [userId, name]));
}

export async function findMemberByEmail(ctx: Context, email: string): Promise<MemberRow | undefined> {
  return members(ctx).where("u.email", "=", email).executeTakeFirst();
}

/** Only true until the next change: take `lockWorkspace` first. */
export async function countOwners({ db, workspace }: Context): Promise<number> {
  const { owners } = await db
    .selectFrom("memberships")
    .select((eb) => eb.fn.countAll<number>().as("owners"))
    .where("workspaceId", "=", workspace)
    .where("role", "=", "OWNER")
    .executeTakeFirstOrThrow();
  return owners;
}

/** False when the person belongs to the workspace already. */
export async function insertMember(tx: Context, userId: string, role: Role): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.db
    .insertInto("memberships")
    .values({ id: newId("mbr"), workspaceId: tx.workspace, userId, role, createdAt: tx.now() })
    .onConflict((conflict) => conflict.columns(["workspaceId", "userId"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function setRole(tx: Context, id: string, role: Role): Promise<void> {
  await tx.db
    .updateTable("memberships")
    .set({ role })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

/** The person's API keys go with the membership: the foreign key says so. */
export async function deleteMember(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("memberships").where("workspaceId", "=", tx.workspace).where("id", "=", id).execute();
}
