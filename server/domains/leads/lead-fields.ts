import { z } from "zod";
import { normaliseEmail, normaliseLinkedIn, normalisePhone, type IdentityKind, type Normalised } from "./address.ts";
import { countryOf } from "./countries.ts";
import { type CustomField, givenValues, readCustomValues } from "./custom-fields.ts";
import { isNoName, splitName, tidyName } from "./names.ts";
import { LEAD_SOURCES, type LeadSource } from "./rules.ts";
import { LEAD_STATUSES } from "./status.ts";
import { readTimeZone } from "./zone-names.ts";
import type { FieldFault, LeadRow } from "./upsert/lead-row.ts";

/** Lengths are those of imported cells: what a file may hold, the API may. */
const text = (longest: number) => z.string().max(longest);
const META_BYTES = 20_000;
const meta = z
  .record(z.string().min(1).max(100), z.unknown())
  .refine((value) => JSON.stringify(value).length <= META_BYTES, `At most ${META_BYTES} characters of JSON`)
  .refine((value) => !("raw" in value), "The key “raw” is kept for addresses as they were given")
  .refine((value) => !("custom" in value), "Values of your own fields are given as “custom”, beside “meta”");
/** By the key of the field, in its type or as a text. */
const custom = z.record(z.string().max(60), z.unknown()).refine((value) => JSON.stringify(value).length <= META_BYTES, {
  error: `At most ${META_BYTES} characters of JSON`,
});

/** A lead as the API takes it: raw values, read as an import reads cells. Null says nothing, as if the field were not there. */
export const leadFieldsSchema = z.object({
  externalId: text(500).nullish(),
  firstName: text(500).nullish(),
  lastName: text(500).nullish(),
  /** Split where the parts are not given. */
  fullName: text(500).nullish(),
  email: text(500).nullish(),
  emails: z.array(text(500)).max(10).optional(),
  /** Any usual way of writing; read by the lead's country, then the workspace's. */
  phone: text(500).nullish(),
  phones: z.array(text(500)).max(10).optional(),
  linkedin: text(500).nullish(),
  company: text(500).nullish(),
  jobTitle: text(500).nullish(),
  website: text(2_000).nullish(),
  region: text(500).nullish(),
  /** Name or code. */
  country: text(500).nullish(),
  /** IANA name; without one it is worked out from phone, region and country. */
  timeZone: text(500).nullish(),
  notes: text(20_000).nullish(),
  status: z.enum(LEAD_STATUSES).nullish(),
  source: z.enum(LEAD_SOURCES).nullish(),
  sourceLabel: text(200).nullish(),
  tags: z.array(text(60)).max(50).optional(),
  meta: meta.optional(),
  /** Values of the workspace's own fields. */
  custom: custom.optional(),
});
export type LeadFields = z.infer<typeof leadFieldsSchema>;

/** A change to one lead: what is absent stays, null clears. An address replaces the first of its kind. */
export const leadPatchSchema = z.object({
  externalId: text(500).nullable().optional(),
  firstName: text(500).optional(),
  lastName: text(500).optional(),
  fullName: text(500).nullable().optional(),
  email: text(500).nullable().optional(),
  phone: text(500).nullable().optional(),
  linkedin: text(500).nullable().optional(),
  company: text(500).nullable().optional(),
  jobTitle: text(500).nullable().optional(),
  website: text(2_000).nullable().optional(),
  region: text(500).nullable().optional(),
  country: text(500).nullable().optional(),
  timeZone: text(500).nullable().optional(),
  notes: text(20_000).nullable().optional(),
  status: z.enum(LEAD_STATUSES).optional(),
  /** Keys are set one by one; null removes a key. */
  meta: meta.optional(),
  /** Values of the workspace's own fields, set one by one; null clears. */
  custom: custom.optional(),
});
export type LeadPatch = z.infer<typeof leadPatchSchema>;

export type ReadDefaults = {
  source: LeadSource;
  sourceLabel?: string;
  workspaceCountry: string;
  /** The workspace's own fields: without them no value of one is taken. */
  customFields?: readonly CustomField[];
};
export type ReadFields = { ok: true; row: LeadRow; faults: FieldFault[] } | { ok: false; faults: FieldFault[] };

const given = (value: string | null | undefined): string | undefined => {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
};
const namePart = (value: string | null | undefined) => {
  const name = tidyName(value ?? "");
  return isNoName(name) ? "" : name;
};

/** By the rules of imported rows: a wrong field costs the field, and the row only where no address is left. */
export function readFields(fields: LeadFields, defaults: ReadDefaults): ReadFields {
  const faults: FieldFault[] = [];
  const raw: Record<string, string> = {};
  const country = readCountry(fields.country, faults);
  const identities: LeadRow["identities"] = [];
  const take = (field: string, kind: IdentityKind, values: readonly (string | null | undefined)[], isMain: boolean) => {
    let wrong = false;
    for (const value of values) {
      const result = normaliseAddress(kind, value ?? "", { country, workspaceCountry: defaults.workspaceCountry });
      if (result.ok) {
        const isNew = !identities.some((one) => one.kind === kind && one.value === result.value);
        if (isNew) identities.push({ kind, value: result.value, raw: value ?? "" });
        if (isMain && value !== result.value && value) raw[field] = value;
      } else if (result.none === undefined) {
        wrong = true;
        faults.push({ field, value: value ?? "", reason: result.reason });
      }
    }
    return wrong;
  };
  const wrong = [
    take("email", "EMAIL", [fields.email], true),
    take("emails", "EMAIL", fields.emails ?? [], false),
    take("linkedin", "LINKEDIN", [fields.linkedin], true),
    take("phone", "PHONE", [fields.phone], true),
    take("phones", "PHONE", fields.phones ?? [], false),
  ].some(Boolean);

  const name = readName(fields);
  if (identities.length === 0 && wrong) return { ok: false, faults };
  if (identities.length === 0 && name.firstName === "" && name.lastName === "") {
    return { ok: false, faults: [...faults, { field: "", value: "", reason: NOBODY }] };
  }
  const zone = given(fields.timeZone);
  const timeZone = zone === undefined ? undefined : readTimeZone(zone);
  if (zone !== undefined && timeZone === undefined)
    faults.push({ field: "timeZone", value: zone, reason: noZone(zone) });
  const own = readCustomValues(defaults.customFields ?? [], fields.custom ?? {});
  faults.push(...own.faults);
  const row: LeadRow = {
    source: fields.source ?? defaults.source,
    sourceLabel: given(fields.sourceLabel) ?? defaults.sourceLabel,
    externalId: given(fields.externalId),
    ...name,
    identities,
    company: given(fields.company),
    jobTitle: given(fields.jobTitle),
    website: given(fields.website),
    notes: given(fields.notes),
    region: given(fields.region),
    country,
    status: fields.status ?? undefined,
    timeZone: timeZone === undefined ? undefined : { timeZone, source: "explicit" },
    tags: fields.tags?.map(tidyName).filter((tag) => tag !== ""),
    meta: fields.meta ?? {},
    custom: fields.custom && givenValues(own.values),
    raw,
  };
  return { ok: true, row, faults };
}

const NOBODY = "A lead needs a name, an e-mail address, a phone number or a LinkedIn page.";
export const noZone = (zone: string) => `“${zone}” is not a time zone: write it as Europe/Berlin.`;
export const noCountry = (country: string) => `“${country}” is not the name or code of a country.`;

function readCountry(value: string | null | undefined, faults: FieldFault[]): string | undefined {
  const name = given(value);
  if (name === undefined) return undefined;
  const code = countryOf(name);
  if (code === undefined) faults.push({ field: "country", value: name, reason: noCountry(name) });
  return code;
}

function readName({ firstName, lastName, fullName }: LeadFields) {
  const parts = { firstName: namePart(firstName), lastName: namePart(lastName) };
  const whole = namePart(fullName);
  if (whole === "") return parts;
  return parts.firstName === "" && parts.lastName === ""
    ? { ...splitName(whole), fullName: whole }
    : { ...parts, fullName: whole };
}

/** Reads an address of one kind; phones without a prefix by the lead's country, then the workspace's. */
export function normaliseAddress(
  kind: IdentityKind,
  value: string,
  { country, workspaceCountry }: { country?: string; workspaceCountry: string },
): Normalised {
  if (kind === "EMAIL") return normaliseEmail(value);
  return kind === "LINKEDIN"
    ? normaliseLinkedIn(value)
    : normalisePhone(value, { rowCountry: country, workspaceCountry });
}
