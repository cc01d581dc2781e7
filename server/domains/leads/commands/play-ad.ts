import { allow, type Context } from "#platform/context.ts";
import { newToken } from "#platform/ids.ts";
import { sandboxWebhookSecret, webhookUrlOf } from "#platform/integrations/load.ts";
import { Invalid } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { META_SIGNATURE_HEADER, sandboxLeadBody, signMetaWebhook } from "#providers/leads/port.ts";
import { takeLeadWebhook } from "../intake/ad-webhooks.ts";

export type Played = { fullName?: string; email?: string; phone?: string; company?: string; answer?: string };

/** Fills in the sandbox's form of an advertisement: what was typed arrives as Meta's signed webhook would, and is fetched from the sandbox. */
export async function playAd(runtime: Runtime, ctx: Context, played: Played): Promise<void> {
  allow(ctx, "sandbox:use");
  const named: [string, string | undefined][] = [
    ["full_name", played.fullName],
    ["email", played.email],
    ["phone_number", played.phone],
    ["company_name", played.company],
    ["what_are_you_looking_for?", played.answer],
  ];
  const answers = named.flatMap(([name, value]) => (value ? [{ name, values: [value] }] : []));
  if (answers.length === 0)
    throw Invalid(undefined, [{ pointer: "/email", detail: "Fill in something: a name or an address." }]);
  const body = sandboxLeadBody([{ answers, nonce: newToken(6) }], ctx.now());
  const secret = sandboxWebhookSecret(runtime.config.secretKey, ctx.workspace);
  await takeLeadWebhook(runtime, ctx.workspace, "sandbox-leads", {
    method: "POST",
    url: webhookUrlOf(runtime.config.publicUrl, ctx.workspace, "sandbox-leads"),
    headers: { "content-type": "application/json", [META_SIGNATURE_HEADER]: signMetaWebhook(secret, body) },
    body: Buffer.from(body),
  });
}
