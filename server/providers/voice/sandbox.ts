import { z } from "zod";

import { senderNumber } from "../options.ts";
import type { SandboxOptions } from "../options.ts";
import { webhookSecret } from "../sandbox/credentials.ts";
import { SANDBOX_CONCURRENCY, phoneSentinel, sandboxSend } from "../sandbox/outcome.ts";
import { sandboxWebhook } from "../sandbox/port.ts";
import type { VoiceProvider } from "./port.ts";

export const sandboxVoiceCredentials = z.strictObject({
  webhookSecret,
  fromNumber: senderNumber.default("+15005550006").meta({ title: "Calling number" }),
});
export type SandboxVoiceCredentials = z.infer<typeof sandboxVoiceCredentials>;

/** A call log on the sandbox page instead of a telephone line. */
export function createSandboxVoice(credentials: SandboxVoiceCredentials, options: SandboxOptions): VoiceProvider {
  return {
    name: "sandbox-voice",
    concurrency: SANDBOX_CONCURRENCY,
    send: (call) =>
      sandboxSend(options, phoneSentinel(call.to), {
        channel: "CALL",
        messageId: call.messageId,
        from: call.from ?? credentials.fromNumber,
        to: call.to,
        subject: null,
        text: call.vapiConfig.firstMessage ?? "",
        html: null,
        headers: null,
        call: { config: call.vapiConfig, variables: call.variables },
      }),
    test: async () => ({ kind: "ok", detail: "The sandbox call log needs no connection" }),
    webhook: sandboxWebhook(credentials.webhookSecret, options.now),
    close: async () => {},
  };
}
