import type { z } from "zod";

import type { EmailProvider } from "./email/port.ts";
import { createSandboxEmail, sandboxEmailCredentials } from "./email/sandbox.ts";
import { createSendgrid, sendgridCredentials, sendgridSecretFields } from "./email/sendgrid.ts";
import { createSmtp, smtpCredentials, smtpSecretFields } from "./email/smtp.ts";
import { createMeta, metaCredentials, metaSecretFields } from "./leads/meta.ts";
import type { LeadAdsProvider } from "./leads/port.ts";
import { createSandboxLeads, sandboxLeadsCredentials } from "./leads/sandbox.ts";
import type { SandboxOptions } from "./options.ts";
import { sandboxSecretFields } from "./sandbox/credentials.ts";
import type { SmsProvider } from "./sms/port.ts";
import { createSandboxSms, sandboxSmsCredentials } from "./sms/sandbox.ts";
import { createTwilio, twilioCredentials, twilioSecretFields } from "./sms/twilio.ts";
import type { VoiceProvider } from "./voice/port.ts";
import { createSandboxVoice, sandboxVoiceCredentials } from "./voice/sandbox.ts";
import { createVapi, vapiCredentials, vapiSecretFields } from "./voice/vapi.ts";

/** What vendors do for a workspace: carry messages over a channel, or bring leads. */
export const PROVIDER_TYPES = ["EMAIL", "SMS", "CALL", "LEADS"] as const;
export type ProviderType = (typeof PROVIDER_TYPES)[number];

export interface ProviderByType {
  EMAIL: EmailProvider;
  SMS: SmsProvider;
  CALL: VoiceProvider;
  LEADS: LeadAdsProvider;
}

/** One vendor, as the rest of the system knows it. */
export interface ProviderDefinition<Type extends ProviderType = ProviderType> {
  type: Type;
  label: string;
  /** It reaches nobody: in production it must be asked for by name. */
  sandbox: boolean;
  /** Validates what a person typed; `meta()` of each field has its title and description. */
  credentials: z.ZodObject;
  /** Fields of the credentials that are never shown again. */
  secretFields: readonly string[];
  /** Parses the credentials with their own schema and opens the provider. Throws when they do not fit it. */
  create(credentials: unknown, options: SandboxOptions): ProviderByType[Type];
}

/** Ties a factory to the schema of its credentials, and forgets their type: a stored config is only known to be JSON. */
function define<Type extends ProviderType, Schema extends z.ZodObject>(definition: {
  type: Type;
  label: string;
  sandbox?: boolean;
  credentials: Schema;
  secretFields: readonly (keyof z.infer<Schema> & string)[];
  create: (credentials: z.infer<Schema>, options: SandboxOptions) => ProviderByType[Type];
}): ProviderDefinition<Type> {
  const { credentials, create } = definition;
  return {
    sandbox: false,
    ...definition,
    create: (given, options) => create(credentials.parse(given), options),
  };
}

/** Every provider by the name under which integrations store it. Nothing else in the system knows a vendor's name. */
export const PROVIDERS = {
  smtp: define({
    type: "EMAIL",
    label: "SMTP",
    credentials: smtpCredentials,
    secretFields: smtpSecretFields,
    create: createSmtp,
  }),
  sendgrid: define({
    type: "EMAIL",
    label: "SendGrid",
    credentials: sendgridCredentials,
    secretFields: sendgridSecretFields,
    create: createSendgrid,
  }),
  "sandbox-email": define({
    type: "EMAIL",
    label: "Sandbox mailbox",
    sandbox: true,
    credentials: sandboxEmailCredentials,
    secretFields: sandboxSecretFields,
    create: createSandboxEmail,
  }),
  twilio: define({
    type: "SMS",
    label: "Twilio",
    credentials: twilioCredentials,
    secretFields: twilioSecretFields,
    create: createTwilio,
  }),
  "sandbox-sms": define({
    type: "SMS",
    label: "Sandbox phone",
    sandbox: true,
    credentials: sandboxSmsCredentials,
    secretFields: sandboxSecretFields,
    create: createSandboxSms,
  }),
  vapi: define({
    type: "CALL",
    label: "Vapi",
    credentials: vapiCredentials,
    secretFields: vapiSecretFields,
    create: createVapi,
  }),
  "sandbox-voice": define({
    type: "CALL",
    label: "Sandbox call log",
    sandbox: true,
    credentials: sandboxVoiceCredentials,
    secretFields: sandboxSecretFields,
    create: createSandboxVoice,
  }),
  "meta-leads": define({
    type: "LEADS",
    label: "Meta lead ads",
    credentials: metaCredentials,
    secretFields: metaSecretFields,
    create: createMeta,
  }),
  "sandbox-leads": define({
    type: "LEADS",
    label: "Sandbox lead form",
    sandbox: true,
    credentials: sandboxLeadsCredentials,
    secretFields: sandboxSecretFields,
    create: createSandboxLeads,
  }),
} as const satisfies Record<string, ProviderDefinition>;

export type ProviderName = keyof typeof PROVIDERS;

/** Narrows a name from outside (a URL, a stored row) to one of the table. */
export function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(PROVIDERS, name);
}
