import { allow, type Context, inTransaction } from "#platform/context.ts";
import { ScriptNotFound, ScriptVersionNotFound } from "../problems.ts";
import { lockScript } from "../queries/script-rows.ts";
import { findVersionsByNumber } from "../queries/script-versions.ts";
import { vapiConfigSchema } from "../trigger-config.ts";
import { updateScript } from "./update-script.ts";

/**
 * Puts the words of an earlier version back, as the next version: history only grows. `expected`: the `updatedAt` of the script whose words
 * they replace. Throws ScriptNotFound, ScriptVersionNotFound, ChangedElsewhere, and ScriptBreaksSequence when an active sequence could not send them today.
 */
export async function restoreVersion(ctx: Context, scriptId: string, number: number, expected?: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await lockScript(tx, scriptId))) throw ScriptNotFound();
    const version = (await findVersionsByNumber(tx, scriptId, [number])).get(number);
    if (!version) throw ScriptVersionNotFound();
    const { subject, preheader, content, format, vapiConfig } = version;
    const voice = vapiConfig === null ? null : vapiConfigSchema.parse(vapiConfig);
    await updateScript(
      tx,
      scriptId,
      { subject, preheader, content, format, vapiConfig: voice },
      { restoredFrom: number, expected },
    );
  });
}
