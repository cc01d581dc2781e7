import { hash } from "node:crypto";
import { normaliseEmail, normaliseLinkedIn, normalisePhone, type IdentityKind, type Normalised } from "../address.ts";
import { countryOf } from "../countries.ts";
import { type CustomField, type CustomValues, readCustomValue } from "../custom-fields.ts";
import { isNoName, splitName, tidyName } from "../names.ts";
import type { LeadSource } from "../rules.ts";
import { readStatus, type LeadStatus } from "../status.ts";
import { zoneOf, type ZoneAnswer } from "../time-zone.ts";
import { readTimeZone } from "../zone-names.ts";
import { readInstant } from "./dates.ts";
import { headerKey } from "./header-words.ts";
import type { ColumnMapping, LeadField } from "./mapping.ts";

/** An address in its normal form, and as the row gave it. */
export type IdentityInput = { kind: IdentityKind; value: string; raw: string };

/** A lead as one row describes it: what upsert takes. Absent fields say nothing; a blank never overwrites. */
export type LeadInput = {
  externalId?: string;
  source: LeadSource;
  /** The row's own word for where the person came from ("Messe"), or the import's. */
  sourceLabel?: string;
  firstName: string;
  lastName: string;
  fullName?: string;
  identities: IdentityInput[];
  company?: string;
  jobTitle?: string;
  website?: string;
  notes?: string;
  tags?: string[];
  status?: LeadStatus;
  /** By rule 9 from what the row has; absent when only the workspace's default would answer. */
  timeZone?: ZoneAnswer;
  region?: string;
  /** ISO 3166 alpha-2. */
  country?: string;
  /** When the other system created the person. */
  createdAt?: Date;
  meta: Record<string, string>;
  /** Values of the workspace's own fields, read by their types. */
  custom?: CustomValues;
  /** What the row gave, by field, where reading changed or refused it. */
  raw: Record<string, string>;
  /**
   * Tells the row on a rerun, within workspace and source, where its addresses cannot: `id:` and the other system's id, or, without one
   * and without an e-mail or LinkedIn page (which are unique), `row:` and a hash of the row. A name alone may be anybody's and a
   * phone is shared, so matching by them would fold two people into one or, once a second lead has the phone, make a third;
   * the same row read again is the same person for certain. It does not depend on the order of columns or on blanks.
   */
  dedupeKey?: string;
};

/** A cell that could not be used. `column` is its header. */
export type CellFault = { column: string; value: string; reason: string };

export type RowDefaults = {
  source: LeadSource;
  /** For rows without a source of their own, such as the file's name. */
  sourceLabel?: string;
  /** The import's and the workspace's country (ISO alpha-2), by which national phone numbers are read after the row's own. */
  country?: string;
  workspaceCountry?: string;
  /** The clock of dates without an offset; UTC if absent. */
  timeZone?: string;
  /** The workspace's own fields that columns may be mapped to. */
  customFields?: readonly CustomField[];
};

export type RowResult =
  | { ok: true; lead: LeadInput; faults: CellFault[]; raw: readonly string[] }
  | { ok: false; faults: CellFault[]; raw: readonly string[] };

/** Longest text, in UTF-16 units; what is longer is a fault of its cell, not cut. */
const LONGEST: Partial<Record<LeadField, number>> = {
  notes: 20_000,
  meta: 20_000,
  custom: 5_000,
  tags: 5_000,
  website: 2_000,
};
const LONGEST_ELSE = 500;

/** Countries that write the month first. */
const MONTH_FIRST = new Set(["US", "PH", "PR", "GU", "VI", "AS", "MP", "FM", "PW", "MH"]);

type Draft = {
  text: Partial<Record<LeadField, string>>;
  meta: Record<string, string>;
  custom: CustomValues;
  raw: Record<string, string>;
  faults: CellFault[];
  columns: Partial<Record<LeadField, ColumnMapping>>;
};

/**
 * Reads one row by a mapping. Faults of single cells go along with the lead, which keeps the rest. The row itself is refused if
 * it gives neither a name nor an address, and if an address in it is wrong and no other is right: better a row to mend than a
 * lead that nobody can reach and that would stand twice once the file is mended. A placeholder such as "n/a" costs no row.
 */
export function readRow(cells: readonly string[], mapping: readonly ColumnMapping[], defaults: RowDefaults): RowResult {
  const draft = sortCells(cells, mapping, defaults.customFields ?? []);
  const { text, faults, raw } = draft;
  const country = readCountry(draft);
  const phoneCountries = {
    rowCountry: country,
    importCountry: defaults.country,
    workspaceCountry: defaults.workspaceCountry,
  };
  const identities: IdentityInput[] = [];
  const wrong = [
    readAddress(draft, "email", "EMAIL", normaliseEmail, identities),
    readAddress(draft, "linkedin", "LINKEDIN", normaliseLinkedIn, identities),
    readAddress(draft, "phone", "PHONE", (value) => normalisePhone(value, phoneCountries), identities),
  ].some(Boolean);
  const name = readName(text);
  if (identities.length === 0 && wrong) return { ok: false, faults, raw: cells };
  if (identities.length === 0 && name.firstName === "" && name.lastName === "") {
    faults.push({
      column: "",
      value: "",
      reason: "The row has neither a name nor an e-mail, phone or LinkedIn address.",
    });
    return { ok: false, faults, raw: cells };
  }

  const lead: LeadInput = {
    source: defaults.source,
    ...name,
    identities,
    meta: draft.meta,
    raw,
  };
  if (Object.keys(draft.custom).length > 0) lead.custom = draft.custom;
  const sourceLabel = text.source ?? defaults.sourceLabel;
  if (sourceLabel !== undefined) lead.sourceLabel = sourceLabel;
  if (text.externalId !== undefined) lead.externalId = text.externalId;
  if (text.company !== undefined) lead.company = text.company;
  if (text.jobTitle !== undefined) lead.jobTitle = text.jobTitle;
  if (text.website !== undefined) lead.website = text.website;
  if (text.notes !== undefined) lead.notes = text.notes;
  if (text.region !== undefined) lead.region = text.region;
  if (country !== undefined) lead.country = country;
  if (text.tags !== undefined) lead.tags = readTags(text.tags);
  readState(draft, lead);
  readCreatedAt(draft, lead, defaults);
  readZone(draft, lead);
  const dedupeKey = dedupeKeyOf(lead, cells, mapping);
  if (dedupeKey !== undefined) lead.dedupeKey = dedupeKey;
  return { ok: true, lead, faults, raw: cells };
}

function sortCells(
  cells: readonly string[],
  mapping: readonly ColumnMapping[],
  customFields: readonly CustomField[],
): Draft {
  const draft: Draft = { text: {}, meta: {}, custom: {}, raw: {}, faults: [], columns: {} };
  for (const column of mapping) {
    const { field } = column;
    if (field === "ignore") continue;
    const cell = (cells[column.column] ?? "").trim();
    if (cell === "") continue;
    const longest = LONGEST[field] ?? LONGEST_ELSE;
    if (cell.length > longest) {
      const value = `${cell.slice(0, 100)}…`;
      draft.faults.push({ column: nameOf(column), value, reason: `The text is longer than ${longest} characters.` });
    } else if (field === "custom") readCustom(draft, column, cell, customFields);
    else if (field === "meta") draft.meta[column.metaKey ?? `column_${column.column + 1}`] = cell;
    else {
      draft.text[field] = cell;
      draft.columns[field] = column;
      if (RAW_KEPT.has(field)) draft.raw[field] = cells[column.column] ?? "";
    }
  }
  return draft;
}

/** A cell that its field cannot hold is a fault of the cell; the row keeps the rest. */
function readCustom(draft: Draft, column: ColumnMapping, cell: string, customFields: readonly CustomField[]): void {
  const field = customFields.find(({ key }) => key === column.customKey);
  const read = field
    ? readCustomValue(field, cell, column.dateOrder)
    : { ok: false as const, reason: "The field is gone." };
  if (!read.ok) draft.faults.push({ column: nameOf(column), value: cell.slice(0, 500), reason: read.reason });
  else if (field && read.value !== null) draft.custom[field.key] = read.value;
}

/** Fields that reading changes; where it has not, the raw value is dropped again. */
const RAW_KEPT: ReadonlySet<LeadField> = new Set([
  "email",
  "phone",
  "linkedin",
  "country",
  "status",
  "timeZone",
  "createdAt",
]);

const nameOf = ({ header, column }: ColumnMapping) => header || `Column ${column + 1}`;

function fault(draft: Draft, field: LeadField, reason: string): void {
  const column = draft.columns[field];
  draft.faults.push({ column: column ? nameOf(column) : field, value: draft.text[field] ?? "", reason });
}

/** Whether the cell holds an address that is wrong, rather than none. */
function readAddress(
  draft: Draft,
  field: "email" | "phone" | "linkedin",
  kind: IdentityKind,
  normalise: (value: string) => Normalised,
  identities: IdentityInput[],
): boolean {
  const cell = draft.text[field];
  if (cell === undefined) return false;
  const result = normalise(cell);
  const raw = draft.raw[field] ?? cell;
  if (result.ok) {
    identities.push({ kind, value: result.value, raw });
    if (raw === result.value) delete draft.raw[field];
    return false;
  }
  if (result.none === "blank") {
    delete draft.raw[field];
    return false;
  }
  fault(draft, field, result.reason);
  return result.none === undefined;
}

function readName({ firstName, lastName, fullName }: Draft["text"]) {
  const given = { firstName: part(firstName), lastName: part(lastName) };
  const whole = part(fullName);
  if (whole === "") return given;
  return given.firstName === "" && given.lastName === ""
    ? { ...splitName(whole), fullName: whole }
    : { ...given, fullName: whole };
}

const part = (text: string | undefined) => (text === undefined || isNoName(text) ? "" : tidyName(text));

function readCountry(draft: Draft): string | undefined {
  const { country } = draft.text;
  if (country === undefined) return undefined;
  const code = countryOf(country);
  if (code === undefined) fault(draft, "country", `“${country}” is not the name or code of a country.`);
  else if (code === draft.raw.country) delete draft.raw.country;
  return code;
}

function readTags(text: string): string[] {
  const tags = new Map<string, string>();
  for (const piece of text.split(/[;,|\n]/)) {
    const tag = tidyName(piece);
    if (tag !== "" && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return [...tags.values()];
}

function readState(draft: Draft, lead: LeadInput): void {
  const { status } = draft.text;
  if (status === undefined) return;
  const found = readStatus(status);
  if (found === undefined) {
    fault(draft, "status", `“${status}” is not a status: new, contacted, in progress, converted or lost.`);
    return;
  }
  lead.status = found;
  if (found === draft.raw.status) delete draft.raw.status;
}

function readCreatedAt(draft: Draft, lead: LeadInput, defaults: RowDefaults): void {
  const { createdAt } = draft.text;
  if (createdAt === undefined) return;
  const monthFirst = MONTH_FIRST.has(defaults.country ?? defaults.workspaceCountry ?? "");
  const order = draft.columns.createdAt?.dateOrder ?? (monthFirst ? "mdy" : "dmy");
  const instant = readInstant(createdAt, order, defaults.timeZone ?? "UTC");
  if (instant === undefined)
    fault(draft, "createdAt", `“${createdAt}” is not a date: write it as 2026-01-31 or 2026-01-31 14:30.`);
  else lead.createdAt = instant;
}

function readZone(draft: Draft, lead: LeadInput): void {
  const explicit = draft.text.timeZone;
  const answer = zoneOf({
    explicit,
    phoneE164: lead.identities.find(({ kind }) => kind === "PHONE")?.value,
    region: lead.region,
    country: lead.country,
  });
  if (explicit !== undefined && readTimeZone(explicit) === undefined) {
    fault(draft, "timeZone", `“${explicit}” is not a time zone: write it as Europe/Berlin.`);
  } else if (answer?.timeZone === draft.raw.timeZone) delete draft.raw.timeZone;
  if (answer) lead.timeZone = answer;
}

function dedupeKeyOf(lead: LeadInput, cells: readonly string[], mapping: readonly ColumnMapping[]): string | undefined {
  if (lead.externalId !== undefined) return `id:${lead.externalId}`;
  if (lead.identities.some(({ kind }) => kind !== "PHONE")) return undefined;
  const pairs = mapping
    .filter(({ field }) => field !== "ignore")
    .map(({ header, column }) => [headerKey(header), tidyName(cells[column] ?? "")] as const)
    .filter(([, value]) => value !== "")
    .map((pair) => JSON.stringify(pair))
    .sort();
  return `row:${hash("sha256", pairs.join("\n"), "hex").slice(0, 32)}`;
}
