import type { Lookup, LookupQuery } from "../lookup.ts";
import type { ConnectionTest, SendOutcome } from "../outcome.ts";
import type { ProviderWebhook } from "../webhook.ts";

/** A text message to hand over. Numbers are E.164. */
export interface OutboundSms {
  /** Our id: echoed by the vendor in its callbacks. */
  messageId: string;
  /** The sender; without one, the number in the credentials. */
  from?: string;
  to: string;
  text: string;
}

export interface SmsProvider {
  readonly name: string;
  /** How many sends may be under way at once. More would wait for a connection, and the wait counts against the time-out. */
  readonly concurrency: number;
  /** Hands one message over. Never throws. */
  send(sms: OutboundSms): Promise<SendOutcome>;
  /** Asks what became of a hand-over without an answer. Never throws. Absent where the vendor cannot be asked. */
  lookup?(query: LookupQuery): Promise<Lookup>;
  test(): Promise<ConnectionTest>;
  readonly webhook: ProviderWebhook | null;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
}
