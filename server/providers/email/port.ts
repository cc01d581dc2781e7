import type { Lookup, LookupQuery } from "../lookup.ts";
import type { ConnectionTest, SendOutcome } from "../outcome.ts";
import type { ProviderWebhook } from "../webhook.ts";

export interface EmailAddress {
  email: string;
  name?: string;
}

/** An e-mail to hand over, rendered. */
export interface OutboundEmail {
  /** Our id: echoed by the vendor in its callbacks where it can. */
  messageId: string;
  from: EmailAddress;
  replyTo?: EmailAddress;
  to: EmailAddress;
  subject: string;
  html: string;
  text: string;
  /** List-Unsubscribe, List-Unsubscribe-Post, Message-ID, References, In-Reply-To and the like, sent as they are. */
  headers: Record<string, string>;
}

export interface EmailProvider {
  readonly name: string;
  /** How many sends may be under way at once. More would wait for a connection, and the wait counts against the time-out. */
  readonly concurrency: number;
  /** Hands one message over. Never throws. */
  send(email: OutboundEmail): Promise<SendOutcome>;
  /** Asks what became of a hand-over without an answer. Never throws. Absent where the vendor cannot be asked. */
  lookup?(query: LookupQuery): Promise<Lookup>;
  test(): Promise<ConnectionTest>;
  readonly webhook: ProviderWebhook | null;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
}
