import { allow, inTransaction, type Context } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { getWorkspaceSettings, refuseStale } from "#domains/accounts/index.ts";
import { countryOf } from "../countries.ts";
import { noCountry, normaliseAddress, noZone, type LeadPatch } from "../lead-fields.ts";
import { readCustomValues } from "../custom-fields.ts";
import { LEAD_CHANGES } from "../messages.ts";
import { isNoName, splitName, tidyName } from "../names.ts";
import { AddressTaken, ExternalIdTaken, LeadErased, LeadNotFound } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { findErased, findLead } from "../queries/leads.ts";
import { loadKnownLeads, lockAddresses, lockKnownLeads } from "../queries/upsert-load.ts";
import { insertNameWords, insertProposals, updateLeadRows, writeAddresses } from "../queries/upsert-write.ts";
import { zoneOf } from "../time-zone.ts";
import { draftOf, setCustom, PRIMARY_FIELD, primaryOf, type LeadDraft } from "../upsert/draft.ts";
import type { KnownAddress, KnownLead, WantedKeys } from "../upsert/known.ts";
import type { FieldFault } from "../upsert/lead-row.ts";
import { proposalOf } from "../upsert/plan.ts";
import { readTimeZone } from "../zone-names.ts";
import { toPointer } from "./create-lead.ts";
import { announceUpdates, hasNewAddresses } from "./upsert-leads.ts";

/**
 * Changes a lead by a person's hand: any status, any field. Every fault is told, and nothing done while there is one. `expected`: the
 * `updatedAt` that the change was made from. Throws LeadNotFound, LeadErased, AddressTaken, ExternalIdTaken, Invalid, ChangedElsewhere.
 */
export async function updateLead(ctx: Context, leadId: string, patch: LeadPatch, expected?: string): Promise<void> {
  allow(ctx, "leads:write");
  const settings = await getWorkspaceSettings(ctx);
  const own = readCustomValues(patch.custom ? await listFieldRows(ctx) : [], patch.custom ?? {});
  await inTransaction(ctx, async (tx) => {
    const before = await findLead(tx, leadId);
    if (!before) throw LeadNotFound();
    if (before.erasedAt) throw LeadErased();
    const read = readPatch(patch, { country: before.country ?? undefined, workspaceCountry: settings.country });
    const faults = [...read.faults, ...own.faults];
    if (faults.length > 0) throw Invalid(undefined, faults.map(toPointer));
    const externalId = patch.externalId?.trim();
    const externals = externalId ? [{ source: before.source, externalId }] : [];
    const wanted = { addresses: read.addresses, externals, rows: [] };
    await lockAddresses(tx, wanted);
    const [known] = await lockKnownLeads(tx, [leadId]);
    if (!known) throw LeadNotFound();
    // Asked again: an erasure may have been what this waited for.
    if ((await findErased(tx, [leadId])).size > 0) throw LeadErased();
    await refuseStaleLead(tx, leadId, expected);
    const others = await othersWith(tx, leadId, wanted);

    const draft = draftOf(known);
    for (const { kind, value } of read.addresses) replaceAddress(draft, kind, value);
    for (const kind of read.cleared) replaceAddress(draft, kind, null);
    applyPatch(draft, patch, read, settings.timeZone);
    setCustom(draft, own.values);
    if (draft.changed.size === 0) return;
    await updateLeadRows(tx, [draft]);
    if (hasNewAddresses(draft)) await writeAddresses(tx, [draft]);
    await insertProposals(
      tx,
      others.map(({ id, kind, value }) => proposalOf(leadId, id, kind, value)),
    );
    await insertNameWords(tx, [draft]);
    await announceUpdates(tx, [draft], null, "person");
  });
}

/** Under the lead's lock. */
async function refuseStaleLead(tx: Context, leadId: string, expected: string | undefined): Promise<void> {
  const lead = expected === undefined ? undefined : await findLead(tx, leadId);
  if (!lead) return;
  const { updatedAt } = lead;
  await refuseStale(tx, { expected, updatedAt, told: LEAD_CHANGES, about: { leadId } });
}

type Read = {
  faults: FieldFault[];
  addresses: { kind: KnownAddress["kind"]; value: string }[];
  cleared: KnownAddress["kind"][];
  country?: string;
  timeZone?: string;
};

function readPatch(patch: LeadPatch, defaults: { country?: string; workspaceCountry: string }): Read {
  const read: Read = { faults: [], addresses: [], cleared: [] };
  if (patch.country) {
    read.country = countryOf(patch.country);
    if (!read.country) read.faults.push({ field: "country", value: patch.country, reason: noCountry(patch.country) });
  }
  if (patch.timeZone) {
    read.timeZone = readTimeZone(patch.timeZone);
    if (!read.timeZone) read.faults.push({ field: "timeZone", value: patch.timeZone, reason: noZone(patch.timeZone) });
  }
  const countries = { ...defaults, country: read.country ?? defaults.country };
  for (const kind of ["EMAIL", "PHONE", "LINKEDIN"] as const) {
    const field = PRIMARY_FIELD[kind];
    const text = patch[field];
    if (text === undefined) continue;
    const result = normaliseAddress(kind, text ?? "", countries);
    if (result.ok) read.addresses.push({ kind, value: result.value });
    else if (result.none === "blank") read.cleared.push(kind);
    else read.faults.push({ field, value: text ?? "", reason: result.reason });
  }
  return read;
}

/** Other leads with a phone that this one gets. What is unique and another lead's is refused. */
async function othersWith(tx: Context, leadId: string, wanted: WantedKeys) {
  const known = await loadKnownLeads(tx, wanted, "look");
  const others = known.filter(({ id }) => id !== leadId);
  for (const { source, externalId } of wanted.externals) {
    const other = others.find((lead) => lead.source === source && lead.externalId === externalId);
    if (other)
      throw ExternalIdTaken(`It is the lead ${other.id}.`, [
        { pointer: "/externalId", detail: "Another lead has it." },
      ]);
  }
  return wanted.addresses.flatMap(({ kind, value }) => {
    const has = (lead: KnownLead) => lead.addresses.some((one) => one.kind === kind && one.value === value);
    const other = others.find(has);
    if (!other) return [];
    if (kind !== "PHONE") {
      const pointer = `/${PRIMARY_FIELD[kind]}`;
      throw AddressTaken(`${value} belongs to the lead ${other.id}.`, [{ pointer, detail: "Another lead has it." }]);
    }
    return known.some((lead) => lead.id === leadId && has(lead)) ? [] : [{ id: other.id, kind, value }];
  });
}

/** The first address of a kind gives way to another, or goes: then the next oldest steps up. */
function replaceAddress(draft: LeadDraft, kind: KnownAddress["kind"], value: string | null): void {
  const before = primaryOf(draft, kind);
  if (before === value) return;
  draft.addresses = draft.addresses.filter((one) => !(one.kind === kind && one.isPrimary));
  const next = draft.addresses.find((one) => one.kind === kind && (value === null || one.value === value));
  if (next) next.isPrimary = true;
  else if (value !== null) draft.addresses.push({ kind, value, isPrimary: true });
  draft.changed.add(PRIMARY_FIELD[kind]);
}

const PLAIN = ["externalId", "company", "jobTitle", "website", "region", "notes"] as const;

function applyPatch(draft: LeadDraft, patch: LeadPatch, read: Read, workspaceZone: string): void {
  for (const field of PLAIN) {
    const text = patch[field];
    if (text !== undefined) setField(draft, field, text?.trim() || null);
  }
  if (patch.country !== undefined) setField(draft, "country", read.country ?? null);
  if (patch.status !== undefined && patch.status !== draft.status) {
    draft.statusBefore = draft.status;
    setField(draft, "status", patch.status);
  }
  applyNames(draft, patch);
  applyMeta(draft, patch.meta ?? {});
  applyZone(draft, patch, read, workspaceZone);
}

function setField<Field extends keyof LeadDraft>(draft: LeadDraft, field: Field, value: LeadDraft[Field]): void {
  if (draft[field] === value) return;
  draft[field] = value;
  draft.changed.add(field);
}

/** A full name alone is split; parts alone outdate the full name. */
function applyNames(draft: LeadDraft, patch: LeadPatch): void {
  const whole = patch.fullName === undefined ? undefined : tidyName(patch.fullName ?? "");
  const parts = whole && patch.firstName === undefined && patch.lastName === undefined ? splitName(whole) : patch;
  const before = `${draft.firstName}\n${draft.lastName}`;
  if (parts.firstName !== undefined)
    setField(draft, "firstName", isNoName(parts.firstName) ? "" : tidyName(parts.firstName));
  if (parts.lastName !== undefined)
    setField(draft, "lastName", isNoName(parts.lastName) ? "" : tidyName(parts.lastName));
  if (whole !== undefined) setField(draft, "fullName", whole || null);
  else if (before !== `${draft.firstName}\n${draft.lastName}`) setField(draft, "fullName", null);
}

function applyMeta(draft: LeadDraft, patch: Record<string, unknown>): void {
  const meta = { ...draft.meta, ...patch };
  for (const [key, value] of Object.entries(patch)) if (value === null) delete meta[key];
  if (JSON.stringify(meta) !== JSON.stringify(draft.meta)) setField(draft, "meta", meta);
}

function applyZone(draft: LeadDraft, patch: LeadPatch, read: Read, workspaceZone: string): void {
  const explicit = patch.timeZone === undefined && draft.timeZoneSource === "explicit" ? draft.timeZone : read.timeZone;
  const answer = zoneOf({
    explicit,
    phoneE164: primaryOf(draft, "PHONE") ?? undefined,
    region: draft.region ?? undefined,
    country: draft.country ?? undefined,
    workspaceDefault: workspaceZone,
  });
  const restsOn = ["phone", "region", "country"].some((field) => draft.changed.has(field));
  if (patch.timeZone === undefined && !restsOn) return;
  setField(draft, "timeZone", answer.timeZone);
  setField(draft, "timeZoneSource", answer.source);
}
