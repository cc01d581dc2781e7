import { customOf, type CustomValues } from "../custom-fields.ts";
import { LEAD_STATUSES, type LeadStatus } from "../status.ts";
import { PRIMARY_FIELD, draftOf, primaryOf, type FieldChange, type LeadDraft } from "../upsert/draft.ts";
import { addressKey, type KnownLead } from "../upsert/known.ts";

/** What a person may take from either lead. A name and a time zone are taken whole. */
export const MERGE_FIELDS = [
  "name",
  "email",
  "phone",
  "linkedin",
  "company",
  "jobTitle",
  "website",
  "notes",
  "region",
  "country",
  "timeZone",
  "status",
] as const;
export type MergeField = (typeof MERGE_FIELDS)[number];

export const MERGE_SIDES = ["survivor", "other"] as const;
export type MergeSide = (typeof MERGE_SIDES)[number];
/** Fields without a choice are the survivor's, or the other's where the survivor has nothing. */
export type MergeChoice = Partial<Record<MergeField | `custom.${string}`, MergeSide>>;

const PLAIN = ["company", "jobTitle", "website", "region", "country"] as const;
const ADDRESSES = ["EMAIL", "PHONE", "LINKEDIN"] as const;

/**
 * What the survivor becomes. All addresses, tags and kept columns of both are joined; notes of both stand one below the other unless one side
 * was chosen; the status is the one that keeps most from happening by mistake (`furtherStatus`) unless one was chosen. Pure.
 */
export function planMerge(
  survivor: KnownLead,
  other: KnownLead,
  choice: MergeChoice,
): { draft: LeadDraft; changes: FieldChange[] } {
  const draft = draftOf(survivor);
  for (const field of PLAIN) draft[field] = pick(choice[field], survivor[field], other[field]);
  draft.notes = choice.notes ? sideOf(choice.notes, survivor, other).notes : joinNotes(survivor.notes, other.notes);
  draft.status = choice.status
    ? sideOf(choice.status, survivor, other).status
    : furtherStatus(survivor.status, other.status);
  if (draft.status !== survivor.status) draft.statusBefore = survivor.status;
  mergeName(draft, other, choice.name);
  mergeZone(draft, other, choice.timeZone);
  mergeExternalId(draft, other);
  for (const kind of ADDRESSES) mergeAddresses(draft, other, kind, choice[PRIMARY_FIELD[kind]]);
  draft.tags.push(...other.tags.filter((tag) => !draft.tags.includes(tag)));
  draft.meta = mergeMeta(survivor.meta, other.meta, choice);

  const changes = changesBetween(survivor, draft);
  for (const { field } of changes) draft.changed.add(field);
  return { draft, changes };
}

const sideOf = (side: MergeSide, survivor: KnownLead, other: KnownLead) => (side === "survivor" ? survivor : other);

const pick = (side: MergeSide | undefined, own: string | null, others: string | null) =>
  side === "other" ? others : side === "survivor" ? own : (own ?? others);

function joinNotes(own: string | null, others: string | null): string | null {
  if (!own || !others || own === others) return own ?? others;
  return `${own}\n\n${others}`;
}

/** A sale stays a sale, and who is lost is not written to again because of a merge; else the one that has come further. */
export function furtherStatus(one: LeadStatus, other: LeadStatus): LeadStatus {
  for (const status of ["CONVERTED", "LOST"] as const) if (one === status || other === status) return status;
  return LEAD_STATUSES.indexOf(one) >= LEAD_STATUSES.indexOf(other) ? one : other;
}

const isNameless = ({ firstName, lastName, fullName }: KnownLead) =>
  firstName === "" && lastName === "" && fullName === null;

function mergeName(draft: LeadDraft, other: KnownLead, side: MergeSide | undefined): void {
  if (side === "survivor" || (side === undefined && !isNameless(draft))) return;
  draft.firstName = other.firstName;
  draft.lastName = other.lastName;
  draft.fullName = other.fullName;
}

/** A zone that was said outweighs one that was worked out. */
function mergeZone(draft: LeadDraft, other: KnownLead, side: MergeSide | undefined): void {
  const otherIsSurer = draft.timeZoneSource !== "explicit" && other.timeZoneSource === "explicit";
  if (side === "survivor" || (side === undefined && !otherIsSurer)) return;
  draft.timeZone = other.timeZone;
  draft.timeZoneSource = other.timeZoneSource;
}

/** Of the same system; an id that finds no room is kept as a row key by the caller, so that the lead is found by both. */
function mergeExternalId(draft: LeadDraft, other: KnownLead): void {
  if (draft.externalId === null && draft.source === other.source) draft.externalId = other.externalId;
}

function mergeAddresses(
  draft: LeadDraft,
  other: KnownLead,
  kind: KnownLead["addresses"][number]["kind"],
  side: MergeSide | undefined,
): void {
  const own = new Set(draft.addresses.map(addressKey));
  const added = other.addresses.filter((address) => address.kind === kind && !own.has(addressKey(address)));
  draft.addresses.push(...added.map((address) => ({ ...address, isPrimary: false })));
  const [ownFirst, othersFirst] = [primaryOf(draft, kind), primaryOf(other, kind)];
  // Who has an address of a kind has one that comes first, also where the chosen side has none.
  const first = pick(side, ownFirst, othersFirst) ?? ownFirst ?? othersFirst;
  for (const address of draft.addresses) if (address.kind === kind) address.isPrimary = address.value === first;
}

function mergeMeta(
  own: Record<string, unknown>,
  others: Record<string, unknown>,
  choice: MergeChoice,
): Record<string, unknown> {
  const raw = { ...asRecord(others.raw), ...asRecord(own.raw) };
  const custom = mergeCustom(customOf(own), customOf(others), choice);
  const { custom: _custom, ...rest } = { ...others, ...own };
  return {
    ...rest,
    ...(Object.keys(raw).length > 0 ? { raw } : {}),
    ...(Object.keys(custom).length > 0 ? { custom } : {}),
  };
}

/** Own fields one by one: the survivor's value, or the other's where there is none or it was chosen. */
function mergeCustom(own: CustomValues, others: CustomValues, choice: MergeChoice): CustomValues {
  const keys = new Set([...Object.keys(own), ...Object.keys(others)]);
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      const side = choice[`custom.${key}`];
      const value = side === "other" ? others[key] : side === "survivor" ? own[key] : (own[key] ?? others[key]);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

const COMPARED = [
  "externalId",
  "firstName",
  "lastName",
  "fullName",
  ...PLAIN,
  "notes",
  "status",
  "timeZone",
  "timeZoneSource",
  "tags",
] as const satisfies readonly (keyof KnownLead)[];

/** What differs between a lead before and after, with the names that the API has for it. */
export function changesBetween(before: KnownLead, after: KnownLead): FieldChange[] {
  const changes: FieldChange[] = COMPARED.flatMap((field) => {
    const [from, to] = [before[field], after[field]];
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field, from, to }];
  });
  changes.push(...metaChanges(before.meta, after.meta));
  for (const kind of ADDRESSES) {
    const [from, to] = [primaryOf(before, kind), primaryOf(after, kind)];
    if (from !== to) changes.push({ field: PRIMARY_FIELD[kind], from, to });
  }
  const beside = (lead: KnownLead) => lead.addresses.filter(({ isPrimary }) => !isPrimary).map(({ value }) => value);
  const [from, to] = [beside(before), beside(after)];
  if (from.toSorted().join("\n") !== to.toSorted().join("\n")) changes.push({ field: "addresses", from, to });
  return changes;
}

function metaChanges(before: Record<string, unknown>, after: Record<string, unknown>): FieldChange[] {
  const { custom: _before, ...from } = before;
  const { custom: _after, ...to } = after;
  const [own, next] = [customOf(before), customOf(after)];
  const keys = new Set([...Object.keys(own), ...Object.keys(next)]);
  const custom = [...keys].flatMap((key): FieldChange[] =>
    JSON.stringify(own[key]) === JSON.stringify(next[key])
      ? []
      : [{ field: `custom.${key}`, from: own[key] ?? null, to: next[key] ?? null }],
  );
  return JSON.stringify(from) === JSON.stringify(to) ? custom : [{ field: "meta", from, to }, ...custom];
}

/**
 * What the survivor is after the undoing: each field as it was before the merge, unless somebody changed it since; then it stays as it is.
 * Addresses and tags that the other lead brought go back to it, those that came later stay. Pure.
 */
export function planUndo(now: KnownLead, before: KnownLead, other: KnownLead, merged: KnownLead): LeadDraft {
  const draft = draftOf(now);
  const isUntouched = (field: keyof KnownLead) => JSON.stringify(now[field]) === JSON.stringify(merged[field]);
  // A name and a time zone are one thing each: edited in part, they stay whole.
  const groups = [
    ["firstName", "lastName", "fullName"],
    ["timeZone", "timeZoneSource"],
  ] as const;
  const single = ["externalId", ...PLAIN, "notes", "status"] as const;
  for (const group of [...groups, ...single.map((field) => [field] as const)]) {
    if (group.every(isUntouched))
      Object.assign(draft, Object.fromEntries(group.map((field) => [field, before[field]])));
  }
  if (draft.status !== now.status) draft.statusBefore = now.status;

  draft.meta = undoMeta(now.meta, before.meta, merged.meta);
  const brought = new Set(other.tags.filter((tag) => !before.tags.includes(tag)));
  draft.tags = now.tags.filter((tag) => !brought.has(tag));
  const own = new Set(before.addresses.map(addressKey));
  const others = new Set(other.addresses.map(addressKey).filter((key) => !own.has(key)));
  draft.addresses = draft.addresses.filter((address) => !others.has(addressKey(address)));
  for (const kind of ADDRESSES) {
    const chosenSince = primaryOf(now, kind) !== primaryOf(merged, kind) ? primaryOf(now, kind) : null;
    const left = draft.addresses.filter((address) => address.kind === kind);
    const first =
      left.find(({ value }) => value === chosenSince) ??
      left.find(({ value }) => value === primaryOf(before, kind)) ??
      left[0];
    for (const address of left) address.isPrimary = address === first;
  }
  for (const { field } of changesBetween(now, draft)) draft.changed.add(field);
  return draft;
}

function undoMeta(
  now: Record<string, unknown>,
  before: Record<string, unknown>,
  merged: Record<string, unknown>,
): Record<string, unknown> {
  const { custom: _custom, ...meta } = undoKeys(now, before, merged);
  const custom = undoKeys(customOf(now), customOf(before), customOf(merged));
  return Object.keys(custom).length > 0 ? { ...meta, custom } : meta;
}

function undoKeys<Value>(
  now: Record<string, Value>,
  before: Record<string, Value>,
  merged: Record<string, Value>,
): Record<string, Value> {
  const kept = { ...before };
  for (const [key, value] of Object.entries(now))
    if (JSON.stringify(value) !== JSON.stringify(merged[key])) kept[key] = value;
  for (const key of Object.keys(merged)) if (!(key in now)) delete kept[key];
  return kept;
}
