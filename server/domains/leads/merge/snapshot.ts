import { z } from "zod";
import { IDENTITY_KINDS } from "../address.ts";
import { LEAD_SOURCES } from "../rules.ts";
import { LEAD_STATUSES } from "../status.ts";
import { TIME_ZONE_SOURCES } from "../time-zone.ts";
import type { KnownLead } from "../upsert/known.ts";

const text = z.string().nullable();
const record = z.record(z.string(), z.unknown());

const knownLead = z.object({
  id: z.string(),
  externalId: text,
  source: z.enum(LEAD_SOURCES),
  sourceLabel: text,
  firstName: z.string(),
  lastName: z.string(),
  fullName: text,
  company: text,
  jobTitle: text,
  website: text,
  notes: text,
  region: text,
  country: text,
  status: z.enum(LEAD_STATUSES),
  timeZone: z.string(),
  timeZoneSource: z.enum(TIME_ZONE_SOURCES),
  meta: record,
  createdAt: z.iso.datetime().transform((at) => new Date(at)),
  addresses: z.array(z.object({ kind: z.enum(IDENTITY_KINDS), value: z.string(), isPrimary: z.boolean() })),
  tags: z.array(z.string()),
}) satisfies z.ZodType<KnownLead>;

/** The rows of this domain that belong to one lead, as JSON of the database's own making: written back as they were. */
export const leadRowsSchema = z.object({
  lead: record,
  identities: z.array(record),
  tags: z.array(record),
  rowKeys: z.array(record),
  proposals: z.array(record),
});
export type LeadRows = z.infer<typeof leadRowsSchema>;

/** What a merge keeps to be undone by. */
export const snapshotSchema = z.object({
  survivor: knownLead,
  other: knownLead,
  merged: knownLead,
  rows: leadRowsSchema,
  /** The key by which the other lead's id in its own system finds the survivor, where the merge made one. */
  addedKey: z.string().nullable(),
  /** Proposals that the survivor got in the other's place. */
  addedProposals: z.array(z.string()),
});
export type MergeSnapshot = z.infer<typeof snapshotSchema>;
