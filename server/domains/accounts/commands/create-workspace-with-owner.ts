import { hashPassword } from "better-auth/crypto";
import { type Context, inTransaction } from "#platform/context.ts";
import type { Runtime } from "#platform/runtime.ts";
import { userActor } from "../actors.ts";
import { insertPerson, type Person } from "../queries/people.ts";
import { contextOfNewWorkspace, foundWorkspace } from "./create-workspace.ts";

export type OwnedWorkspace = { ctx: Context; workspaceId: string; owner: Person };

/**
 * A workspace and its owner's account in one transaction, without a visit to the sign-up page: for the demo and for tests. Without a password
 * the owner cannot sign in, and no time is spent on hashing one (60 ms).
 */
export async function createWorkspaceWithOwner(
  runtime: Runtime,
  wanted: { workspaceName: string; name: string; email: string; password?: string },
): Promise<OwnedWorkspace> {
  const passwordHash = wanted.password === undefined ? null : await hashPassword(wanted.password);
  // The owner has no id yet; the event log names our own work as the maker.
  const ctx = contextOfNewWorkspace(runtime, { kind: "system", id: "accounts.create-workspace" });
  const owner = await inTransaction(ctx, async (tx) => {
    const person = await insertPerson(tx.db, { ...wanted, passwordHash }, tx.now());
    await foundWorkspace(tx, wanted.workspaceName, person);
    return person;
  });
  return { ctx: { ...ctx, actor: userActor(owner, "OWNER") }, workspaceId: ctx.workspace, owner };
}
