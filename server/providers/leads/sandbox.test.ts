import { describeWebhook } from "../conformance.ts";
import type { RawRequest } from "../webhook.ts";
import { describeLeadAds } from "./conformance.ts";
import { metaWebhook } from "./meta-webhook.ts";
import { type LeadAnswer, sandboxLeadBody, signMetaWebhook } from "./port.ts";
import { createSandboxLeads } from "./sandbox.ts";

const SECRET = "a-secret-of-some-length";
const AT = new Date("2026-03-02T12:00:00Z");
const options = { webhookUrl: "https://crm.example/webhooks/w1/sandbox-leads", now: () => AT };

const signed = (answers: readonly LeadAnswer[], nonce: string, secret = SECRET): RawRequest => {
  const body = sandboxLeadBody([{ answers, nonce }], AT);
  const headers = { "x-hub-signature-256": signMetaWebhook(secret, body) };
  return { method: "POST", url: options.webhookUrl, headers, body: Buffer.from(body) };
};

describeLeadAds({
  name: "The sandbox",
  behaviours: ["give", "rate-limit", "broken", "hang", "gone"],
  retryAfterSeconds: 120,
  async start() {
    const provider = createSandboxLeads({ webhookSecret: SECRET }, options);
    return {
      provider,
      async play(_behaviour, answers) {
        const [notice] = provider.webhook.read(signed(answers, "1"));
        return notice?.externalId ?? "";
      },
      stop: async () => {},
    };
  },
});

const ANA = [{ name: "email", values: ["ana@example.com"] }];
describeWebhook({
  name: "The sandbox's lead form",
  open: () => metaWebhook(SECRET, SECRET),
  signed: (_at, which) => signed(ANA, which),
  forged: () => signed(ANA, "first", "another-secret-of-some-length"),
  proofHeader: "x-hub-signature-256",
  bindsBody: true,
  bindsTime: false,
});
