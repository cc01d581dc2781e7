import { z } from "zod";
import { leadFilterSchema } from "#domains/leads/rules.ts";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import {
  BulkEnrollmentNotFound,
  BulkEnrollmentNotInState,
  CampaignNotFound,
  CampaignNotInState,
  SequenceNotFound,
  SequenceNotInState,
} from "../problems.ts";
import { BULK_STATUSES } from "../states.ts";

const tags = ["Enrollments"];
const id = z.string().max(60);
const sequenceId = z.object({ sequenceId: id });
const bulkEnrollmentId = z.object({ bulkEnrollmentId: id });

/** Leads that may be named one by one; a filter has no limit. */
export const MOST_NAMED_LEADS = 10_000;

/** Why leads were refused: one entry for each reason. */
export const refusalSchema = z.object({
  code: z.string(),
  reason: z.string(),
  count: z.int(),
  /** Some of them, for a person to look at. */
  leadIds: z.array(id),
});
export type Refusal = z.infer<typeof refusalSchema>;

export const bulkEnrollmentSchema = z.object({
  id,
  sequenceId: id,
  sequenceName: z.string(),
  campaignId: id.nullable(),
  /** The filter as it was asked; empty where leads were named. Null for whoever may not see leads: a search may name one. */
  filter: leadFilterSchema.nullable(),
  status: z.enum(BULK_STATUSES),
  /** Leads that the filter found when it was asked, where there are many an estimate; those of later are taken too. */
  total: z.int(),
  enrolled: z.int(),
  refused: z.int(),
  refusals: z.array(refusalSchema),
  failure: z.string().nullable(),
  createdBy: id.nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type BulkEnrollmentView = z.infer<typeof bulkEnrollmentSchema>;

const asked = {
  /** As the list of leads takes it. */
  filter: leadFilterSchema.optional(),
  leadIds: z.array(id).min(1).max(MOST_NAMED_LEADS).optional(),
  /** Lets in whoever has left the sequence, as a new run; without it the sequence's re-entry rule decides. */
  again: z.boolean().default(false),
};

type Asked = { filter?: unknown; leadIds?: unknown };
const oneOfTwo = ({ leadIds, filter }: Asked) => (leadIds === undefined) !== (filter === undefined);
const fault = { path: ["leadIds"], error: "Name the leads or give a filter, one of the two" };

export const newBulkEnrollmentSchema = z
  .object({ ...sequenceId.shape, ...asked, /** Whoever comes in is put into it. */ campaignId: id.nullish() })
  .refine(oneOfTwo, fault);
export type NewBulkEnrollment = z.infer<typeof newBulkEnrollmentSchema>;

export const bulkPreviewSchema = z.object({
  /** Leads that the filter finds. */
  count: z.int(),
  isEstimate: z.boolean(),
  /** How many of them would come in; null where there are too many to look at each. */
  wouldEnroll: z.int().nullable(),
  refusals: z.array(refusalSchema.omit({ leadIds: true })),
});
export type BulkPreview = z.infer<typeof bulkPreviewSchema>;

export const bulkEnrollmentOperations = {
  create: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, CampaignNotFound, CampaignNotInState)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/bulk-enrollments",
      tags,
      summary: "Enrol all leads of a filter",
      description:
        "Goes on in the background, in batches; each lead is taken once, whatever happens to the server meanwhile. Watch it by its id or by the live events.",
      successStatus: 201,
    })
    .input(newBulkEnrollmentSchema)
    .output(bulkEnrollmentSchema),
  preview: endpoint("outreach:read", SequenceNotFound)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/bulk-enrollments/preview",
      tags,
      summary: "Say how many leads of a filter would come in, and why others would not",
    })
    .input(z.object({ ...sequenceId.shape, ...asked }).refine(oneOfTwo, fault))
    .output(bulkPreviewSchema),
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/bulk-enrollments", tags, summary: "List bulk enrolments, newest first" })
    .input(pageInput.extend({ sequenceId: id.optional(), status: z.enum(BULK_STATUSES).optional() }))
    .output(pageOf(bulkEnrollmentSchema)),
  get: endpoint("outreach:read", BulkEnrollmentNotFound)
    .route({
      method: "GET",
      path: "/bulk-enrollments/{bulkEnrollmentId}",
      tags,
      summary: "Show how far a bulk enrolment has come",
    })
    .input(bulkEnrollmentId)
    .output(bulkEnrollmentSchema),
  cancel: endpoint("outreach:write", BulkEnrollmentNotFound, BulkEnrollmentNotInState)
    .route({
      method: "POST",
      path: "/bulk-enrollments/{bulkEnrollmentId}/cancel",
      tags,
      summary: "End a bulk enrolment; whoever came in stays",
    })
    .input(bulkEnrollmentId)
    .output(bulkEnrollmentSchema),
};
