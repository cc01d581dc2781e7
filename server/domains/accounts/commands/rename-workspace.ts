import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { workspaceRenamed } from "../messages.ts";
import { lockWorkspace, renameWorkspaceRow } from "../queries/workspaces.ts";

export async function renameWorkspace(ctx: Context, name: string): Promise<{ id: string; name: string }> {
  allow(ctx, "workspace:write");
  await inTransaction(ctx, async (tx) => {
    const before = await lockWorkspace(tx);
    if (!before) throw NotFound();
    if (before.name === name) return;
    await renameWorkspaceRow(tx, name);
    await emit(tx, workspaceRenamed, { from: before.name, to: name }, { subjectId: tx.workspace });
  });
  return { id: ctx.workspace, name };
}
