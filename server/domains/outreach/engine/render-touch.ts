import type { Context } from "#platform/context.ts";
import type { LeadForSend } from "#domains/leads/index.ts";
import type { Channel, RenderedMessage, Surroundings } from "#domains/messaging/index.ts";
import { buildEmailHeaders } from "../render/email-headers.ts";
import type { ScriptSource } from "../render/compile-script.ts";
import { renderMessage } from "../render/render-message.ts";
import type { LeadValues, MessageValues } from "../render/values.ts";
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
  custom: lead.meta,
});

/** Renders a step's script for one lead. A script that is gone, of another channel, or that misses a value makes no message. */
export function renderTouch(asked: {
  ctx: Context;
  script: TouchScript | null;
  channel: Channel;
  campaignName: string | null;
  lead: LeadForSend;
  messageId: string;
  from: string;
  around: Surroundings;
}): RenderedMessage {
  const { ctx, script, channel, campaignName, lead, messageId, from, around } = asked;
  if (!script) return { kind: "failed", reason: "the step has no script" };
  if (script.type !== channel) return { kind: "failed", reason: `the script "${script.name}" is for ${script.type}` };
  // Every e-mail carries the link; of texts only those that name it, and the others are spared its signature.
  const unsubscribeUrl = needsLink(script) ? ctx.providers.unsubscribeUrl(ctx, messageId) : "";
  return renderWith({ script, lead: leadValues(lead), campaignName, messageId, from, around, unsubscribeUrl });
}

/** A script with the values of one person, as the message that goes to the vendor. */
export function renderWith(asked: {
  script: ScriptSource;
  lead: LeadValues;
  campaignName: string | null;
  messageId: string;
  from: string;
  around: Surroundings;
  unsubscribeUrl: string;
}): RenderedMessage {
  const { script, lead, campaignName, messageId, from, around, unsubscribeUrl } = asked;
  const { settings } = around;
  const values: MessageValues = {
    lead,
    sender: { name: settings.senderName, email: settings.senderEmail || from },
    workspace: { name: settings.senderName, postalAddress: settings.postalAddress },
    campaign: campaignName === null ? null : { name: campaignName },
    links: { unsubscribeUrl },
  };
  const rendered = renderMessage({ script, ...values });
  if (!rendered.ok) {
    const missing = rendered.missing.length > 0 ? `missing variable: ${rendered.missing.join(", ")}` : "";
    return { kind: "failed", reason: [missing, rendered.error].filter(Boolean).join("; ") };
  }
  switch (rendered.type) {
    case "SMS":
      return { ...plain, text: rendered.text, segments: rendered.segments.segments };
    case "CALL":
      return { ...plain, text: rendered.text, call: { vapiConfig: rendered.call, name: values.lead.fullName ?? "" } };
    default: {
      const headers = buildEmailHeaders({
        messageId,
        domain: from.split("@")[1] ?? "localhost",
        unsubscribe: { url: unsubscribeUrl, address: from },
      });
      return { ...plain, subject: rendered.subject, text: rendered.text, html: rendered.html, headers };
    }
  }
}

const needsLink = ({ type, content }: TouchScript) => type !== "SMS" || (content ?? "").includes("unsubscribeUrl");

const plain = { kind: "rendered" as const, subject: null, text: "", html: null, headers: {}, call: {}, segments: 1 };
