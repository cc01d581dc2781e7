import type { FormField, IntakeTarget } from "#domains/leads/intake/source-settings.ts";
import type { IntakeKind, SubmissionStatus } from "#domains/leads/sets.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const intakeKindWords: Record<IntakeKind, string> = { form: "Form", api: "Program" };

export const submissionLook: Record<SubmissionStatus, { label: string; tone: Tone }> = {
  RECEIVED: { label: "Waiting", tone: "info" },
  CREATED: { label: "New lead", tone: "positive" },
  UPDATED: { label: "Known, added to", tone: "accent" },
  UNCHANGED: { label: "Known", tone: "neutral" },
  CONFLICT: { label: "Clashes", tone: "warning" },
  FAULTY: { label: "Nobody in it", tone: "warning" },
  FAILED: { label: "Failed", tone: "danger" },
  SPAM: { label: "Machine", tone: "neutral" },
};

export const providerWords = (provider: string): string =>
  ({ form: "Form", api: "Program", "meta-leads": "Meta lead ads", "sandbox-leads": "Sandbox ad" })[provider] ??
  provider;

export const formFieldWords: Record<FormField | "question", string> = {
  fullName: "Name",
  firstName: "First name",
  lastName: "Last name",
  email: "E-mail",
  phone: "Phone",
  company: "Company",
  jobTitle: "Job title",
  website: "Website",
  linkedin: "LinkedIn page",
  region: "State or region",
  country: "Country",
  question: "A question of your own",
};

/** What a name in a submission can mean. */
export const targetWords: Record<IntakeTarget, string> = {
  ...formFieldWords,
  timeZone: "Time zone",
  externalId: "An ID of your own",
  answer: "An answer, kept as written",
  ignore: "Nothing: left out",
};
