import { createHmac } from "node:crypto";
import { sql } from "kysely";
import { cookieSecret, sessionCookie } from "#domains/accounts/auth.ts";
import { userActor } from "#domains/accounts/index.ts";
import type { Context } from "#platform/context.ts";
import { newId, newToken } from "#platform/ids.ts";
import type { Role } from "#platform/permissions.ts";
import type { Runtime } from "#platform/runtime.ts";

export type Person = { id: string; name: string };

/** A member of that role, without a password: tests sign in by session. */
export async function insertMember(ctx: Context, role: Role): Promise<Person> {
  const person = { id: newId("user"), name: `${role.toLowerCase()} of ${ctx.workspace}` };
  const at = ctx.now();
  await ctx.db
    .insertInto("users")
    .values({ ...person, email: `${person.id}@example.test`, createdAt: at, updatedAt: at })
    .execute();
  await ctx.db
    .insertInto("memberships")
    .values({ id: newId("mbr"), workspaceId: ctx.workspace, userId: person.id, role, createdAt: at })
    .execute();
  return person;
}

/** Signs a person in to the workspace and returns the Cookie header that a browser would send. */
export async function signIn(runtime: Runtime, workspace: string, userId: string): Promise<string> {
  const token = newToken();
  await runtime.database
    .forWorkspace("")
    .insertInto("sessions")
    // Sessions end by the database's own clock, whatever the virtual one says.
    .values({
      id: newId("sess"),
      userId,
      token,
      activeWorkspaceId: workspace,
      expiresAt: sql<Date>`now() + interval '1 day'`,
    })
    .execute();
  const signature = createHmac("sha256", cookieSecret(runtime)).update(token).digest("base64");
  return `${sessionCookie(runtime.config.publicUrl)}=${encodeURIComponent(`${token}.${signature}`)}`;
}

/** A context of the same workspace that acts as another of its members. */
export const actingAs = (ctx: Context, person: Person, role: Role): Context => ({
  ...ctx,
  actor: userActor(person, role),
});
