import { type Actor, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import type { Runtime } from "#platform/runtime.ts";
import { userActor } from "../actors.ts";
import { memberJoined, workspaceCreated } from "../messages.ts";
import { insertWorkspace, type WorkspaceOfUser } from "../queries/workspaces.ts";
import { setActiveWorkspace } from "../queries/sessions.ts";

/** The context in which a workspace is made: that of the workspace itself. */
export const contextOfNewWorkspace = (runtime: Runtime, actor: Actor): Context =>
  runtime.contextFor(newId("ws"), actor);

/** Makes the context's workspace in the caller's transaction, with `owner` as its first member. `timeZone`: where the owner's clock is. */
export async function foundWorkspace(
  tx: Context,
  name: string,
  owner: { id: string; email: string },
  timeZone?: string,
): Promise<void> {
  await insertWorkspace(tx, name, owner.id, timeZone);
  await emit(tx, workspaceCreated, { name }, { subjectId: tx.workspace });
  await emit(
    tx,
    memberJoined,
    { userId: owner.id, email: owner.email, role: "OWNER", invitationId: null },
    { subjectId: owner.id },
  );
}

/** Anyone who is signed in may found a workspace; their session goes on in it. */
export async function createWorkspace(
  runtime: Runtime,
  owner: { id: string; name: string; email: string },
  { name, timeZone }: { name: string; timeZone?: string },
  sessionId: string | null,
): Promise<WorkspaceOfUser> {
  const ctx = contextOfNewWorkspace(runtime, userActor(owner, "OWNER"));
  await inTransaction(ctx, async (tx) => {
    await foundWorkspace(tx, name, owner, timeZone);
    if (sessionId) await setActiveWorkspace(tx.db, sessionId, tx.workspace);
  });
  const at = ctx.now();
  return { id: ctx.workspace, name, role: "OWNER", createdAt: at, updatedAt: at };
}
