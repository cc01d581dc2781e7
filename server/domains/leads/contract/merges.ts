import { z } from "zod";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { MERGE_FIELDS, MERGE_SIDES } from "../merge/plan.ts";
import { LeadErased, LeadMerged, LeadNotFound, MergeNotFound, MergeNotUndoable } from "../problems.ts";
import { IDENTITY_KINDS, SUPPRESSION_REASONS, SUPPRESSION_SCOPES } from "../rules.ts";

const tags = ["Leads"];
const id = z.string().max(60);

export const mergeSchema = z.object({
  id,
  /** The lead that both are now. */
  survivorId: id,
  /** The lead that became part of it. */
  otherId: id,
  /** What the other was called; null once the merge can no longer be undone. */
  otherName: z.string().nullable(),
  mergedAt: instant,
  mergedBy: z.string().nullable(),
  undoneAt: instant.nullable(),
  undoneBy: z.string().nullable(),
  /** Until then it can be undone. */
  undoUntil: instant,
});
export type MergeView = z.infer<typeof mergeSchema>;

const mergeResult = z.object({
  /** Null for a dry run. */
  mergeId: id.nullable(),
  survivorId: id,
  otherId: id,
  /** What changes on the survivor. */
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
  /** Rows of the other lead that become the survivor's, by table. */
  moves: z.record(z.string(), z.int()),
  /** Addresses that are closed because the person said no at another of theirs. */
  closes: z.array(
    z.object({
      kind: z.enum(IDENTITY_KINDS),
      value: z.string(),
      reason: z.enum(SUPPRESSION_REASONS),
      scope: z.enum(SUPPRESSION_SCOPES),
    }),
  ),
});
export type MergeResultView = z.infer<typeof mergeResult>;

export const mergeOperations = {
  create: endpoint("leads:write", LeadNotFound, LeadMerged, LeadErased)
    .route({
      method: "POST",
      path: "/leads/{leadId}/merge",
      tags,
      summary: "Make another lead part of this one",
      description:
        "Addresses, tags, messages, enrolments and history of both are joined; `fields` says whose value stands where both have one. With `dryRun` nothing is done and the answer tells what would be. Can be undone for 90 days.",
    })
    .input(
      z.object({
        leadId: id,
        otherLeadId: id,
        /** Own fields by `custom.<key>`. */
        fields: z
          .partialRecord(
            z.union([z.enum(MERGE_FIELDS), z.templateLiteral(["custom.", z.string()])]),
            z.enum(MERGE_SIDES),
          )
          .optional(),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(mergeResult),
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/merges", tags, summary: "List merges, newest first" })
    .input(pageInput.extend({ leadId: id.optional() }))
    .output(pageOf(mergeSchema)),
  get: endpoint("leads:read", MergeNotFound)
    .route({ method: "GET", path: "/merges/{mergeId}", tags, summary: "Show a merge" })
    .input(z.object({ mergeId: id }))
    .output(mergeSchema),
  undo: endpoint("leads:write", MergeNotFound, MergeNotUndoable)
    .route({
      method: "POST",
      path: "/merges/{mergeId}/undo",
      tags,
      summary: "Make two leads of one again",
      description:
        "Both are as they were before. What was changed or happened since stays with the lead that came of the merge, and addresses that the merge closed stay closed.",
    })
    .input(z.object({ mergeId: id }))
    .output(mergeSchema),
};
