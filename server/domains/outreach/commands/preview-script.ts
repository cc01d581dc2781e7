import { allow, type Context } from "#platform/context.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { getLead } from "#domains/leads/index.ts";
import type { ScriptDraft, ScriptPreview } from "../contract/scripts.ts";
import { leadValues } from "../engine/render-touch.ts";
import { ScriptNotFound } from "../problems.ts";
import { findCampaign } from "../queries/campaign-rows.ts";
import { findScript } from "../queries/script-rows.ts";
import { scriptFaults } from "../render/compile-script.ts";
import { KNOWN_VARIABLES } from "../render/known-variables.ts";
import { renderMessage } from "../render/render-message.ts";

/** The unsubscribe link of a preview: of our own address, and of no message, so that trying it opts nobody out. */
export const previewLink = (publicUrl: string) => `${publicUrl}/u/preview`;

/**
 * A text as one lead would get it, or what is missing for it; writes nothing. `script`: a stored script's id, or a text that is
 * still being written. `publicUrl` is the server's own address. Throws ScriptNotFound, LeadNotFound.
 */
export async function previewScript(
  ctx: Context,
  script: string | ScriptDraft,
  leadId: string,
  publicUrl: string,
): Promise<ScriptPreview> {
  allow(ctx, "outreach:read");
  allow(ctx, "leads:read");
  const stored = typeof script === "string" ? await findScript(ctx, script) : undefined;
  const draft = typeof script === "string" ? stored : { ...script, content: script.content ?? null };
  if (!draft) throw ScriptNotFound();
  const lead = await getLead(ctx, leadId);
  const campaign = stored?.campaignId ? await findCampaign(ctx, stored.campaignId) : undefined;
  const settings = await getWorkspaceSettings(ctx);
  const provider = draft.type === "EMAIL" ? await ctx.providers.active(ctx, "EMAIL") : null;

  const rendered = renderMessage({
    script: draft,
    lead: leadValues(lead),
    sender: { name: settings.senderName, email: settings.senderEmail || (provider?.from ?? "") },
    workspace: { name: settings.senderName, postalAddress: settings.postalAddress },
    campaign: campaign ? { name: campaign.name } : null,
    links: { unsubscribeUrl: previewLink(publicUrl) },
  });
  const faults = scriptFaults(draft, KNOWN_VARIABLES);
  if (!rendered.ok) return { message: null, missing: rendered.missing, error: rendered.error ?? null, faults };
  const { ok: _ok, ...message } = rendered;
  return { message, missing: [], error: null, faults };
}
