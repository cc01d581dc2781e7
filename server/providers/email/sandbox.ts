import { z } from "zod";

import type { SandboxOptions } from "../options.ts";
import { webhookSecret } from "../sandbox/credentials.ts";
import { SANDBOX_CONCURRENCY, emailSentinel, sandboxSend } from "../sandbox/outcome.ts";
import { sandboxWebhook } from "../sandbox/port.ts";
import type { EmailProvider } from "./port.ts";

export const sandboxEmailCredentials = z.strictObject({
  webhookSecret,
  fromEmail: z.email().default("hello@throughline.example").meta({ title: "From address" }),
});
export type SandboxEmailCredentials = z.infer<typeof sandboxEmailCredentials>;

/** A mailbox on the sandbox page instead of a mail server. */
export function createSandboxEmail(credentials: SandboxEmailCredentials, options: SandboxOptions): EmailProvider {
  return {
    name: "sandbox-email",
    concurrency: SANDBOX_CONCURRENCY,
    send: (email) =>
      sandboxSend(options, emailSentinel(email.to.email), {
        channel: "EMAIL",
        messageId: email.messageId,
        from: email.from.email,
        to: email.to.email,
        subject: email.subject,
        text: email.text,
        html: email.html,
        headers: email.headers,
        call: null,
      }),
    test: async () => ({ kind: "ok", detail: "The sandbox mailbox needs no connection" }),
    webhook: sandboxWebhook(credentials.webhookSecret, options.now),
    close: async () => {},
  };
}
