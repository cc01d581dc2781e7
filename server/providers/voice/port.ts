import { z } from "zod";

import type { Lookup, LookupQuery } from "../lookup.ts";
import type { ConnectionTest, SendOutcome } from "../outcome.ts";
import type { ProviderWebhook } from "../webhook.ts";

/**
 * How the assistant of a call speaks and thinks. `model` and `voice` may name their maker before a slash
 * (`anthropic/claude-sonnet-4-5`, `11labs/burt`); without one it is OpenAI.
 */
export const voiceConfig = z.strictObject({
  model: z.string().trim().min(1).max(200),
  voice: z.string().trim().min(1).max(200),
  temperature: z.number().min(0).max(2).optional(),
  firstMessage: z.string().max(2000).optional(),
  instructions: z.string().trim().min(1).max(50_000),
});
export type VoiceConfig = z.infer<typeof voiceConfig>;

/** A call to place. `to` is E.164. */
export interface OutboundCall {
  /** Our id: echoed by the vendor in its messages. */
  messageId: string;
  /** The vendor's id of the number that calls (Vapi: phoneNumberId); without one, that in the credentials. */
  from?: string;
  to: string;
  /** The name of the person, for the vendor's call log. */
  name?: string;
  vapiConfig: VoiceConfig;
  /** Values for placeholders that the vendor fills in while speaking. */
  variables: Record<string, string>;
}

export interface VoiceProvider {
  readonly name: string;
  /** How many sends may be under way at once. More would wait for a connection, and the wait counts against the time-out. */
  readonly concurrency: number;
  /** Places one call. Never throws. */
  send(call: OutboundCall): Promise<SendOutcome>;
  /** Asks what became of a hand-over without an answer. Never throws. Absent where the vendor cannot be asked. */
  lookup?(query: LookupQuery): Promise<Lookup>;
  test(): Promise<ConnectionTest>;
  readonly webhook: ProviderWebhook | null;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
}
