import type { IdentityKind } from "../address.ts";
import type { LeadSource } from "../rules.ts";
import type { LeadStatus } from "../status.ts";
import type { TimeZoneSource } from "../time-zone.ts";
import type { LeadRow } from "./lead-row.ts";

export type KnownAddress = { kind: IdentityKind; value: string; isPrimary: boolean };

/** A lead as it stands in the database, with what upsert decides by. */
export type KnownLead = {
  id: string;
  externalId: string | null;
  source: LeadSource;
  sourceLabel: string | null;
  firstName: string;
  lastName: string;
  fullName: string | null;
  company: string | null;
  jobTitle: string | null;
  website: string | null;
  notes: string | null;
  region: string | null;
  country: string | null;
  status: LeadStatus;
  timeZone: string;
  timeZoneSource: TimeZoneSource;
  meta: Record<string, unknown>;
  createdAt: Date;
  /** The oldest first. */
  addresses: KnownAddress[];
  /** Names of tags. */
  tags: string[];
};

/** What tells the leads of a batch, as the database is asked for them. */
export type WantedKeys = {
  addresses: { kind: IdentityKind; value: string }[];
  externals: { source: LeadSource; externalId: string }[];
  rows: { source: LeadSource; key: string }[];
};

export const addressKey = ({ kind, value }: { kind: IdentityKind; value: string }) => `${kind} ${value}`;
export const sourceKey = (source: LeadSource, key: string) => `${source} ${key}`;

/**
 * What tells the row itself when it comes again: the other system's id, or what its reader made of a row without one. Kept
 * where a row was taken for a lead by its phone, which others may share by then, or for one that has another id; so a lead may
 * be known by several ids of a source, of which the first is its `externalId`.
 */
export const rowKeyOf = ({ externalId, dedupeKey }: LeadRow) =>
  externalId === undefined ? dedupeKey : `id:${externalId}`;

/** Everything in the rows that may tell a lead, each once. */
export function wantedBy(rows: readonly LeadRow[]): WantedKeys {
  const addresses = new Map<string, WantedKeys["addresses"][number]>();
  const externals = new Map<string, WantedKeys["externals"][number]>();
  const keys = new Map<string, WantedKeys["rows"][number]>();
  for (const row of rows) {
    for (const { kind, value } of row.identities) addresses.set(addressKey({ kind, value }), { kind, value });
    const { source, externalId } = row;
    if (externalId !== undefined) externals.set(sourceKey(source, externalId), { source, externalId });
    const key = rowKeyOf(row);
    if (key !== undefined) keys.set(sourceKey(source, key), { source, key });
  }
  return { addresses: [...addresses.values()], externals: [...externals.values()], rows: [...keys.values()] };
}
