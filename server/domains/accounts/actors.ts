import type { Actor, Context } from "#platform/context.ts";
import { type Permission, ROLE_PERMISSIONS, type Role } from "#platform/permissions.ts";
import { NotAllowed } from "#platform/problems.ts";
import { findCreator } from "./queries/api-keys.ts";
import { findMemberByUser } from "./queries/members.ts";
import type { Changer } from "./rules.ts";

const permissionsOf: Record<Role, ReadonlySet<Permission>> = {
  OWNER: new Set(ROLE_PERMISSIONS.OWNER),
  ADMIN: new Set(ROLE_PERMISSIONS.ADMIN),
  MEMBER: new Set(ROLE_PERMISSIONS.MEMBER),
  VIEWER: new Set(ROLE_PERMISSIONS.VIEWER),
};

/** A member at work, with what their role allows. */
export const userActor = (user: { id: string; name: string }, role: Role): Actor => ({
  kind: "user",
  id: user.id,
  name: user.name,
  permissions: permissionsOf[role],
});

/** A key at work: its scopes, as far as the role of the person who made it reaches today. */
export function apiKeyActor(key: { id: string; name: string; scopes: readonly string[] }, role: Role): Actor {
  const permissions = ROLE_PERMISSIONS[role].filter((permission) => key.scopes.includes(permission));
  return { kind: "api_key", id: key.id, name: key.name, permissions: new Set(permissions) };
}

/** The person who answers for what is done: whoever is signed in, or whoever made the key. Null: our own work. */
export async function findPerson(ctx: Context): Promise<string | null> {
  if (ctx.actor.kind === "user") return ctx.actor.id;
  if (ctx.actor.kind !== "api_key") return null;
  const creator = await findCreator(ctx, ctx.actor.id);
  // The key was revoked between the check at the door and now.
  if (!creator) throw NotAllowed();
  return creator;
}

/** Who changes memberships, with the role they have at this moment: read after `lockWorkspace`, it holds until the commit. */
export async function findChanger(tx: Context): Promise<Changer> {
  const person = await findPerson(tx);
  if (person === null) return null;
  const member = await findMemberByUser(tx, person);
  if (!member) throw NotAllowed("You no longer belong to this workspace.");
  return { role: member.role };
}
