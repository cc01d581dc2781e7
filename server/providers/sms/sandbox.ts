import { z } from "zod";

import { senderNumber } from "../options.ts";
import type { SandboxOptions } from "../options.ts";
import { webhookSecret } from "../sandbox/credentials.ts";
import { SANDBOX_CONCURRENCY, phoneSentinel, sandboxSend } from "../sandbox/outcome.ts";
import { sandboxWebhook } from "../sandbox/port.ts";
import type { SmsProvider } from "./port.ts";

export const sandboxSmsCredentials = z.strictObject({
  webhookSecret,
  fromNumber: senderNumber.default("+15005550006").meta({ title: "Sender" }),
});
export type SandboxSmsCredentials = z.infer<typeof sandboxSmsCredentials>;

/** A phone on the sandbox page instead of a carrier. */
export function createSandboxSms(credentials: SandboxSmsCredentials, options: SandboxOptions): SmsProvider {
  return {
    name: "sandbox-sms",
    concurrency: SANDBOX_CONCURRENCY,
    send: (sms) =>
      sandboxSend(options, phoneSentinel(sms.to), {
        channel: "SMS",
        messageId: sms.messageId,
        from: sms.from ?? credentials.fromNumber,
        to: sms.to,
        subject: null,
        text: sms.text,
        html: null,
        headers: null,
        call: null,
      }),
    test: async () => ({ kind: "ok", detail: "The sandbox phone needs no connection" }),
    webhook: sandboxWebhook(credentials.webhookSecret, options.now),
    close: async () => {},
  };
}
