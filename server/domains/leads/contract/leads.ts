import { z } from "zod";
import {
  endpoint,
  expectation,
  instant,
  MAY_COME_SHORT,
  pageInput,
  pageOf,
  windowOf,
} from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { customValueSchema } from "../custom-fields.ts";
import { leadFieldsSchema, leadPatchSchema } from "../lead-fields.ts";
import { AddressTaken, ExternalIdTaken, LeadConflict, LeadErased, LeadMerged, LeadNotFound } from "../problems.ts";
import {
  bulkChangeSchema,
  IDENTITY_KINDS,
  LEAD_SORTS,
  LEAD_SOURCES,
  LEAD_STATUSES,
  leadFilterSchema,
  OVERWRITABLE_FIELDS,
  SCORE_LABELS,
  SORT_ORDERS,
  SUPPRESSION_REASONS,
  SUPPRESSION_SCOPES,
  TIME_ZONE_SOURCES,
  UPDATE_POLICIES,
} from "../rules.ts";

const tags = ["Leads"];
const id = z.string().max(60);

export const tagRefSchema = z.object({ id, name: z.string() });

export const leadSchema = z.object({
  id,
  externalId: z.string().nullable(),
  firstName: z.string(),
  lastName: z.string(),
  fullName: z.string().nullable(),
  email: z.string().nullable(),
  /** E.164. */
  phone: z.string().nullable(),
  linkedin: z.string().nullable(),
  company: z.string().nullable(),
  jobTitle: z.string().nullable(),
  website: z.string().nullable(),
  source: z.enum(LEAD_SOURCES),
  sourceLabel: z.string().nullable(),
  status: z.enum(LEAD_STATUSES),
  /** IANA name. */
  timeZone: z.string(),
  /** How the time zone is known. */
  timeZoneSource: z.enum(TIME_ZONE_SOURCES),
  region: z.string().nullable(),
  /** ISO 3166 alpha-2. */
  country: z.string().nullable(),
  notes: z.string().nullable(),
  meta: z.record(z.string(), z.unknown()),
  /** Values of the workspace's own fields, by key. */
  custom: z.record(z.string(), customValueSchema),
  tags: z.array(tagRefSchema),
  /** From 0 to 100; null until it was worked out for the first time. */
  score: z.int().nullable(),
  scoreLabel: z.enum(SCORE_LABELS).nullable(),
  /** When the person's data was removed; nothing is sent any more. */
  erasedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type Lead = z.infer<typeof leadSchema>;

export const leadDetailSchema = leadSchema.extend({
  /** Every address; one of each kind is primary and is the lead's `email`, `phone` or `linkedin`. */
  identities: z.array(
    z.object({
      id,
      kind: z.enum(IDENTITY_KINDS),
      value: z.string(),
      isPrimary: z.boolean(),
      createdAt: instant,
      suppressions: z.array(z.object({ id, reason: z.enum(SUPPRESSION_REASONS), scope: z.enum(SUPPRESSION_SCOPES) })),
    }),
  ),
  /** Other leads that share an address, for a person to decide about. */
  openProposals: z.int(),
});
export type LeadDetail = z.infer<typeof leadDetailSchema>;

const faultSchema = z.object({ field: z.string(), value: z.string(), reason: z.string() });

export const upsertOutcomeSchema = z.object({
  outcome: z.enum(["created", "updated", "unchanged", "conflict", "faulty"]),
  leadId: id.nullable(),
  /** Of a conflict: the lead that has the e-mail. */
  otherLeadId: id.nullable(),
  changed: z.array(z.string()),
  /** Merge proposals that the row gave cause for. */
  proposedWith: z.array(id),
  /** Fields that were left out; of a faulty row, why. */
  faults: z.array(faultSchema),
});
export type UpsertOutcome = z.infer<typeof upsertOutcomeSchema>;

export const timelineEntrySchema = z.object({
  id,
  type: z.string(),
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  subjectId: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const deletionSchema = z.object({
  deleted: z.object({
    identities: z.int(),
    rowKeys: z.int(),
    /** Values of own fields. */
    fieldValues: z.int(),
    tags: z.int(),
    interests: z.int(),
    senders: z.int(),
    /** Touches of others that count toward the lead's caps. */
    sharedTouches: z.int(),
    scores: z.int(),
    consents: z.int(),
    messages: z.int(),
    contactAttempts: z.int(),
    campaignAssignments: z.int(),
    sequenceEnrollments: z.int(),
    stepExecutions: z.int(),
    mergeProposals: z.int(),
  }),
  /** Kept without the lead. */
  kept: z.object({ conversions: z.int(), submissions: z.int(), suppressions: z.int() }),
});
export type Deletion = z.infer<typeof deletionSchema>;

const leadId = z.object({ leadId: id });

/** A body that is streamed as it is made, with its headers. */
export const fileOutput = z.object({ headers: z.record(z.string(), z.string()), body: z.instanceof(ReadableStream) });

export const leadOperations = {
  list: endpoint("leads:read")
    .route({
      method: "GET",
      path: "/leads",
      tags,
      summary: "List leads by a filter",
      description: MAY_COME_SHORT,
    })
    .input(
      pageInput.extend({
        ...leadFilterSchema.shape,
        sort: z.enum(LEAD_SORTS).default("createdAt"),
        /** Newest first, names from A, unless told. */
        order: z.enum(SORT_ORDERS).optional(),
      }),
    )
    .output(
      windowOf(leadSchema).extend({
        /** Nothing was found as it was typed: these have names that resemble it. */
        similar: z.boolean(),
      }),
    ),
  count: endpoint("leads:read")
    .route({ method: "GET", path: "/leads/count", tags, summary: "Count the leads of a filter" })
    .input(leadFilterSchema)
    .output(z.object({ count: z.int(), isEstimate: z.boolean() })),
  export: endpoint("leads:read")
    .route({
      method: "GET",
      path: "/leads.csv",
      tags,
      summary: "Download the leads of a filter as CSV",
      outputStructure: "detailed",
    })
    .input(leadFilterSchema)
    .output(fileOutput),
  create: endpoint("leads:write", LeadConflict)
    .route({
      method: "POST",
      path: "/leads",
      tags,
      summary: "Add a lead, or find the one that it is",
      description:
        "201 with a new lead; 200 with the lead that has the ID, e-mail, LinkedIn page or phone already, its blanks filled.",
      outputStructure: "detailed",
    })
    .input(leadFieldsSchema)
    .output(
      z.union([
        z.object({ status: z.literal(201), body: leadDetailSchema }),
        z.object({ status: z.literal(200), body: leadDetailSchema }),
      ]),
    ),
  upsert: endpoint("leads:write")
    .route({ method: "POST", path: "/leads/upsert", tags, summary: "Add or update up to 1,000 leads" })
    .input(
      z.object({
        rows: z.array(leadFieldsSchema).min(1).max(1_000),
        policy: z.enum(UPDATE_POLICIES).default("fill"),
        /** With `overwrite`: only these fields; all that a row gives unless told. */
        overwriteFields: z.array(z.enum(OVERWRITABLE_FIELDS)).max(OVERWRITABLE_FIELDS.length).optional(),
      }),
    )
    .output(z.object({ data: z.array(upsertOutcomeSchema) })),
  change: endpoint("leads:write")
    .route({ method: "POST", path: "/leads/bulk", tags, summary: "Change the status or tags of many leads" })
    .input(bulkChangeSchema)
    .output(
      z.object({
        /** In the events of a change that goes on as a job. */
        bulkId: id,
        changed: z.int(),
        done: z.boolean(),
      }),
    ),
  get: endpoint("leads:read", LeadNotFound, LeadMerged)
    .route({ method: "GET", path: "/leads/{leadId}", tags, summary: "Show a lead" })
    .input(leadId)
    .output(leadDetailSchema),
  update: endpoint("leads:write", LeadNotFound, AddressTaken, ExternalIdTaken, LeadErased, ChangedElsewhere)
    .route({ method: "PATCH", path: "/leads/{leadId}", tags, summary: "Change a lead" })
    .input(leadPatchSchema.extend({ ...leadId.shape, ...expectation.shape }))
    .output(leadDetailSchema),
  deletion: endpoint("leads:delete", LeadNotFound)
    .route({ method: "GET", path: "/leads/{leadId}/deletion", tags, summary: "Say what would go with a lead" })
    .input(leadId)
    .output(deletionSchema),
  delete: endpoint("leads:delete", LeadNotFound)
    .route({ method: "DELETE", path: "/leads/{leadId}", tags, summary: "Delete a lead and what belongs to it" })
    .input(leadId)
    .output(deletionSchema),
  timeline: endpoint("leads:read", LeadNotFound, LeadMerged)
    .route({
      method: "GET",
      path: "/leads/{leadId}/timeline",
      tags,
      summary: "List what happened to a lead, newest first",
    })
    .input(
      pageInput.extend({
        ...leadId.shape,
        /** Types to show, separated by commas. */
        type: z.string().max(500).optional(),
      }),
    )
    .output(pageOf(timelineEntrySchema)),
  addTags: endpoint("leads:write", LeadNotFound, LeadErased)
    .route({ method: "POST", path: "/leads/{leadId}/tags", tags, summary: "Put tags on a lead" })
    .input(leadId.extend({ names: z.array(z.string().trim().min(1).max(60)).min(1).max(20) }))
    .output(leadDetailSchema),
  removeTag: endpoint("leads:write", LeadNotFound)
    .route({ method: "DELETE", path: "/leads/{leadId}/tags/{tagId}", tags, summary: "Take a tag off a lead" })
    .input(leadId.extend({ tagId: id }))
    .output(leadDetailSchema),
};
