import type { IdentityKind } from "../address.ts";
import { applyRow, draftOf, newDraft, type FieldChange, type LeadDraft, type UpsertPolicy } from "./draft.ts";
import { addressKey, rowKeyOf, sourceKey, type KnownLead } from "./known.ts";
import type { LeadRow } from "./lead-row.ts";

/** Two leads that share an address. The older one is `leadId`: ids sort by time of making. */
export type Proposal = { leadId: string; otherLeadId: string; kind: IdentityKind; value: string; reason: string };

/** What became of one row. */
export type RowOutcome =
  | { kind: "created" | "updated" | "unchanged"; leadId: string; changes: FieldChange[]; proposals: Proposal[] }
  /** The other system's id is one lead's and the e-mail another's: nothing was changed. */
  | { kind: "conflict"; leadId: string; otherLeadId: string; email: string };

export type UpsertPlan = {
  outcomes: RowOutcome[];
  /** Leads to write: new ones and changed ones. */
  drafts: LeadDraft[];
  proposals: Proposal[];
  /** Keys of rows that nothing else tells, to be known again by. */
  rowKeys: { source: LeadRow["source"]; key: string; leadId: string }[];
};

export type PlanOptions = UpsertPolicy & {
  now: Date;
  workspaceZone: string;
  /** Must give ids that rise: the older of two leads is told by its id. */
  makeId: () => string;
};

/** What is known of row keys: `sourceKey` to the lead's id. */
export type KnownRowKeys = ReadonlyMap<string, string>;

/**
 * Works out what a batch of rows does to the leads that are known: exactly what applying the rows one after the other would do,
 * so rows of one person fold into one lead. Pure but for the ids; the preview of an import shows it, upsert writes it.
 *
 * Of a phone that many leads share, `known` need hold only the two oldest: one lead, or more, is all that the rules ask.
 */
export function planUpsert(
  rows: readonly LeadRow[],
  known: readonly KnownLead[],
  knownKeys: KnownRowKeys,
  options: PlanOptions,
): UpsertPlan {
  const book = openBook(known, knownKeys);
  const proposals = new Map<string, Proposal>();
  const outcomes = rows.map((row): RowOutcome => {
    const found = book.match(row);
    const clash =
      found && row.externalId !== undefined && found.by === "externalId"
        ? book.emailOfOther(row, found.lead)
        : undefined;
    if (found && clash) {
      return { kind: "conflict", leadId: found.lead.id, otherLeadId: clash.leadId, email: clash.value };
    }
    const draft = found?.lead ?? newDraft(options.makeId(), row, options.now, options.workspaceZone);
    const { allowed, filed } = book.sortAddresses(row, draft);
    const changes = applyRow(draft, book.withFreeId(row, draft), allowed, options, options.workspaceZone);
    book.remember(draft, row);
    for (const proposal of filed) {
      proposals.set(`${proposal.leadId} ${proposal.otherLeadId} ${addressKey(proposal)}`, proposal);
    }
    const kind = found ? (changes.length > 0 ? "updated" : "unchanged") : "created";
    return { kind, leadId: draft.id, changes, proposals: filed };
  });
  const drafts = book.drafts().filter((draft) => draft.isNew || draft.changed.size > 0);
  return { outcomes, drafts, proposals: [...proposals.values()], rowKeys: book.newRowKeys() };
}

const hasEmail = (lead: { addresses: readonly { kind: IdentityKind }[] }) =>
  lead.addresses.some(({ kind }) => kind === "EMAIL");

/** The leads of a batch, found by everything that tells them. */
function openBook(known: readonly KnownLead[], knownKeys: KnownRowKeys) {
  const drafts = new Map<string, LeadDraft>();
  const holders = new Map<string, string[]>();
  const externals = new Map<string, string>();
  const rowKeys = new Map(knownKeys);
  const fresh: UpsertPlan["rowKeys"] = [];

  function index(draft: LeadDraft): void {
    drafts.set(draft.id, draft);
    if (draft.externalId !== null) externals.set(sourceKey(draft.source, draft.externalId), draft.id);
    for (const address of draft.addresses) {
      const key = addressKey(address);
      const ids = holders.get(key) ?? [];
      if (!ids.includes(draft.id)) holders.set(key, [...ids, draft.id].toSorted());
    }
  }
  for (const lead of known.toSorted((one, other) => (one.id < other.id ? -1 : 1))) index(draftOf(lead));

  const holdersOf = (address: { kind: IdentityKind; value: string }) => holders.get(addressKey(address)) ?? [];
  const draftAt = (id: string | undefined) => (id === undefined ? undefined : drafts.get(id));

  /** Rule 3, first hit wins: the other system's id, e-mail, LinkedIn, the very same row, and a phone that is one lead's alone. */
  function match(row: LeadRow): { lead: LeadDraft; by: string } | undefined {
    const external = row.externalId === undefined ? undefined : externals.get(sourceKey(row.source, row.externalId));
    const byExternal = draftAt(external);
    if (byExternal) return { lead: byExternal, by: "externalId" };
    for (const kind of ["EMAIL", "LINKEDIN"] as const) {
      for (const identity of row.identities) {
        const lead = identity.kind === kind ? draftAt(holdersOf(identity)[0]) : undefined;
        if (lead) return { lead, by: kind };
      }
    }
    const key = rowKeyOf(row);
    const byKey = key === undefined ? undefined : draftAt(rowKeys.get(sourceKey(row.source, key)));
    if (byKey) return { lead: byKey, by: "row" };
    const rowHasEmail = row.identities.some(({ kind }) => kind === "EMAIL");
    for (const identity of row.identities) {
      if (identity.kind !== "PHONE") continue;
      const [only, ...others] = holdersOf(identity);
      const lead = others.length === 0 ? draftAt(only) : undefined;
      if (lead && (!rowHasEmail || !hasEmail(lead))) return { lead, by: "PHONE" };
    }
    return undefined;
  }

  function emailOfOther(row: LeadRow, lead: LeadDraft): { leadId: string; value: string } | undefined {
    for (const identity of row.identities) {
      const leadId = identity.kind === "EMAIL" ? holdersOf(identity).find((id) => id !== lead.id) : undefined;
      if (leadId !== undefined) return { leadId, value: identity.value };
    }
    return undefined;
  }

  /**
   * Which addresses of the row the lead takes, and which other leads have them: of many, the oldest stands for all. A phone that
   * the lead had before was proposed when it came, so that the same file again proposes nothing new.
   */
  function sortAddresses(row: LeadRow, lead: LeadDraft) {
    const filed: Proposal[] = [];
    const allowed = row.identities.filter(({ kind, value }) => {
      const holderIds = holdersOf({ kind, value });
      const other = holderIds.find((id) => id !== lead.id);
      if (other === undefined || (kind === "PHONE" && holderIds.includes(lead.id))) return true;
      filed.push(proposalOf(lead.id, other, kind, value));
      return kind === "PHONE";
    });
    return { allowed, filed };
  }

  /** An id that was known to mean another lead before does not become this one's. */
  function withFreeId(row: LeadRow, lead: LeadDraft): LeadRow {
    const key = rowKeyOf(row);
    const meant = key === undefined ? undefined : rowKeys.get(sourceKey(row.source, key));
    return meant === undefined || meant === lead.id ? row : { ...row, externalId: undefined };
  }

  function remember(draft: LeadDraft, row: LeadRow): void {
    index(draft);
    const key = rowKeyOf(row);
    const isTold =
      row.externalId === undefined
        ? row.identities.some(({ kind }) => kind !== "PHONE")
        : externals.get(sourceKey(row.source, row.externalId)) === draft.id;
    if (isTold || key === undefined || rowKeys.has(sourceKey(row.source, key))) return;
    rowKeys.set(sourceKey(row.source, key), draft.id);
    fresh.push({ source: row.source, key, leadId: draft.id });
  }

  return {
    match,
    emailOfOther,
    sortAddresses,
    withFreeId,
    remember,
    drafts: () => [...drafts.values()],
    newRowKeys: () => fresh,
  };
}

const SHARED: Record<IdentityKind, string> = {
  EMAIL: "A row with one lead's address gave this e-mail, which is the other lead's.",
  LINKEDIN: "A row with one lead's address gave this LinkedIn page, which is the other lead's.",
  PHONE: "Both leads have this phone number.",
};

export function proposalOf(one: string, other: string, kind: IdentityKind, value: string): Proposal {
  const [leadId, otherLeadId] = one < other ? [one, other] : [other, one];
  return { leadId, otherLeadId, kind, value, reason: SHARED[kind] };
}
