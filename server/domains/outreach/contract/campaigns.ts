import { z } from "zod";
import { leadFilterSchema } from "#domains/leads/rules.ts";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { endpoint, expectation, instant, moment, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { CampaignInUse, CampaignNotFound, CampaignNotInState } from "../problems.ts";
import { CAMPAIGN_LEAD_STATUSES, CAMPAIGN_STATUSES, ENROLLMENT_STATUSES, SEQUENCE_STATUSES } from "../states.ts";
import { refusalSchema } from "./bulk-enrollments.ts";

const tags = ["Campaigns"];
const id = z.string().max(60);
const campaignId = z.object({ campaignId: id });

export const campaignSchema = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(CAMPAIGN_STATUSES),
  channels: z.array(z.enum(CHANNELS)),
  meta: z.record(z.string(), z.unknown()).nullable(),
  startDate: instant.nullable(),
  endDate: instant.nullable(),
  /**
   * Whom it takes in by itself while it is active: every lead that is created or changed so that the filter finds it. The filter is null for whoever
   * may not see leads: a search may name one.
   */
  autoAssign: z.object({ filter: leadFilterSchema.nullable() }).nullable(),
  /** Leads that it takes in at most; null: as many as come. */
  maxLeads: z.int().nullable(),
  /** What its rule asks for and is not there any more, in sentences: by it fewer come in than it says, or nobody. */
  warnings: z.array(z.string()),
  createdAt: instant,
  updatedAt: instant,
  /** How many leads are assigned, by their status in the campaign; statuses that nobody has are left out. */
  leads: z.partialRecord(z.enum(CAMPAIGN_LEAD_STATUSES), z.int()),
});
export type CampaignView = z.infer<typeof campaignSchema>;

export const campaignDetailSchema = campaignSchema.extend({
  /** Sequences that leads are or were in for it, and those whose trigger waits for its leads. */
  sequences: z.array(
    z.object({
      id,
      name: z.string(),
      status: z.enum(SEQUENCE_STATUSES),
      /** Whoever is put into the campaign enters it. */
      isTriggered: z.boolean(),
      /** Its people in this campaign, by the status of their enrollment. */
      enrolled: z.partialRecord(z.enum(ENROLLMENT_STATUSES), z.int()),
    }),
  ),
  /** What became of its messages; channels that sent nothing are left out. */
  touches: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      /** Written and not yet taken by the vendor, or nobody knows. */
      underway: z.int(),
      /** What was delivered counts here too. */
      sent: z.int(),
      delivered: z.int(),
      failed: z.int(),
      replied: z.int(),
    }),
  ),
});
export type CampaignDetail = z.infer<typeof campaignDetailSchema>;

export const campaignLeadSchema = z.object({
  leadId: id,
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullable(),
  status: z.enum(CAMPAIGN_LEAD_STATUSES),
  assignedAt: instant,
  completedAt: instant.nullable(),
});
export type CampaignLeadView = z.infer<typeof campaignLeadSchema>;

const date = moment.nullable();

const MOST_LEADS = 10_000_000;

export const newCampaignSchema = z.object({
  name: z.string().trim().min(1, "Give it a name").max(200),
  description: z.string().trim().max(2_000).nullable().optional(),
  channels: z
    .array(z.enum(CHANNELS))
    .refine((list) => new Set(list).size === list.length, "Each once")
    .optional(),
  meta: z.record(z.string(), z.unknown()).nullable().optional(),
  /** Nothing of it goes out before. */
  startDate: date.optional(),
  /** Behind the start. At this instant it is completed by itself. */
  endDate: date.optional(),
  autoAssign: z
    .strictObject({ filter: z.strictObject(leadFilterSchema.shape) })
    .nullable()
    .optional(),
  /** Leads that are in it beyond a lowered number stay. */
  maxLeads: z.int().min(1).max(MOST_LEADS).nullable().optional(),
});
export type NewCampaign = z.infer<typeof newCampaignSchema>;

export const campaignPatchSchema = newCampaignSchema.partial();
export type CampaignPatch = z.infer<typeof campaignPatchSchema>;

/** Leads that are assigned or taken out at once. */
export const MOST_LEADS_AT_ONCE = 10_000;
const leadIds = z.array(id).min(1).max(MOST_LEADS_AT_ONCE);

const move = (path: `/${string}`, summary: string) =>
  endpoint("outreach:write", CampaignNotFound, CampaignNotInState)
    .route({ method: "POST", path: `/campaigns/{campaignId}${path}`, tags, summary })
    .input(campaignId)
    .output(campaignDetailSchema);

export const campaignOperations = {
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/campaigns", tags, summary: "List campaigns, newest first" })
    .input(
      pageInput.extend({
        status: z.enum(CAMPAIGN_STATUSES).optional(),
        /** Part of the name. */
        search: z.string().max(200).optional(),
      }),
    )
    .output(pageOf(campaignSchema)),
  create: endpoint("outreach:write")
    .route({ method: "POST", path: "/campaigns", tags, summary: "Begin a campaign", successStatus: 201 })
    .input(newCampaignSchema)
    .output(campaignDetailSchema),
  get: endpoint("outreach:read", CampaignNotFound)
    .route({
      method: "GET",
      path: "/campaigns/{campaignId}",
      tags,
      summary: "Show a campaign, its sequences and what became of its messages",
    })
    .input(campaignId)
    .output(campaignDetailSchema),
  update: endpoint("outreach:write", CampaignNotFound, CampaignNotInState, ChangedElsewhere)
    .route({ method: "PATCH", path: "/campaigns/{campaignId}", tags, summary: "Change a campaign" })
    .input(campaignPatchSchema.extend({ ...campaignId.shape, ...expectation.shape }))
    .output(campaignDetailSchema),
  delete: endpoint("outreach:write", CampaignNotFound, CampaignNotInState, CampaignInUse)
    .route({
      method: "DELETE",
      path: "/campaigns/{campaignId}",
      tags,
      summary: "Delete a campaign; what was sent in it stays",
      successStatus: 204,
    })
    .input(campaignId),
  activate: move("/activate", "Activate a campaign, or go on with a paused one"),
  pause: move("/pause", "Hold back everything of a campaign"),
  complete: move("/complete", "End a campaign for good"),
  leads: endpoint("outreach:read", CampaignNotFound)
    .route({ method: "GET", path: "/campaigns/{campaignId}/leads", tags, summary: "List the leads of a campaign" })
    .input(
      pageInput.extend({
        ...campaignId.shape,
        status: z.enum(CAMPAIGN_LEAD_STATUSES).optional(),
        /** Name, e-mail, part of a phone number, company or tag of the lead. */
        search: z.string().max(200).optional(),
      }),
    )
    .output(pageOf(campaignLeadSchema)),
  assign: endpoint("outreach:write", CampaignNotFound, CampaignNotInState)
    .route({
      method: "POST",
      path: "/campaigns/{campaignId}/leads",
      tags,
      summary: "Put leads into a campaign",
      description:
        "Leads that are in it already, and ids of nobody, change nothing and are not counted. Left out is who was erased, or whose addresses are closed for every channel of the campaign. A campaign with a limit takes in as many as fit, in the order given.",
    })
    .input(campaignId.extend({ leadIds }))
    .output(
      z.object({
        assigned: z.int(),
        /** Who came in: what an undo takes out again. */
        leadIds: z.array(id),
        /** Why others were left out, the most frequent first. */
        refusals: z.array(refusalSchema),
        /** It takes in nobody more. */
        isFull: z.boolean(),
      }),
    ),
  assignMatching: endpoint("outreach:write", CampaignNotFound, CampaignNotInState)
    .route({
      method: "POST",
      path: "/campaigns/{campaignId}/assign-matching",
      tags,
      summary: "Put all leads into an active campaign that its rule finds now",
      description: "Done behind this answer, a thousand at a time, until all are in or it is full.",
      successStatus: 202,
    })
    .input(campaignId),
  remove: endpoint("outreach:write", CampaignNotFound)
    .route({
      method: "POST",
      path: "/campaigns/{campaignId}/leads/remove",
      tags,
      summary: "Take leads out of a campaign",
    })
    .input(campaignId.extend({ leadIds }))
    .output(z.object({ removed: z.int() })),
};
