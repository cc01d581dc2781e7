import { z } from "zod";
import { CONSENT_CHANNELS } from "../sets.ts";

/** The lead's own fields that a form may ask for. */
export const FORM_FIELDS = [
  "fullName",
  "firstName",
  "lastName",
  "email",
  "phone",
  "company",
  "jobTitle",
  "website",
  "linkedin",
  "region",
  "country",
] as const;
export type FormField = (typeof FORM_FIELDS)[number];

/** What a name in a submission may mean: a field, a question of the form's own, or nothing. */
export const INTAKE_TARGETS = [...FORM_FIELDS, "timeZone", "externalId", "answer", "ignore"] as const;
export type IntakeTarget = (typeof INTAKE_TARGETS)[number];

const line = (longest: number) => z.string().trim().min(1).max(longest);

/** `https://shop.example`, as browsers send it: no path, no slash at the end. */
const origin = z
  .string()
  .trim()
  .max(200)
  .transform((text) => (URL.canParse(text) ? new URL(text).origin : text))
  .refine((text) => /^https?:\/\/[^/]+$/.test(text), "Write it as https://www.example.com");

const question = z.object({
  /** A field of the lead's, or a question of your own, which is kept under its label. */
  field: z.enum([...FORM_FIELDS, "question"]),
  label: line(120),
  isRequired: z.boolean().default(false),
});
export type FormQuestion = z.infer<typeof question>;

const DEFAULT_FIELDS: FormQuestion[] = [
  { field: "fullName", label: "Name", isRequired: true },
  { field: "email", label: "E-mail", isRequired: true },
  { field: "phone", label: "Phone", isRequired: false },
];

export const sourceSettingsSchema = z.object({
  /** What the hosted page asks, in this order. */
  fields: z
    .array(question)
    .min(1, "Ask for something")
    .max(20)
    .refine((all) => all.some(({ field }) => field !== "question"), "Ask for a name or an address")
    .default(DEFAULT_FIELDS),
  /** Heading, a line below it, and what is said afterwards. */
  title: line(120).default("Get in touch"),
  intro: z.string().trim().max(1_000).default(""),
  thanks: line(500).default("Thank you. We will be in touch."),
  /** Where the browser goes afterwards instead. */
  redirectUrl: z
    .url({ protocol: /^https?$/, error: "Write it as https://www.example.com/thanks" })
    .max(1_000)
    .nullable()
    .default(null),
  /** The words that the person agrees to by ticking the box; null: no box. */
  consentText: line(2_000).nullable().default(null),
  consentChannels: z.array(z.enum(CONSENT_CHANNELS)).max(3).default([]),
  /** Without the tick nothing is taken. */
  isConsentRequired: z.boolean().default(false),
  /** What names in a submission mean, where they are not the usual ones. */
  mapping: z.record(line(200), z.enum(INTAKE_TARGETS)).default({}),
  /** Put on every lead of this source. */
  tags: z.array(line(60)).max(20).default([]),
  /** Pages that may send here from a browser; none named: any. */
  allowedOrigins: z.array(origin).max(20).default([]),
  ratePerMinute: z.int().min(1).max(6_000).default(120),
  /** The hosted page takes nothing that was filled in faster: machines are. */
  minFillSeconds: z.int().min(0).max(60).default(2),
});
export type SourceSettings = z.infer<typeof sourceSettingsSchema>;
export type SourceSettingsInput = z.input<typeof sourceSettingsSchema>;

/** Names in a submission that are about it and no answer. */
export const RESERVED = {
  /** People do not see it; who fills it in is a machine. */
  trap: "contact_me_by_fax",
  consent: "consent",
  /** Tells a repeat of the same submission. */
  id: "_id",
  /** When the hosted page was given out, signed. */
  stamp: "_t",
  pageUrl: "page_url",
} as const;
const RESERVED_NAMES = new Set<string>(Object.values(RESERVED));
export const isReserved = (name: string) => RESERVED_NAMES.has(name);
