import { z } from "zod";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { bulkDoingSchema } from "../bulk/change.ts";
import { BulkActionNotFound, BulkActionNotInState, BulkActionNotUndoable } from "../problems.ts";
import { leadFilterSchema } from "../rules.ts";
import { BULK_ACTION_STATUSES, BULK_KINDS } from "../sets.ts";
import { fileOutput } from "./leads.ts";

const tags = ["Bulk actions"];
const id = z.string().max(60);
const bulkActionId = z.object({ bulkActionId: id });

/** Leads that may be named one by one; a filter has no limit. */
const MOST_NAMED = 10_000;

export const bulkActionSchema = z.object({
  id,
  kind: z.enum(BULK_KINDS),
  /** What is done: tags, a status, a value. */
  change: z.record(z.string(), z.unknown()),
  /** The filter as it was asked; empty where leads were named. */
  filter: leadFilterSchema,
  status: z.enum(BULK_ACTION_STATUSES),
  /** Leads when it was asked; above 10,000 of a filter an estimate. */
  total: z.int(),
  isEstimate: z.boolean(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  failure: z.string().nullable(),
  /** The action that this one takes back. */
  undoOf: id.nullable(),
  undoneAt: instant.nullable(),
  /** Why it cannot be undone; null: it can. */
  whyNotUndo: z.string().nullable(),
  createdBy: id.nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type BulkActionView = z.infer<typeof bulkActionSchema>;

const newBulkActionSchema = z
  .object({
    filter: leadFilterSchema.optional(),
    leadIds: z.array(id).min(1).max(MOST_NAMED).optional(),
    doing: bulkDoingSchema,
  })
  .refine(({ leadIds, filter }) => (leadIds === undefined) !== (filter === undefined), {
    path: ["leadIds"],
    error: "Name the leads or give a filter, one of the two",
  });
export type NewBulkAction = z.infer<typeof newBulkActionSchema>;

const refusals = z.array(z.object({ reason: z.string(), count: z.int() }));

export const bulkActionPreviewSchema = z.object({
  count: z.int(),
  isEstimate: z.boolean(),
  /** So many of them were looked at, the oldest; the figures below are of these. */
  lookedAt: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  refusals,
});
export type BulkActionPreview = z.infer<typeof bulkActionPreviewSchema>;

export const bulkActionOperations = {
  create: endpoint("leads:write")
    .route({
      method: "POST",
      path: "/bulk-actions",
      tags,
      summary: "Change, suppress or delete all leads of a filter",
      description:
        "Goes on in the background, in batches; each lead is taken once, whatever happens to the server meanwhile. Suppressing and deleting take the permission for it.",
      successStatus: 201,
    })
    .input(newBulkActionSchema)
    .output(bulkActionSchema),
  preview: endpoint("leads:write")
    .route({
      method: "POST",
      path: "/bulk-actions/preview",
      tags,
      summary: "Say how many leads a bulk action is for and what would become of them",
    })
    .input(newBulkActionSchema)
    .output(bulkActionPreviewSchema),
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/bulk-actions", tags, summary: "List bulk actions, newest first" })
    .input(pageInput)
    .output(pageOf(bulkActionSchema)),
  get: endpoint("leads:read", BulkActionNotFound)
    .route({
      method: "GET",
      path: "/bulk-actions/{bulkActionId}",
      tags,
      summary: "Show how far a bulk action has come",
    })
    .input(bulkActionId)
    .output(
      bulkActionSchema.extend({
        /** Why leads were refused, the most frequent first. */
        refusals,
      }),
    ),
  refusedCsv: endpoint("leads:read", BulkActionNotFound)
    .route({
      method: "GET",
      path: "/bulk-actions/{bulkActionId}/refused.csv",
      tags,
      summary: "Download the leads that a bulk action refused, with the reasons",
      outputStructure: "detailed",
    })
    .input(bulkActionId)
    .output(fileOutput),
  cancel: endpoint("leads:write", BulkActionNotFound, BulkActionNotInState)
    .route({
      method: "POST",
      path: "/bulk-actions/{bulkActionId}/cancel",
      tags,
      summary: "Stop a bulk action behind its batch; what was changed stays",
    })
    .input(bulkActionId)
    .output(bulkActionSchema),
  undo: endpoint("leads:write", BulkActionNotFound, BulkActionNotUndoable)
    .route({
      method: "POST",
      path: "/bulk-actions/{bulkActionId}/undo",
      tags,
      summary: "Take a bulk action back, for leads that nobody changed since",
      description: "Tags, statuses and values, within 30 days. Answers the action that does it.",
    })
    .input(bulkActionId)
    .output(bulkActionSchema),
};
