import { type Context, allow } from "#platform/context.ts";
import { getLead } from "#domains/leads/index.ts";
import type { TestSend } from "#domains/messaging/contract.ts";
import { type Channel, sendTest } from "#domains/messaging/index.ts";
import { leadValues, renderWith } from "../engine/render-touch.ts";
import { ScriptNotFound } from "../problems.ts";
import { findCampaign } from "../queries/campaign-rows.ts";
import { findScript } from "../queries/script-rows.ts";
import type { LeadValues } from "../render/values.ts";
import { previewLink } from "./preview-script.ts";

/** Whom a test speaks to where no lead is chosen. */
const SOMEBODY: LeadValues = {
  firstName: "Robin",
  lastName: "Example",
  fullName: "Robin Example",
  company: "Example Company",
  jobTitle: "Founder",
};

/**
 * Sends a script to an address of one's own, filled in for a lead or for an invented person; its unsubscribe link opts nobody out. No touch
 * of anybody. `publicUrl` is the server's own address. Throws ScriptNotFound, LeadNotFound, Invalid for what is no address, and TestRefused
 * when a value is missing, the address is suppressed or nobody sends on the channel.
 */
export async function testSend(
  ctx: Context,
  { scriptId, to, leadId }: { scriptId: string; to: string; leadId?: string | null },
  publicUrl: string,
): Promise<TestSend> {
  allow(ctx, "messages:send");
  allow(ctx, "outreach:read");
  if (leadId) allow(ctx, "leads:read");
  const script = await findScript(ctx, scriptId);
  if (!script) throw ScriptNotFound();
  const lead = leadId ? leadValues(await getLead(ctx, leadId)) : null;
  const campaign = script.campaignId ? await findCampaign(ctx, script.campaignId) : undefined;
  const campaignName = campaign?.name ?? null;
  const unsubscribeUrl = previewLink(publicUrl);
  return sendTest(ctx, {
    channel: script.type,
    to,
    scriptId,
    scriptVersionId: script.versionId,
    render: (facts) => {
      const values = lead ?? { ...SOMEBODY, [fieldOf(script.type)]: facts.to };
      return renderWith({ ...facts, script, lead: values, campaignName, unsubscribeUrl });
    },
  });
}

const fieldOf = (channel: Channel) => (channel === "EMAIL" ? "email" : "phone");
