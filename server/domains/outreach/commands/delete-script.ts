import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { scriptChanged } from "../messages.ts";
import { ScriptInUse, ScriptNotFound } from "../problems.ts";
import { deleteScriptRow, listSequencesWithScript, lockScript } from "../queries/script-rows.ts";

/** Deletes a script; what was sent with it stays. Throws ScriptNotFound, and ScriptInUse while a sequence under way sends it. */
export async function deleteScript(ctx: Context, scriptId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const script = await lockScript(tx, scriptId);
    if (!script) throw ScriptNotFound();
    const sequences = await listSequencesWithScript(tx, scriptId);
    if (sequences.length > 0) throw ScriptInUse(`It is sent by ${sequences.map(({ name }) => name).join(", ")}.`);
    await deleteScriptRow(tx, scriptId);
    await emit(tx, scriptChanged, { scriptId, name: script.name, what: "deleted" }, { subjectId: scriptId });
  });
}
