import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { workspaceRenamed } from "../messages.ts";
import { lockWorkspace, renameWorkspaceRow } from "../queries/workspaces.ts";
import { refuseStale } from "../refuse-stale.ts";

/** `expected`: the `updatedAt` that the change was made from. Throws NotFound, ChangedElsewhere. */
export async function renameWorkspace(
  ctx: Context,
  name: string,
  expected?: string,
): Promise<{ id: string; name: string; updatedAt: Date }> {
  allow(ctx, "workspace:write");
  return inTransaction(ctx, async (tx) => {
    const id = tx.workspace;
    const before = await lockWorkspace(tx);
    if (!before) throw NotFound();
    const { updatedAt } = before;
    await refuseStale(tx, { expected, updatedAt, told: [workspaceRenamed], about: { subjectId: id } });
    if (before.name === name) return { id, name, updatedAt };
    const changedAt = await renameWorkspaceRow(tx, name);
    await emit(tx, workspaceRenamed, { from: before.name, to: name }, { subjectId: id });
    return { id, name, updatedAt: changedAt };
  });
}
