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
import {
  AlreadyLifted,
  LeadNotFound,
  OnlyPeopleLift,
  ProposalNotFound,
  SuppressionNotFound,
  TagNameTaken,
  TagNotFound,
} from "../problems.ts";
import { IDENTITY_KINDS, PROPOSAL_STATUSES, SUPPRESSION_REASONS, SUPPRESSION_SCOPES } from "../rules.ts";

const tags = ["Leads"];
const id = z.string().max(60);
const tagName = z.string().trim().min(1, "Give it a name").max(60);

export const tagSchema = z.object({ id, name: z.string(), leads: z.int(), createdAt: instant, updatedAt: instant });
export type Tag = z.infer<typeof tagSchema>;

export const tagOperations = {
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/tags", tags, summary: "List tags with the number of their leads" })
    .output(z.object({ data: z.array(tagSchema) })),
  create: endpoint("leads:write", TagNameTaken)
    .route({ method: "POST", path: "/tags", tags, summary: "Make a tag", successStatus: 201 })
    .input(z.object({ name: tagName }))
    .output(z.object({ id, name: z.string() })),
  rename: endpoint("leads:write", TagNotFound, TagNameTaken, ChangedElsewhere)
    .route({ method: "PATCH", path: "/tags/{tagId}", tags, summary: "Rename a tag" })
    .input(z.object({ tagId: id, name: tagName, ...expectation.shape }))
    .output(z.object({ id, name: z.string(), updatedAt: instant })),
  delete: endpoint("leads:write", TagNotFound)
    .route({ method: "DELETE", path: "/tags/{tagId}", tags, summary: "Delete a tag everywhere", successStatus: 204 })
    .input(z.object({ tagId: id })),
};

export const suppressionSchema = z.object({
  id,
  kind: z.enum(IDENTITY_KINDS),
  value: z.string(),
  reason: z.enum(SUPPRESSION_REASONS),
  scope: z.enum(SUPPRESSION_SCOPES),
  /** What it rests on: the words of a reply, a vendor's report, a person's note. */
  evidence: z.string().nullable(),
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  createdAt: instant,
  liftedAt: instant.nullable(),
  liftedBy: z.string().nullable(),
  liftReason: z.string().nullable(),
});
export type SuppressionView = z.infer<typeof suppressionSchema>;

export const suppressionOperations = {
  list: endpoint("leads:read")
    .route({
      method: "GET",
      path: "/suppressions",
      tags,
      summary: "List addresses that nothing is sent to",
      description: MAY_COME_SHORT,
    })
    .input(
      pageInput.extend({
        kind: z.enum(IDENTITY_KINDS).optional(),
        reason: z.enum(SUPPRESSION_REASONS).optional(),
        active: z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]).optional(),
        /** Part of the address. */
        search: z.string().max(200).optional(),
      }),
    )
    .output(windowOf(suppressionSchema)),
  create: endpoint("suppressions:write")
    .route({ method: "POST", path: "/suppressions", tags, summary: "Close an address", successStatus: 201 })
    .input(
      z.object({
        kind: z.enum(IDENTITY_KINDS),
        /** In any usual way of writing. */
        address: z.string().min(1).max(500),
        scope: z.enum(SUPPRESSION_SCOPES).default("ALL"),
        /** Why, in the person's words. */
        evidence: z.string().trim().max(500).optional(),
      }),
    )
    .output(
      z.object({
        kind: z.enum(IDENTITY_KINDS),
        value: z.string(),
        scope: z.enum(SUPPRESSION_SCOPES),
        isNew: z.boolean(),
      }),
    ),
  lift: endpoint("suppressions:write", SuppressionNotFound, AlreadyLifted, OnlyPeopleLift)
    .route({
      method: "POST",
      path: "/suppressions/{suppressionId}/lift",
      tags,
      summary: "Open an address again",
      successStatus: 204,
    })
    .input(z.object({ suppressionId: id, reason: z.string().trim().min(3, "Say why").max(500) })),
};

const proposalLead = z.object({
  id,
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});
export const proposalSchema = z.object({
  id,
  /** The older of the two. */
  lead: proposalLead,
  otherLead: proposalLead,
  kind: z.enum(IDENTITY_KINDS),
  value: z.string(),
  reason: z.string(),
  status: z.enum(PROPOSAL_STATUSES),
  createdAt: instant,
  decidedAt: instant.nullable(),
  decidedBy: z.string().nullable(),
});
export type ProposalView = z.infer<typeof proposalSchema>;

export const proposalOperations = {
  list: endpoint("leads:read", LeadNotFound)
    .route({ method: "GET", path: "/merge-proposals", tags, summary: "List leads that may be one person" })
    .input(pageInput.extend({ status: z.enum(PROPOSAL_STATUSES).default("OPEN"), leadId: id.optional() }))
    .output(pageOf(proposalSchema)),
  dismiss: endpoint("leads:write", ProposalNotFound)
    .route({
      method: "POST",
      path: "/merge-proposals/{proposalId}/dismiss",
      tags,
      summary: "Say that they are two people",
      successStatus: 204,
    })
    .input(z.object({ proposalId: id })),
};
