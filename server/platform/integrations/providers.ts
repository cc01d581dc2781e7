import type { Context } from "../context.ts";
import type { Dns } from "../dns.ts";
import type { EmailProvider } from "#providers/email/port.ts";
import type { LeadAdsProvider } from "#providers/leads/port.ts";
import type { SmsProvider } from "#providers/sms/port.ts";
import type { VoiceProvider } from "#providers/voice/port.ts";

/** The vendor that serves a channel of a workspace: its own integration, or the sandbox where none is connected. */
export type ActiveProvider =
  | { channel: "EMAIL"; integrationId: string | null; vendor: EmailProvider; from: string }
  | { channel: "SMS"; integrationId: string | null; vendor: SmsProvider; from: string }
  | { channel: "CALL"; integrationId: string | null; vendor: VoiceProvider; from: string };

/** The vendor whose forms bring leads to a workspace. */
export type ActiveLeadAds = { channel: "LEADS"; integrationId: string | null; vendor: LeadAdsProvider };

export type Channel = ActiveProvider["channel"];

export type Providers = {
  /** Where people reach this server; no slash at the end. */
  readonly publicUrl: string;
  /** Null: no active integration and no sandbox allowed, or the integration is disabled. Adapters are cached until `forget`. */
  active(ctx: Context, channel: Channel): Promise<ActiveProvider | null>;
  /** The adapter of one vendor of a channel by name, to verify and read its webhooks. */
  byName(ctx: Context, provider: string): Promise<ActiveProvider | null>;
  /** The vendor of leads of that name: connected and switched on, or the sandbox where it is allowed. Null otherwise. */
  leadAds(ctx: Context, provider: string): Promise<ActiveLeadAds | null>;
  /** The link by which the person a message went to says no; only they hold it. `email`: the address a mail goes to, null for other messages. */
  unsubscribeUrl(ctx: Context, messageId: string, email: string | null): string;
  /** Where records of domains are looked up. */
  readonly dns: Dns;
  /** The message of this workspace that an unsubscribe token in the text belongs to, and the address that the token carries; else null. */
  readUnsubscribe(ctx: Context, text: string): { messageId: string; email: string | null } | null;
  /** An integration changed: read it again. */
  forget(workspaceId: string): void;
};
