import { type CustomValue, type CustomValues, customOf, givenValues } from "../custom-fields.ts";
import type { OverwritableField, UpdatePolicy } from "../rules.ts";
import { fold } from "../search-text.ts";
import { zoneOf } from "../time-zone.ts";
import { addressKey, type KnownAddress, type KnownLead } from "./known.ts";
import type { LeadRow } from "./lead-row.ts";

/** A field's value before and after; names of fields as in the API, `addresses` for those that are not the first of their kind. */
export type FieldChange = { field: string; from: unknown; to: unknown };

export type UpsertPolicy = { policy: UpdatePolicy; overwriteFields?: readonly OverwritableField[] };

/** A lead while the rows of a batch are applied to it in memory. */
export type LeadDraft = KnownLead & {
  isNew: boolean;
  /** Fields that differ from the database, over all rows of the batch. */
  changed: Set<string>;
  /** The status in the database, once it is another. */
  statusBefore?: KnownLead["status"];
};

export const PRIMARY_FIELD = { EMAIL: "email", PHONE: "phone", LINKEDIN: "linkedin" } as const;

const TEXT_FIELDS = ["company", "jobTitle", "website", "notes", "region", "country"] as const;

export const draftOf = (known: KnownLead): LeadDraft => ({
  ...known,
  addresses: known.addresses.map((address) => ({ ...address })),
  tags: [...known.tags],
  meta: { ...known.meta },
  isNew: false,
  changed: new Set(),
});

/** An empty lead for a row that nobody is known by: applying the row fills it. */
export function newDraft(id: string, row: LeadRow, now: Date, workspaceZone: string): LeadDraft {
  return {
    id,
    externalId: null,
    source: row.source,
    sourceLabel: row.sourceLabel ?? null,
    firstName: "",
    lastName: "",
    fullName: null,
    company: null,
    jobTitle: null,
    website: null,
    notes: null,
    region: null,
    country: null,
    status: row.status ?? "NEW",
    timeZone: workspaceZone,
    timeZoneSource: "workspace",
    meta: {},
    createdAt: row.createdAt ?? now,
    addresses: [],
    tags: [],
    isNew: true,
    changed: new Set(),
  };
}

export const primaryOf = (draft: { addresses: readonly KnownAddress[] }, kind: KnownAddress["kind"]) =>
  draft.addresses.find((address) => address.kind === kind && address.isPrimary)?.value ?? null;

/**
 * Applies a row to a lead by the policy and tells what changed. `addresses` are those of the row that the lead may have: one that
 * is unique and another lead's is not among them.
 */
export function applyRow(
  draft: LeadDraft,
  row: LeadRow,
  addresses: LeadRow["identities"],
  { policy, overwriteFields }: UpsertPolicy,
  workspaceZone: string,
): FieldChange[] {
  const changes: FieldChange[] = [];
  const mayReplace = (field: OverwritableField) => policy === "overwrite" && (overwriteFields?.includes(field) ?? true);
  const known: KnownLead = draft;
  const set: Setter = (field, value) => {
    if (known[field] === value) return;
    changes.push({ field, from: known[field], to: value });
    known[field] = value;
  };

  applyNames(draft, row, mayReplace, set);
  for (const field of TEXT_FIELDS) {
    const value = row[field];
    if (value && (!draft[field] || mayReplace(field))) set(field, value);
  }
  if (row.externalId && row.source === draft.source && (draft.externalId === null || mayReplace("externalId"))) {
    set("externalId", row.externalId);
  }
  if (row.sourceLabel && mayReplace("sourceLabel")) set("sourceLabel", row.sourceLabel);
  if (row.status && mayReplace("status") && row.status !== draft.status) {
    if (!draft.isNew) draft.statusBefore ??= draft.status;
    set("status", row.status);
  }
  changes.push(...applyAddresses(draft, addresses, mayReplace), ...applyTags(draft, row.tags ?? []));
  applyZone(draft, row, changes, mayReplace("timeZone"), workspaceZone);
  changes.push(...applyMeta(draft, row, changes, mayReplace("meta")));
  changes.push(...applyCustom(draft, row.custom ?? {}, mayReplace("custom")));
  for (const { field } of changes) draft.changed.add(field);
  return changes;
}

const agree = (one: string, other: string) => one === "" || other === "" || fold(one) === fold(other);

type Replace = (field: OverwritableField) => boolean;
type Setter = <Field extends keyof KnownLead>(field: Field, value: KnownLead[Field]) => void;

/**
 * One person's given name is not joined to another's family name: a missing part is only filled when the other part agrees. The
 * full name follows the parts, since it says nothing that they do not.
 */
function applyNames(draft: LeadDraft, row: LeadRow, mayReplace: Replace, set: Setter): void {
  const before = `${draft.firstName}\n${draft.lastName}`;
  const nameless = draft.firstName === "" && draft.lastName === "" && draft.fullName === null;
  const { firstName, lastName, fullName } = row;
  const fitsFirst = agree(draft.lastName, lastName);
  const fitsLast = agree(draft.firstName, firstName);
  if (firstName && (mayReplace("firstName") || (draft.firstName === "" && fitsFirst))) set("firstName", firstName);
  if (lastName && (mayReplace("lastName") || (draft.lastName === "" && fitsLast))) set("lastName", lastName);
  if (nameless || mayReplace("fullName")) {
    if (fullName) set("fullName", fullName);
  } else if (before !== `${draft.firstName}\n${draft.lastName}` && draft.fullName !== null) {
    set("fullName", fullName ?? null);
  }
}

function applyAddresses(draft: LeadDraft, addresses: LeadRow["identities"], mayReplace: Replace): FieldChange[] {
  const changes: FieldChange[] = [];
  const replaced = new Set<KnownAddress["kind"]>();
  for (const { kind, value } of addresses) {
    const field = PRIMARY_FIELD[kind];
    const before = primaryOf(draft, kind);
    const own = draft.addresses.find((address) => addressKey(address) === addressKey({ kind, value }));
    // Of several addresses of one kind in a row, the first is the one that replaces.
    const becomesPrimary = before === null || (mayReplace(field) && !replaced.has(kind) && before !== value);
    replaced.add(kind);
    if (own && !becomesPrimary) continue;
    if (becomesPrimary) {
      for (const address of draft.addresses) if (address.kind === kind) address.isPrimary = false;
    }
    if (own) own.isPrimary = true;
    else draft.addresses.push({ kind, value, isPrimary: becomesPrimary });
    changes.push(becomesPrimary ? { field, from: before, to: value } : { field: "addresses", from: null, to: value });
  }
  return changes;
}

function applyTags(draft: LeadDraft, tags: readonly string[]): FieldChange[] {
  const own = new Set(draft.tags.map(fold));
  const added = tags.filter((tag) => fold(tag) !== "" && !own.has(fold(tag)) && own.add(fold(tag)));
  if (added.length === 0) return [];
  const from = [...draft.tags];
  draft.tags.push(...added);
  return [{ field: "tags", from, to: [...draft.tags] }];
}

/** The zone that was said stays; one that was worked out is worked out again when something it rests on changed. */
function applyZone(
  draft: LeadDraft,
  row: LeadRow,
  changes: FieldChange[],
  mayReplace: boolean,
  workspaceZone: string,
): void {
  const said = row.timeZone?.source === "explicit" ? row.timeZone.timeZone : undefined;
  const keepsOwn = draft.timeZoneSource === "explicit" && !(said && mayReplace);
  const restsOn = changes.some(({ field }) => field === "phone" || field === "region" || field === "country");
  if (keepsOwn || (!said && !restsOn && !draft.isNew)) return;
  const answer = zoneOf({
    explicit: said,
    phoneE164: primaryOf(draft, "PHONE") ?? undefined,
    region: draft.region ?? undefined,
    country: draft.country ?? undefined,
    workspaceDefault: workspaceZone,
  });
  if (answer.timeZone !== draft.timeZone) {
    changes.push({ field: "timeZone", from: draft.timeZone, to: answer.timeZone });
  } else if (answer.source !== draft.timeZoneSource) {
    changes.push({ field: "timeZoneSource", from: draft.timeZoneSource, to: answer.source });
  }
  draft.timeZone = answer.timeZone;
  draft.timeZoneSource = answer.source;
}

/** Sets values of own fields, null clearing; says what changed, as `custom.<key>`. */
export function setCustom(draft: LeadDraft, values: Readonly<Record<string, CustomValue | null>>): FieldChange[] {
  const before = customOf(draft.meta);
  const changes = Object.entries(values).flatMap(([key, to]): FieldChange[] => {
    const from = before[key] ?? null;
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field: `custom.${key}`, from, to }];
  });
  if (changes.length === 0) return [];
  const custom = givenValues({ ...before, ...values });
  const { custom: _before, ...rest } = draft.meta;
  draft.meta = Object.keys(custom).length > 0 ? { ...rest, custom } : rest;
  for (const { field } of changes) draft.changed.add(field);
  return changes;
}

function applyCustom(draft: LeadDraft, values: CustomValues, mayReplace: boolean): FieldChange[] {
  const known = customOf(draft.meta);
  return setCustom(draft, Object.fromEntries(Object.entries(values).filter(([key]) => mayReplace || !(key in known))));
}

/** Keys are added, replaced only if the policy says so; `raw` holds what was given for each field that this row set. */
function applyMeta(
  draft: LeadDraft,
  row: LeadRow,
  changes: readonly FieldChange[],
  mayReplace: boolean,
): FieldChange[] {
  const meta = { ...draft.meta };
  for (const [key, value] of Object.entries(row.meta)) {
    if (key === "raw" || value === undefined) continue;
    if (!(key in meta) || mayReplace) meta[key] = value;
  }
  const set = new Set(changes.map(({ field }) => field));
  if (draft.isNew) for (const field of ["status", "createdAt"]) set.add(field);
  const raw = Object.entries(row.raw).filter(([field]) => set.has(field));
  if (raw.length > 0) {
    const known = typeof meta.raw === "object" && meta.raw !== null ? meta.raw : {};
    meta.raw = { ...known, ...Object.fromEntries(raw) };
  }
  if (JSON.stringify(meta) === JSON.stringify(draft.meta)) return [];
  const change = { field: "meta", from: draft.meta, to: meta };
  draft.meta = meta;
  return [change];
}
