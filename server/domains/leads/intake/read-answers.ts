import type { LeadAnswer, LeadOrigin } from "#providers/leads/port.ts";
import { fieldsNamed, headerKey } from "../csv/header-words.ts";
import type { LeadFields } from "../lead-fields.ts";

/** The lead's fields that an answer of a form may fill. */
const FIELDS = [
  "firstName",
  "lastName",
  "fullName",
  "email",
  "phone",
  "linkedin",
  "company",
  "jobTitle",
  "website",
  "region",
  "country",
  "timeZone",
] as const;
type Field = (typeof FIELDS)[number];

/**
 * Meta's standard questions (https://developers.facebook.com/docs/marketing-api/guides/lead-ads/create#questions) that are a lead's own fields.
 * The rest of them (street, city, zip code, birthday and so on) are kept as answers.
 */
const META_FIELDS: Readonly<Record<string, Field>> = {
  full_name: "fullName",
  first_name: "firstName",
  last_name: "lastName",
  email: "email",
  work_email: "email",
  phone: "phone",
  phone_number: "phone",
  work_phone_number: "phone",
  company_name: "company",
  job_title: "jobTitle",
  website: "website",
  state: "region",
  province: "region",
  country: "country",
};

const isField = (name: string): name is Field => FIELDS.some((field) => field === name);

/** The field that a question asks for by its usual names, in several languages; undefined for a question of the form's own. */
export function fieldOfQuestion(name: string): Field | undefined {
  const standard = META_FIELDS[name.toLowerCase()];
  if (standard) return standard;
  const [only, ...others] = fieldsNamed(headerKey(name)).filter(isField);
  return others.length === 0 ? only : undefined;
}

/** Values that Meta's testing tool fills in where it has nothing better. */
const isDummy = (value: string) => /^<test lead: dummy data for .*>$/i.test(value.trim());

const LONGEST = 2_000;

/**
 * A form's answers as a lead's fields. The first answer of a field counts, another e-mail address or phone number is one more; what is no field
 * of ours goes to `meta.answers` under the question's own name, and the ids of the advertisement to `meta`.
 */
export function readAnswers(externalId: string, answers: readonly LeadAnswer[], origin: LeadOrigin): LeadFields {
  const fields: LeadFields = {};
  const emails: string[] = [];
  const phones: string[] = [];
  const others: Record<string, string> = {};
  for (const { name, values } of answers) {
    const value = values
      .filter((one) => !isDummy(one))
      .join(", ")
      .trim()
      .slice(0, LONGEST);
    if (value === "") continue;
    const field = fieldOfQuestion(name);
    if (field === undefined) others[name.slice(0, 200)] = value;
    else if (field === "email") emails.push(value);
    else if (field === "phone") phones.push(value);
    else fields[field] ??= value;
  }
  const [email, ...moreEmails] = emails;
  const [phone, ...morePhones] = phones;
  const kept = Object.keys(others).length > 0 ? { answers: others } : {};
  return {
    ...fields,
    email,
    emails: moreEmails,
    phone,
    phones: morePhones,
    externalId,
    source: "META",
    sourceLabel: origin.formName ?? (origin.formId === null ? undefined : `Form ${origin.formId}`),
    meta: { leadgenId: externalId, ...toldOf(origin), ...kept },
  };
}

/** What the notice and the vendor's answer say of where the lead was given, the answer's word first. */
export const joinOrigins = (notice: LeadOrigin, answer: LeadOrigin): LeadOrigin => ({
  formId: answer.formId ?? notice.formId,
  formName: answer.formName ?? notice.formName,
  pageId: answer.pageId ?? notice.pageId,
  adId: answer.adId ?? notice.adId,
  adName: answer.adName ?? notice.adName,
  adsetId: answer.adsetId ?? notice.adsetId,
  adsetName: answer.adsetName ?? notice.adsetName,
  campaignId: answer.campaignId ?? notice.campaignId,
  campaignName: answer.campaignName ?? notice.campaignName,
  platform: answer.platform ?? notice.platform,
  isOrganic: answer.isOrganic ?? notice.isOrganic,
  createdAt: answer.createdAt ?? notice.createdAt,
});

const toldOf = ({ createdAt, ...ids }: LeadOrigin): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== null)),
  ...(createdAt ? { submittedAt: createdAt.toISOString() } : {}),
});
