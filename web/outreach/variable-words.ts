const WORDS: Readonly<Record<string, string>> = {
  firstName: "First name",
  lastName: "Last name",
  fullName: "Full name",
  email: "E-mail address",
  phone: "Phone number",
  company: "Company",
  jobTitle: "Job title",
  timeZone: "Time zone",
  city: "City",
  region: "State or region",
  country: "Country",
  "sender.name": "Who it comes from",
  "sender.email": "The sender's address",
  "workspace.name": "Your workspace",
  "workspace.postalAddress": "Your postal address",
  "campaign.name": "The campaign",
  unsubscribeUrl: "Link to unsubscribe",
};

/** A variable of scripts in words: `company` and `lead.company` → `Company`, `custom.plan` → `plan`. */
export function variableInWords(name: string): string {
  const short = name.startsWith("lead.") ? name.slice("lead.".length) : name;
  return WORDS[short] ?? (short.startsWith("custom.") ? short.slice("custom.".length) : name);
}
