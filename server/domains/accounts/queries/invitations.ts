import type { Kysely } from "kysely";
import type { Context } from "#platform/context.ts";
import type { DB } from "#platform/database/types.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { Role } from "#platform/permissions.ts";
import type { InvitationState } from "../sets.ts";

export type InvitationRow = {
  id: string;
  workspaceId: string;
  workspaceName: string;
  email: string;
  role: Role;
  inviterId: string;
  inviterName: string;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  cancelledAt: Date | null;
};

const invitations = (db: Kysely<DB>) =>
  db
    .selectFrom("invitations as i")
    .innerJoin("users as u", "u.id", "i.inviterId")
    .innerJoin("workspaces as w", "w.id", "i.workspaceId")
    .select([
      "i.id",
      "i.workspaceId",
      "w.name as workspaceName",
      "i.email",
      "i.role",
      "i.inviterId",
      "u.name as inviterName",
      "i.createdAt",
      "i.expiresAt",
      "i.acceptedAt",
      "i.cancelledAt",
    ]);

/** Newest first. */
export async function listInvitations(
  ctx: Context,
  page: { state?: InvitationState; limit: number; after?: Cursor },
): Promise<InvitationRow[]> {
  let query = invitations(ctx.db)
    .where("i.workspaceId", "=", ctx.workspace)
    .orderBy("i.createdAt", "desc")
    .orderBy("i.id", "desc")
    .limit(page.limit + 1);
  if (page.state === "accepted") query = query.where("i.acceptedAt", "is not", null);
  else if (page.state === "cancelled") query = query.where("i.cancelledAt", "is not", null);
  else if (page.state) {
    query = query.where("i.acceptedAt", "is", null).where("i.cancelledAt", "is", null);
    query = query.where("i.expiresAt", page.state === "open" ? ">" : "<=", ctx.now());
  }
  if (page.after) {
    const [at, id] = page.after;
    query = query.where((eb) => eb(eb.refTuple("i.createdAt", "i.id"), "<", eb.tuple(new Date(at ?? 0), id)));
  }
  return query.execute();
}

export async function findInvitation(ctx: Context, id: string): Promise<InvitationRow | undefined> {
  return invitations(ctx.db).where("i.workspaceId", "=", ctx.workspace).where("i.id", "=", id).executeTakeFirst();
}

/** Of any workspace: for the holder of a signed link. */
export async function findLinkedInvitation(db: Kysely<DB>, id: string): Promise<InvitationRow | undefined> {
  return invitations(db).where("i.id", "=", id).executeTakeFirst();
}

export async function findOpenInvitation(ctx: Context, email: string): Promise<InvitationRow | undefined> {
  return invitations(ctx.db)
    .where("i.workspaceId", "=", ctx.workspace)
    .where("i.email", "=", email)
    .where("i.acceptedAt", "is", null)
    .where("i.cancelledAt", "is", null)
    .where("i.expiresAt", ">", ctx.now())
    .executeTakeFirst();
}

export async function insertInvitation(
  tx: Context,
  invitation: { email: string; role: Role; inviterId: string; expiresAt: Date },
): Promise<string> {
  const id = newId("inv");
  await tx.db
    .insertInto("invitations")
    .values({ id, workspaceId: tx.workspace, createdAt: tx.now(), ...invitation })
    .execute();
  return id;
}

export async function updateInvitation(
  tx: Context,
  id: string,
  change: { expiresAt?: Date; cancelledAt?: Date; acceptedAt?: Date; acceptedBy?: string },
): Promise<void> {
  await tx.db
    .updateTable("invitations")
    .set(change)
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

export async function hasAccount(db: Kysely<DB>, email: string): Promise<boolean> {
  return (await db.selectFrom("users").select("id").where("email", "=", email).executeTakeFirst()) !== undefined;
}
