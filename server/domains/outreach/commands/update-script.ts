import { isDeepStrictEqual } from "node:util";
import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import type { ScriptPatch } from "../contract/scripts.ts";
import { scriptChanged } from "../messages.ts";
import { CampaignNotFound, ScriptBreaksSequence, ScriptNotFound } from "../problems.ts";
import { findCampaign } from "../queries/campaign-rows.ts";
import { listSequencesWithScript, lockScript, updateScriptRow } from "../queries/script-rows.ts";
import { insertVersion, type VersionTexts } from "../queries/script-versions.ts";
import { scriptFaults } from "../render/compile-script.ts";
import { KNOWN_VARIABLES } from "../render/known-variables.ts";

/**
 * Changes a script; other words are its next version. One that an active sequence sends is only saved without faults: the next touch would fail for everybody.
 * `restoredFrom`: the number of the version whose words these are. `expected`: the `updatedAt` that the change was made from. Throws
 * ScriptNotFound, CampaignNotFound, ScriptBreaksSequence, ChangedElsewhere.
 */
export async function updateScript(
  ctx: Context,
  scriptId: string,
  patch: ScriptPatch,
  { restoredFrom = null, expected }: { restoredFrom?: number | null; expected?: string } = {},
): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const script = await lockScript(tx, scriptId);
    if (!script) throw ScriptNotFound();
    await refuseStale(tx, {
      expected,
      updatedAt: script.updatedAt,
      told: [scriptChanged],
      about: { subjectId: scriptId },
    });
    const sequences = await listSequencesWithScript(tx, scriptId);
    if (patch.campaignId && !(await findCampaign(tx, patch.campaignId))) throw CampaignNotFound();
    const changed = { ...script, ...patch };
    const active = sequences.filter((sequence) => sequence.status === "ACTIVE");
    const faults = active.length > 0 ? scriptFaults(changed, KNOWN_VARIABLES) : [];
    if (faults.length > 0) {
      throw ScriptBreaksSequence(
        `Active with this script: ${active.map(({ name }) => name).join(", ")}.`,
        faults.map(({ detail }) => ({ pointer: "", detail })),
      );
    }
    await updateScriptRow(tx, scriptId, patch);
    if (hasOtherWords(script, changed)) await insertVersion(tx, scriptId, changed, restoredFrom);
    await emit(tx, scriptChanged, { scriptId, name: changed.name, what: "updated" }, { subjectId: scriptId });
  });
}

const wordsOf = ({ subject, preheader, content, format, vapiConfig }: VersionTexts) => ({
  subject,
  preheader,
  content,
  format,
  vapiConfig,
});

const hasOtherWords = (before: VersionTexts, after: VersionTexts) =>
  !isDeepStrictEqual(wordsOf(before), wordsOf(after));
