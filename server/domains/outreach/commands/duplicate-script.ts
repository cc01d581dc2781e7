import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { scriptChanged } from "../messages.ts";
import { ScriptNotFound } from "../problems.ts";
import { findScript, insertScript } from "../queries/script-rows.ts";

const MOST_CHARACTERS = 200;

/** Copies a script under a name that says so, and returns the copy's id. A copy is never the default. Throws ScriptNotFound. */
export async function duplicateScript(ctx: Context, scriptId: string): Promise<string> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    const script = await findScript(tx, scriptId);
    if (!script) throw ScriptNotFound();
    const { id: _id, isDefault: _isDefault, versionId: _versionId, ...rest } = script;
    const { createdAt: _createdAt, updatedAt: _updatedAt, ...fields } = rest;
    const suffix = " (copy)";
    const name = script.name.slice(0, MOST_CHARACTERS - suffix.length) + suffix;
    const copyId = await insertScript(tx, { ...fields, name });
    await emit(tx, scriptChanged, { scriptId: copyId, name, what: "created" }, { subjectId: copyId });
    return copyId;
  });
}
