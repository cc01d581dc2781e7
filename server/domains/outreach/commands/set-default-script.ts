import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { scriptChanged } from "../messages.ts";
import { ScriptNotFound } from "../problems.ts";
import { findScript, makeDefault } from "../queries/script-rows.ts";

/** Makes a script the one that is offered first for its channel, in place of the one before. Throws ScriptNotFound. */
export async function setDefaultScript(ctx: Context, scriptId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const script = await findScript(tx, scriptId);
    if (!script) throw ScriptNotFound();
    await makeDefault(tx, script);
    await emit(tx, scriptChanged, { scriptId, name: script.name, what: "made default" }, { subjectId: scriptId });
  });
}
