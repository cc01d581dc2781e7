import { z } from "zod";
import { leadFilterSchema } from "#domains/leads/rules.ts";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { BulkAssignmentNotFound, BulkAssignmentNotInState, CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { BULK_STATUSES } from "../states.ts";
import { MOST_LEADS_AT_ONCE } from "./campaigns.ts";
import { refusalSchema } from "./bulk-enrollments.ts";

const tags = ["Campaigns"];
const id = z.string().max(60);
const bulkAssignmentId = z.object({ bulkAssignmentId: id });
const asked = z.object({
  campaignId: id,
  /** As the list of leads takes it. */
  filter: leadFilterSchema,
});

/** Leads of a filter, or those that are named. */
const looked = z
  .object({
    campaignId: id,
    filter: leadFilterSchema.optional(),
    leadIds: z.array(id).min(1).max(MOST_LEADS_AT_ONCE).optional(),
  })
  .refine(({ leadIds, filter }) => (leadIds === undefined) !== (filter === undefined), {
    path: ["leadIds"],
    error: "Name the leads or give a filter, one of the two",
  });
export type AssignmentAsk = z.infer<typeof looked>;

export const bulkAssignmentSchema = z.object({
  id,
  campaignId: id,
  /** The filter as it was asked; empty for an undo. Null for whoever may not see leads: a search may name one. */
  filter: leadFilterSchema.nullable(),
  status: z.enum(BULK_STATUSES),
  /** Leads when it was asked; where there are many, an estimate. Those that are made later are not taken. */
  total: z.int(),
  isEstimate: z.boolean(),
  /** Leads put in; of an undo, taken out. */
  changed: z.int(),
  /** Leads that were in it before. */
  unchanged: z.int(),
  refused: z.int(),
  refusals: z.array(refusalSchema),
  failure: z.string().nullable(),
  /** The bulk assignment that this one takes back. */
  undoOf: id.nullable(),
  undoneAt: instant.nullable(),
  /** Why it cannot be undone; null: it can. */
  whyNotUndo: z.string().nullable(),
  createdBy: id.nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type BulkAssignmentView = z.infer<typeof bulkAssignmentSchema>;

export const assignmentPreviewSchema = z.object({
  /** Leads that the filter finds, or that are named. */
  count: z.int(),
  isEstimate: z.boolean(),
  /** So many of them were looked at, the oldest; the figures below are of these. */
  lookedAt: z.int(),
  wouldAdd: z.int(),
  /** In it already. */
  inside: z.int(),
  refusals: z.array(refusalSchema.omit({ leadIds: true })),
  /** Places left in the campaign; null: as many as come. */
  room: z.int().nullable(),
});
export type AssignmentPreview = z.infer<typeof assignmentPreviewSchema>;

export const bulkAssignmentOperations = {
  create: endpoint("outreach:write", CampaignNotFound, CampaignNotInState)
    .route({
      method: "POST",
      path: "/campaigns/{campaignId}/bulk-assignments",
      tags,
      summary: "Put all leads of a filter into a campaign",
      description:
        "Goes on in the background, the oldest leads first, until all are in or the campaign is full. Whoever asks again meanwhile is answered with the one under way.",
      successStatus: 201,
    })
    .input(asked)
    .output(bulkAssignmentSchema),
  preview: endpoint("outreach:read", CampaignNotFound, CampaignNotInState)
    .route({
      method: "POST",
      path: "/campaigns/{campaignId}/bulk-assignments/preview",
      tags,
      summary:
        "Say how many leads of a filter, or of those named, would come into a campaign, and why others would not",
    })
    .input(looked)
    .output(assignmentPreviewSchema),
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/bulk-assignments", tags, summary: "List bulk assignments, newest first" })
    .input(pageInput.extend({ campaignId: id.optional() }))
    .output(pageOf(bulkAssignmentSchema)),
  get: endpoint("outreach:read", BulkAssignmentNotFound)
    .route({
      method: "GET",
      path: "/bulk-assignments/{bulkAssignmentId}",
      tags,
      summary: "Show how far a bulk assignment has come",
    })
    .input(bulkAssignmentId)
    .output(bulkAssignmentSchema),
  cancel: endpoint("outreach:write", BulkAssignmentNotFound, BulkAssignmentNotInState)
    .route({
      method: "POST",
      path: "/bulk-assignments/{bulkAssignmentId}/cancel",
      tags,
      summary: "Stop a bulk assignment behind its batch; whoever came in stays",
    })
    .input(bulkAssignmentId)
    .output(bulkAssignmentSchema),
  undo: endpoint("outreach:write", BulkAssignmentNotFound, BulkAssignmentNotInState)
    .route({
      method: "POST",
      path: "/bulk-assignments/{bulkAssignmentId}/undo",
      tags,
      summary: "Take out again whom a bulk assignment put into its campaign",
      description:
        "Within 30 days, but for whom something was begun with since. Answers the bulk assignment that does it.",
    })
    .input(bulkAssignmentId)
    .output(bulkAssignmentSchema),
};
