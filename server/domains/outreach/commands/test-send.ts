import { z } from "zod";
import { type Context, allow } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { getLead, normaliseSender } from "#domains/leads/index.ts";
import { type Channel, sendTest } from "#domains/messaging/index.ts";
import type { TestSend } from "../contract/scripts.ts";
import { leadValues, renderWith } from "../engine/render-touch.ts";
import { ScriptNotFound, TestRefused } from "../problems.ts";
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
  const address = readAddress(script.type, to);
  const lead = leadId ? leadValues(await getLead(ctx, leadId)) : { ...SOMEBODY, [fieldOf(script.type)]: address };
  const campaign = script.campaignId ? await findCampaign(ctx, script.campaignId) : undefined;
  const unsubscribeUrl = previewLink(publicUrl);
  const outcome = await sendTest(ctx, {
    channel: script.type,
    to: address,
    scriptId,
    render: (facts) => renderWith({ ...facts, script, lead, campaignName: campaign?.name ?? null, unsubscribeUrl }),
  });
  if (outcome.kind === "refused") throw TestRefused(`${outcome.reason}.`);
  const { messageId, status, failure } = outcome;
  return { messageId, status, failure, to: address };
}

const fieldOf = (channel: Channel) => (channel === "EMAIL" ? "email" : "phone");

const emailSchema = z.email();
/** E.164: a plus, the country code, at most fifteen digits in all. */
const phoneSchema = z.string().regex(/^\+[1-9]\d{6,14}$/);

function readAddress(channel: Channel, to: string): string {
  const address = normaliseSender(channel, to);
  const isRead = (channel === "EMAIL" ? emailSchema : phoneSchema).safeParse(address).success;
  if (isRead) return address;
  const detail =
    channel === "EMAIL" ? "This is no e-mail address" : "Write the number with its country code, as +1 212 555 0123";
  throw Invalid(undefined, [{ pointer: "/to", detail }]);
}
