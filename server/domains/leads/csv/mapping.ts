import { countryOf } from "../countries.ts";
import { countryOfPhone, normaliseEmail, normaliseLinkedIn, normalisePhone } from "../address.ts";
import { type CustomField, readCustomValue } from "../custom-fields.ts";
import { readStatus } from "../status.ts";
import { readTimeZone } from "../zone-names.ts";
import { dateOrderOf, readInstant, type DateOrder } from "./dates.ts";
import { fieldsMentioned, fieldsNamed, headerKey, NAME_WORDS, STAGE_WORDS, type NamedField } from "./header-words.ts";

/** What a column may be mapped to, with the words for a person. Each at most once, but `custom`, `meta` and `ignore`. */
export const LEAD_FIELDS = [
  { field: "externalId", label: "ID in the other system" },
  { field: "firstName", label: "First name" },
  { field: "lastName", label: "Last name" },
  { field: "fullName", label: "Full name" },
  { field: "email", label: "E-mail" },
  { field: "phone", label: "Phone" },
  { field: "linkedin", label: "LinkedIn page" },
  { field: "company", label: "Company" },
  { field: "jobTitle", label: "Job title" },
  { field: "website", label: "Website" },
  { field: "notes", label: "Notes" },
  { field: "tags", label: "Tags" },
  { field: "status", label: "Status" },
  { field: "source", label: "Source (your word for it)" },
  { field: "timeZone", label: "Time zone" },
  { field: "region", label: "State or region" },
  { field: "country", label: "Country" },
  { field: "createdAt", label: "Created at (in the other system)" },
  { field: "custom", label: "Your own field" },
  { field: "meta", label: "Keep as it is" },
  { field: "ignore", label: "Leave out" },
] as const;
export type LeadField = (typeof LEAD_FIELDS)[number]["field"];

export type ColumnMapping = {
  /** Index of the column, from 0. */
  column: number;
  header: string;
  field: LeadField;
  /** Where a `meta` column is kept: `meta.<metaKey>`. */
  metaKey?: string;
  /** The key of the workspace's own field that a `custom` column fills. */
  customKey?: string;
  /** How a `createdAt` or `custom` column writes days and months, where its values tell. */
  dateOrder?: DateOrder;
};
export type ColumnProposal = ColumnMapping & {
  /** From 0 to 1; below 0.6 a person should look. */
  confidence: number;
  why: string;
};

const share = (values: readonly string[], test: (value: string) => boolean) =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;

const digitsOf = (text: string) => text.replace(/\D/g, "").length;
const PHONE_LIKE = /^(?:[a-z]{1,9}\.?:\s*)?[+(]*\d[\d\s().\-/]*(?:\s*(?:ext|x)\.?\s*\d+)?$/i;
const looksPhone = (value: string) =>
  PHONE_LIKE.test(value) && digitsOf(value) >= 7 && digitsOf(value) <= 16 && !readInstant(value, "dmy", "UTC");

/**
 * The fields whose values can be told from others, each with the share of filled cells that must look so. `status` is strict:
 * a column `lead_status` of CREATED and complete is a form's state, not a lead's.
 */
const CHECKS: Partial<Record<NamedField, { atLeast: number; test: (value: string) => boolean }>> = {
  email: { atLeast: 0.5, test: (value) => normaliseEmail(value).ok },
  phone: { atLeast: 0.5, test: looksPhone },
  linkedin: { atLeast: 0.5, test: (value) => normaliseLinkedIn(value).ok },
  website: {
    atLeast: 0.5,
    test: (value) => /^(?:https?:\/\/)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:[/?#]\S*)?$/iu.test(value),
  },
  status: { atLeast: 0.8, test: (value) => readStatus(value) !== undefined },
  timeZone: { atLeast: 0.5, test: (value) => readTimeZone(value) !== undefined },
  country: { atLeast: 0.5, test: (value) => countryOf(value) !== undefined },
  createdAt: {
    atLeast: 0.8,
    test: (value) => readInstant(value, "dmy", "UTC") !== undefined || readInstant(value, "mdy", "UTC") !== undefined,
  },
};

/** Values that give a column away whatever its header says. A phone needs its signs: bare digits may be any number. */
const GIVEAWAYS: readonly { field: NamedField; test: (value: string) => boolean }[] = [
  { field: "email", test: (value) => normaliseEmail(value).ok },
  { field: "linkedin", test: (value) => /linkedin\.com\/in\//i.test(value) },
  {
    field: "phone",
    test: (value) => looksPhone(value) && /^(?:p:|tel:)|^\(?\+|^\(?0\d.*[ /-]|\d[-. )]+\d{3}[-. ]\d{4}$/i.test(value),
  },
  { field: "timeZone", test: (value) => /\/|_slash_/.test(value) && readTimeZone(value) !== undefined },
];

/** Values that a field must be able to hold, of those looked at, for its column to be proposed by its header. */
const FITS = 0.8;

/** Columns that are headed by the name or key of one of the workspace's own fields and hold what it can. */
function ownColumns(columns: readonly Column[], fields: readonly CustomField[]): Map<number, ColumnProposal> {
  const found = new Map<number, ColumnProposal>();
  for (const field of fields) {
    const column = columns.find(
      ({ index, key }) => !found.has(index) && (key === headerKey(field.label) || key === headerKey(field.key)),
    );
    if (!column) continue;
    const dateOrder = field.type === "date" ? dateOrderOf(column.values) : undefined;
    const fit = share(column.values, (value) => readCustomValue(field, value, dateOrder).ok);
    if (column.values.length > 0 && fit < FITS) continue;
    const { index, header, values } = column;
    found.set(index, {
      column: index,
      header,
      field: "custom",
      customKey: field.key,
      ...(dateOrder && { dateOrder }),
      confidence: values.length > 0 ? 0.98 : 0.9,
      why: `Your field “${field.label}” is called so.`,
    });
  }
  return found;
}

type Candidate = { column: number; field: NamedField; score: number; why: string };
type Column = { index: number; header: string; key: string; values: string[]; cells: number };

function columnsOf(headers: readonly string[], sampleRows: readonly (readonly string[])[]): Column[] {
  return headers.map((header, index) => {
    const values = sampleRows.map((row) => (row[index] ?? "").trim()).filter((value) => value !== "");
    return { index, header: header.trim(), key: headerKey(header), values, cells: sampleRows.length };
  });
}

/**
 * Proposes a field for every column by what the header says and what the cells hold; a header that the cells contradict is not
 * believed. A field is given once, to the column that fits best; whatever is left is kept in `meta`, so no column is lost.
 *
 * Another system's pipeline stage is kept in `meta` on purpose, although its “Customer” resembles CONVERTED: that status here
 * is a sale which this system verified, it counts in conversion reports, nothing automatic ever takes it back, and the finer
 * stages would be lost. Whoever wants it maps the column to Status; its words are then understood.
 */
export function proposeMapping(
  headers: readonly string[],
  sampleRows: readonly (readonly string[])[],
  customFields: readonly CustomField[] = [],
): ColumnProposal[] {
  const columns = columnsOf(headers, sampleRows);
  const own = ownColumns(columns, customFields);
  const named = new Set(columns.flatMap((column) => fieldsNamed(column.key)));
  const candidates = columns.flatMap((column) => (own.has(column.index) ? [] : candidatesFor(column, named)));
  candidates.sort((one, other) => other.score - one.score || one.column - other.column);

  const chosen = new Map<number, Candidate>();
  const taken = new Set<NamedField>();
  for (const candidate of candidates) {
    if (chosen.has(candidate.column) || taken.has(candidate.field)) continue;
    chosen.set(candidate.column, candidate);
    taken.add(candidate.field);
  }
  const keys = metaKeys(headers);
  return columns.map((column) => {
    const { index, header, values } = column;
    const proposal = own.get(index);
    if (proposal) return proposal;
    const choice = chosen.get(index);
    if (choice) {
      const dateOrder = choice.field === "createdAt" ? dateOrderOf(values) : undefined;
      const base = { column: index, header, field: choice.field, confidence: choice.score, why: choice.why };
      return dateOrder ? { ...base, dateOrder } : base;
    }
    if (header === "" && values.length === 0) {
      return {
        column: index,
        header,
        field: "ignore",
        confidence: 0.9,
        why: "The column has neither a header nor values.",
      };
    }
    return {
      column: index,
      header,
      field: "meta",
      metaKey: keys[index] ?? "",
      confidence: 0.6,
      why: whyMeta(column, taken),
    };
  });
}

function candidatesFor(column: Column, named: ReadonlySet<NamedField>): Candidate[] {
  const found: Candidate[] = [];
  const add = (field: NamedField, score: number, why: string) =>
    found.push({ column: column.index, field, score, why });
  if (STAGE_WORDS.has(column.key)) return found;

  for (const field of NAME_WORDS.has(column.key) ? [nameField(named)] : fieldsNamed(column.key)) {
    const fit = fits(column, field);
    if (fit === "confirmed") add(field, 0.98, `The header “${column.header}” says so, and the values fit.`);
    else if (fit === "unknown") add(field, 0.9, `The header “${column.header}” says so.`);
  }
  for (const field of fieldsMentioned(column.key)) {
    if (CHECKS[field] && field !== "status" && field !== "createdAt" && fits(column, field) === "confirmed") {
      add(field, 0.8, `The header “${column.header}” mentions it, and the values fit.`);
    }
  }
  for (const { field, test } of GIVEAWAYS) {
    if (share(column.values, test) >= 0.7) add(field, 0.7, `The values look like it, such as “${column.values[0]}”.`);
  }
  return found;
}

/** "Name" is the family name beside a first name alone, the first name beside a family name alone, and else the whole. */
function nameField(named: ReadonlySet<NamedField>): NamedField {
  if (named.has("firstName") && !named.has("lastName")) return "lastName";
  return named.has("lastName") && !named.has("firstName") ? "firstName" : "fullName";
}

function fits(column: Column, field: NamedField): "confirmed" | "unknown" | "contradicted" {
  if (column.values.length === 0) return "unknown";
  if (field === "externalId") {
    const distinct = new Set(column.values).size;
    return distinct === column.values.length && distinct > column.cells * 0.9 ? "confirmed" : "contradicted";
  }
  const check = CHECKS[field];
  if (check) return share(column.values, check.test) >= check.atLeast ? "confirmed" : "contradicted";
  const isText = field === "notes" || field === "tags" || field === "company";
  return !isText && share(column.values, (value) => normaliseEmail(value).ok) > 0.5 ? "contradicted" : "unknown";
}

function whyMeta(column: Column, taken: ReadonlySet<NamedField>): string {
  if (STAGE_WORDS.has(column.key))
    return "The stage in another system's pipeline is kept beside our own status, not as it.";
  const fields = fieldsNamed(column.key);
  const contradicted = fields.find((field) => fits(column, field) === "contradicted");
  if (contradicted) {
    return `The header suggests “${labelOf(contradicted)}”, but values such as “${column.values[0]}” do not fit.`;
  }
  const lost = fields.find((field) => taken.has(field));
  if (lost) return `Another column fits “${labelOf(lost)}” better, so this one is kept beside it.`;
  return "Nothing known by this name, so it is kept as it is.";
}

const labelOf = (field: LeadField) => LEAD_FIELDS.find((each) => each.field === field)?.label ?? field;

/** `meta.raw` holds the addresses as they were given, `meta.custom` the values of own fields. */
const RESERVED_KEYS = ["raw", "custom"];

/** The key under which each column would be kept in `meta`: letters, digits and low lines, no two alike. */
export function metaKeys(headers: readonly string[]): string[] {
  const used = new Set(RESERVED_KEYS);
  return headers.map((header, index) => {
    const slug = headerKey(header).replaceAll(" ", "_").slice(0, 60) || `column_${index + 1}`;
    let key = slug;
    for (let number = 2; used.has(key); number++) key = `${slug}_${number}`;
    used.add(key);
    return key;
  });
}

/** Why a mapping cannot be used, in sentences; empty when it can. */
export function whyNotMapping(
  mapping: readonly ColumnMapping[],
  headers: readonly string[],
  customFields: readonly CustomField[] = [],
): string[] {
  const reasons: string[] = [];
  const columns = new Set<number>();
  const once = new Set<string>();
  for (const { column, field, metaKey, customKey } of mapping) {
    if (column < 0 || column >= headers.length)
      reasons.push(`There is no column ${column + 1}; the file has ${headers.length}.`);
    if (columns.has(column)) reasons.push(`Column ${column + 1} is mapped twice.`);
    columns.add(column);
    if (field === "ignore") continue;
    const own = customFields.find(({ key }) => key === customKey);
    const target = field === "meta" ? `meta.${metaKey ?? ""}` : field === "custom" ? `custom.${customKey}` : field;
    if (field === "custom" && !own) {
      reasons.push(`Column ${column + 1} is to fill a field of your own, but there is none “${customKey ?? ""}”.`);
    } else if (field === "meta" && (!metaKey || RESERVED_KEYS.includes(metaKey))) {
      reasons.push(`Column ${column + 1} is to be kept, but under no usable key.`);
    } else if (once.has(target)) {
      const name = field === "meta" ? target : (own?.label ?? labelOf(field));
      reasons.push(`Two columns are mapped to “${name}”; one can be.`);
    }
    once.add(target);
  }
  if (!mapping.some(({ field }) => /^(?:firstName|lastName|fullName|email|phone|linkedin)$/.test(field))) {
    reasons.push("No column gives a name or an address, so no row could become a lead.");
  }
  return reasons;
}

/** Whether the first row is a lead rather than headers, as in files without any: it holds an address. */
export function looksHeaderless(headers: readonly string[]): boolean {
  return headers.some((cell) => normaliseEmail(cell).ok || (looksPhone(cell.trim()) && digitsOf(cell) >= 9));
}

/**
 * The country to read national phone numbers by, if the column gives it away: the country of most numbers that have a prefix
 * (at least two in five of them), provided that nine in ten of those without one are numbers there.
 */
export function proposeCountry(
  mapping: readonly ColumnMapping[],
  sampleRows: readonly (readonly string[])[],
): string | undefined {
  const phone = mapping.find(({ field }) => field === "phone");
  if (!phone) return undefined;
  const values = sampleRows.map((row) => (row[phone.column] ?? "").trim()).filter(looksPhone);
  const counts = new Map<string, number>();
  const national: string[] = [];
  for (const value of values) {
    const number = normalisePhone(value);
    const country = number.ok ? countryOfPhone(number.value) : undefined;
    if (country) counts.set(country, (counts.get(country) ?? 0) + 1);
    else national.push(value);
  }
  const international = values.length - national.length;
  const [best] = [...counts].sort(([, one], [, other]) => other - one);
  if (!best || best[1] < international * 0.4) return undefined;
  return share(national, (value) => normalisePhone(value, { importCountry: best[0] }).ok) >= 0.9 ||
    national.length === 0
    ? best[0]
    : undefined;
}
