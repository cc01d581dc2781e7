import { z } from "zod";
import type { ProviderOptions } from "../options.ts";
import { webhookSecret } from "../sandbox/credentials.ts";
import { emailSentinel } from "../sandbox/outcome.ts";
import { metaWebhook } from "./meta-webhook.ts";
import { type LeadAdsProvider, type LeadFetch, NO_ORIGIN, SANDBOX_FORM } from "./port.ts";

export const sandboxLeadsCredentials = z.strictObject({ webhookSecret });
export type SandboxLeadsCredentials = z.infer<typeof sandboxLeadsCredentials>;

const kept = z.tuple([
  z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
  z.string(),
  z.number().transform((seconds) => new Date(seconds * 1000)),
]);

/** What the person wrote, out of the lead's id; null for an id that the sandbox never gave. */
function readId(externalId: string): z.infer<typeof kept> | null {
  const [, text] = /^sandbox\.([\w-]+)$/.exec(externalId) ?? [];
  if (text === undefined) return null;
  try {
    return kept.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    return null;
  }
}

/**
 * Meta's part, played on this machine. A lead with the e-mail address `bounce@…` is refused, with `timeout@…`, `ratelimit@…` or `broken@…` the
 * vendor fails that way.
 */
export function createSandboxLeads(
  { webhookSecret: secret }: SandboxLeadsCredentials,
  _options: ProviderOptions,
): LeadAdsProvider {
  return {
    name: "sandbox-leads",
    concurrency: 16,
    fetch: async (externalId) => answerOf(externalId),
    test: async () => ({ kind: "ok", detail: "The sandbox form needs no connection" }),
    webhook: metaWebhook(secret, secret),
    close: async () => {},
  };
}

function answerOf(externalId: string): LeadFetch {
  const lead = readId(externalId);
  if (!lead) return { kind: "refused", detail: "100 The sandbox knows no such lead" };
  const [answers, , createdAt] = lead;
  const email = answers.find(({ name }) => name === "email")?.values[0] ?? "";
  switch (emailSentinel(email)) {
    case "bounce":
      return { kind: "refused", detail: "100 The sandbox plays a lead that was deleted" };
    case "timeout":
      return { kind: "failed", detail: "The sandbox plays a vendor that never answers" };
    case "ratelimit":
      return { kind: "failed", detail: "The sandbox plays a vendor at its limit", retryAfterSeconds: 120 };
    case "broken":
      return { kind: "failed", detail: "HTTP 500: the sandbox plays a vendor that is ill" };
    default:
      return {
        kind: "fetched",
        answers,
        origin: { ...NO_ORIGIN, formId: SANDBOX_FORM.id, formName: SANDBOX_FORM.name, createdAt },
      };
  }
}
