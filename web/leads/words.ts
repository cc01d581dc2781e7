import type {
  ConsentBasis,
  IdentityKind,
  LeadSource,
  LeadStatus,
  SuppressionReason,
  SuppressionScope,
  TimeZoneSource,
} from "#domains/leads/rules.ts";
import type { Tone } from "#web/ui/badge.tsx";
import type { Option } from "#web/ui/select.tsx";

export const leadNoun = { one: "lead", other: "leads" };

export const statusLook: Record<LeadStatus, { label: string; tone: Tone }> = {
  NEW: { label: "New", tone: "neutral" },
  CONTACTED: { label: "Contacted", tone: "info" },
  IN_PROGRESS: { label: "In progress", tone: "accent" },
  CONVERTED: { label: "Converted", tone: "positive" },
  LOST: { label: "Lost", tone: "danger" },
};

export const sourceWords: Record<LeadSource, string> = { MANUAL: "By hand or file", META: "Meta lead ads", API: "API" };

export const kindWords: Record<IdentityKind, string> = { EMAIL: "E-mail", PHONE: "Phone", LINKEDIN: "LinkedIn page" };

export const reasonWords: Record<SuppressionReason, { label: string; tone: Tone }> = {
  STOP_REPLY: { label: "Replied STOP", tone: "danger" },
  UNSUBSCRIBE: { label: "Unsubscribed", tone: "danger" },
  COMPLAINT: { label: "Marked as spam", tone: "danger" },
  HARD_BOUNCE: { label: "Address does not exist", tone: "warning" },
  MANUAL: { label: "Closed by a person", tone: "neutral" },
  ERASED: { label: "Data erased", tone: "neutral" },
};

export const scopeWords: Record<SuppressionScope, string> = {
  ALL: "Every channel",
  EMAIL: "E-mail",
  SMS: "SMS",
  CALL: "Calls",
};

/** How the time zone of a lead is known. */
export const zoneWords: Record<TimeZoneSource, string> = {
  explicit: "Given with the lead",
  phone: "From the phone number",
  region: "From the state or region",
  country: "From the country",
  workspace: "Not known: the workspace's own",
};

const fieldWords: Readonly<Record<string, string>> = {
  externalId: "ID in the other system",
  firstName: "First name",
  lastName: "Last name",
  fullName: "Full name",
  email: "E-mail",
  emails: "E-mails",
  phone: "Phone",
  phones: "Phones",
  linkedin: "LinkedIn page",
  company: "Company",
  jobTitle: "Job title",
  website: "Website",
  notes: "Notes",
  tags: "Tags",
  status: "Status",
  source: "Source",
  sourceLabel: "Source (your word for it)",
  timeZone: "Time zone",
  region: "State or region",
  country: "Country",
  meta: "Other data",
};

/** A field of a lead in words; `meta.x` is the kept column x, `custom.x` a field of the workspace's own. */
export function fieldName(field: string): string {
  if (field.startsWith("meta.")) return field.slice("meta.".length);
  if (field.startsWith("custom.")) return field.slice("custom.".length).replaceAll("_", " ");
  return fieldWords[field] ?? field;
}

/** The choices of a closed set, from its table of words. */
export function optionsOf<Value extends string>(
  words: Readonly<Record<Value, string | { label: string }>>,
): readonly Option<Value>[] {
  const options: Option<Value>[] = [];
  for (const value in words) {
    const word = words[value];
    options.push({ value, label: typeof word === "string" ? word : word.label });
  }
  return options;
}

/** Suppressions of an erased person's address keep a key of it alone. */
export const addressShown = (value: string): string =>
  value.startsWith("erased:") ? "Address of an erased person" : value;

export const basisWords: Record<ConsentBasis, string> = {
  CONSENT: "Consent",
  LEGITIMATE_INTEREST: "Legitimate interest",
  CONTRACT: "Contract",
};

/** The person's name; without one, the first address. */
export function leadName(lead: {
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  linkedin?: string | null;
}): string {
  const name = `${lead.firstName} ${lead.lastName}`.trim();
  return name || (lead.email ?? lead.phone ?? lead.linkedin ?? "Without a name");
}

/** How a linked file looks: a download is a link, not a button of the router. */
export const fileLink = "text-sm font-medium text-accent-ink underline-offset-4 hover:underline";
