import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { NewScript } from "../contract/scripts.ts";
import { scriptChanged } from "../messages.ts";
import { CampaignNotFound } from "../problems.ts";
import { findCampaign } from "../queries/campaign-rows.ts";
import { insertScript } from "../queries/script-rows.ts";

/** Keeps a new script, finished or not, and returns its id. Throws CampaignNotFound. */
export async function createScript(ctx: Context, script: NewScript): Promise<string> {
  allow(ctx, "outreach:write");
  return inTransaction(ctx, async (tx) => {
    if (script.campaignId && !(await findCampaign(tx, script.campaignId))) throw CampaignNotFound();
    const scriptId = await insertScript(tx, {
      name: script.name,
      type: script.type,
      content: script.content ?? null,
      subject: script.subject ?? null,
      preheader: script.preheader ?? null,
      format: script.format ?? "markdown",
      vapiConfig: script.vapiConfig ?? null,
      campaignId: script.campaignId ?? null,
    });
    await emit(tx, scriptChanged, { scriptId, name: script.name, what: "created" }, { subjectId: scriptId });
    return scriptId;
  });
}
