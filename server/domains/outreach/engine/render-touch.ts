import type { Context } from "#platform/context.ts";
import type { LeadForSend } from "#domains/leads/index.ts";
import type { Channel, RenderedMessage, Surroundings } from "#domains/messaging/index.ts";
import { buildEmailHeaders } from "../render/email-headers.ts";
import type { ScriptSource } from "../render/compile-script.ts";
import { type RenderedMessage as Filled, type RenderFailure, renderMessage } from "../render/render-message.ts";
import type { LeadValues } from "../render/values.ts";
import type { TouchScript } from "../queries/scripts.ts";

/** What a script may say of a lead. */
export const leadValues = (lead: LeadForSend): LeadValues => ({
  firstName: lead.firstName,
  lastName: lead.lastName,
  fullName: lead.fullName ?? [lead.firstName, lead.lastName].filter(Boolean).join(" "),
  email: lead.email,
  phone: lead.phone,
  company: lead.company,
  jobTitle: lead.jobTitle,
  timeZone: lead.timeZone,
  region: lead.region,
  country: lead.country,
  custom: {
    ...lead.meta,
    // Several options read as a person would list them.
    ...Object.fromEntries(
      Object.entries(lead.custom).map(([key, value]) => [key, Array.isArray(value) ? value.join(", ") : value]),
    ),
  },
});

/** Where a text is filled in: for whom, from which address, with which unsubscribe link. */
type Place = {
  campaignName: string | null;
  from: string;
  /** Of the channel's senders, where it has any: who writes, instead of the workspace. */
  sender?: { address: string; displayName: string } | null;
  around: Surroundings;
  unsubscribeUrl: string;
};

/**
 * A step's script filled in for one lead, or what keeps it from that: a script that is gone, of another channel, or that misses a value. Whoever
 * sends and whoever checks beforehand asks here.
 */
export function fillTouch({
  script,
  channel,
  lead,
  ...place
}: { script: TouchScript | null; channel: Channel; lead: LeadForSend } & Place): Filled | RenderFailure {
  if (!script) return { ok: false, missing: [], error: "the step has no script" };
  if (script.type !== channel)
    return { ok: false, missing: [], error: `the script "${script.name}" is for ${script.type}` };
  return fillScript({ script, lead: leadValues(lead), ...place });
}

function fillScript(asked: { script: ScriptSource; lead: LeadValues } & Place): Filled | RenderFailure {
  const { script, lead, campaignName, from, sender, around, unsubscribeUrl } = asked;
  const { settings } = around;
  return renderMessage({
    script,
    lead,
    sender: {
      name: sender?.displayName || settings.senderName,
      email: sender?.address ?? (settings.senderEmail || from),
    },
    workspace: { name: settings.senderName, postalAddress: settings.postalAddress },
    campaign: campaignName === null ? null : { name: campaignName },
    links: { unsubscribeUrl },
  });
}

/** Renders a step's script for one lead; what cannot be filled in makes no message. */
export function renderTouch(asked: {
  ctx: Context;
  script: TouchScript | null;
  channel: Channel;
  campaignName: string | null;
  lead: LeadForSend;
  messageId: string;
  from: string;
  sender?: { address: string; displayName: string } | null;
  around: Surroundings;
  /** Message-IDs of the thread that an e-mail goes on with, oldest first. */
  earlier?: readonly string[];
}): RenderedMessage {
  const { ctx, script, channel, lead, messageId, from, earlier } = asked;
  // Every e-mail carries the link; of texts only those that name it, and the others are spared its signature.
  const email = channel === "EMAIL" ? lead.email : null;
  const unsubscribeUrl = script && needsLink(script) ? ctx.providers.unsubscribeUrl(ctx, messageId, email) : "";
  const filled = fillTouch({ ...asked, unsubscribeUrl });
  return pack(filled, { name: leadValues(lead).fullName ?? "", messageId, from, unsubscribeUrl, earlier });
}

/** A script with the values of one person, as the message that goes to the vendor. */
export function renderWith(
  asked: { script: ScriptSource; lead: LeadValues; messageId: string } & Place,
): RenderedMessage {
  return pack(fillScript(asked), { ...asked, name: asked.lead.fullName ?? "" });
}

/** What was filled in, as the vendor takes it. `name`: of the person who is called. */
function pack(
  filled: Filled | RenderFailure,
  {
    name,
    messageId,
    from,
    unsubscribeUrl,
    earlier,
  }: { name: string; messageId: string; from: string; unsubscribeUrl: string; earlier?: readonly string[] },
): RenderedMessage {
  if (!filled.ok) {
    const missing = filled.missing.length > 0 ? `missing variable: ${filled.missing.join(", ")}` : "";
    return { kind: "failed", reason: [missing, filled.error].filter(Boolean).join("; ") };
  }
  switch (filled.type) {
    case "SMS":
      return { ...plain, text: filled.text, segments: filled.segments.segments };
    case "CALL":
      return { ...plain, text: filled.text, call: { vapiConfig: filled.call, name } };
    default: {
      const headers = buildEmailHeaders({
        messageId,
        domain: from.split("@")[1] ?? "localhost",
        unsubscribe: { url: unsubscribeUrl, address: from },
        earlier,
      });
      return { ...plain, subject: filled.subject, text: filled.text, html: filled.html, headers };
    }
  }
}

const needsLink = ({ type, content }: TouchScript) => type !== "SMS" || (content ?? "").includes("unsubscribeUrl");

const plain = { kind: "rendered" as const, subject: null, text: "", html: null, headers: {}, call: {}, segments: 1 };
