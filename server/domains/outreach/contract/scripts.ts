import { z } from "zod";
import { LeadNotFound } from "#domains/leads/problems.ts";
import { testAddress, testSendSchema } from "#domains/messaging/contract.ts";
import { TestRefused } from "#domains/messaging/problems.ts";
import { endpoint, expectation, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { CampaignNotFound, ScriptBreaksSequence, ScriptInUse, ScriptNotFound } from "../problems.ts";
import { BODY_FORMATS, SCRIPT_FAULTS } from "../render/sets.ts";
import { SCRIPT_TYPES, SEQUENCE_STATUSES } from "../states.ts";
import { vapiConfigSchema } from "../trigger-config.ts";
import { checkedLeads, givesOne, leadCheckSchema } from "./lead-check.ts";

const tags = ["Scripts"];
const id = z.string().max(60);
const scriptId = z.object({ scriptId: id });

const MOST_CHARACTERS = 200_000;

export const scriptSchema = z.object({
  id,
  name: z.string(),
  type: z.enum(SCRIPT_TYPES),
  /** SMS: the text. EMAIL: the body. */
  content: z.string().nullable(),
  subject: z.string().nullable(),
  preheader: z.string().nullable(),
  format: z.enum(BODY_FORMATS),
  /** CALL: how the voice agent speaks. */
  vapiConfig: z.record(z.string(), z.unknown()).nullable(),
  campaignId: id.nullable(),
  isDefault: z.boolean(),
  /** Of the text as it stands. */
  versionId: id.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type ScriptView = z.infer<typeof scriptSchema>;

const faultSchema = z.object({ code: z.enum(SCRIPT_FAULTS), detail: z.string() });

export const scriptDetailSchema = scriptSchema.extend({
  /** What would keep it from being sent to anybody; a sequence with it is not activated before they are gone. */
  faults: z.array(faultSchema),
  /** Sequences that have it in a step in use, those under way first; at most 100. */
  usedBy: z.array(z.object({ id, name: z.string(), status: z.enum(SEQUENCE_STATUSES) })),
});
export type ScriptDetail = z.infer<typeof scriptDetailSchema>;

/** What a person writes. A script may be saved unfinished. */
const written = {
  content: z.string().max(MOST_CHARACTERS).nullable().optional(),
  subject: z.string().max(1_000).nullable().optional(),
  preheader: z.string().max(1_000).nullable().optional(),
  format: z.enum(BODY_FORMATS).optional(),
  vapiConfig: vapiConfigSchema.nullable().optional(),
};
const name = z.string().trim().min(1, "Give it a name").max(200);

export const newScriptSchema = z.object({
  name,
  type: z.enum(SCRIPT_TYPES),
  ...written,
  campaignId: id.nullable().optional(),
});
export type NewScript = z.infer<typeof newScriptSchema>;

/** The type stays: a script is written for one channel. */
export const scriptPatchSchema = newScriptSchema.omit({ type: true }).partial();
export type ScriptPatch = z.infer<typeof scriptPatchSchema>;

/** A text as it stands in an editor, saved or not. */
export const scriptDraftSchema = z.object({ type: z.enum(SCRIPT_TYPES), ...written });
export type ScriptDraft = z.infer<typeof scriptDraftSchema>;

const segments = z.object({
  encoding: z.enum(["GSM-7", "UCS-2"]),
  units: z.int(),
  segments: z.int(),
  perSegment: z.int(),
  remaining: z.int(),
  /** The characters that make the text dearer: they are outside the GSM alphabet. */
  offenders: z.array(z.string()),
});

export const previewSchema = z.object({
  /** Null: this lead would get nothing, for the reasons below. */
  message: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("SMS"), text: z.string(), segments }),
      z.object({
        type: z.literal("EMAIL"),
        subject: z.string(),
        preheader: z.string().nullable(),
        html: z.string(),
        text: z.string(),
      }),
      z.object({ type: z.literal("CALL"), text: z.string(), call: vapiConfigSchema }),
    ])
    .nullable(),
  /** Variables that are empty for this lead and have no default. */
  missing: z.array(z.string()),
  /** Any other fault that showed while the text was filled in. */
  error: z.string().nullable(),
  /** Faults for every lead, unknown variables among them. */
  faults: z.array(faultSchema),
});
export type ScriptPreview = z.infer<typeof previewSchema>;

export const scriptOperations = {
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/scripts", tags, summary: "List scripts, newest first" })
    .input(
      pageInput.extend({
        type: z.enum(SCRIPT_TYPES).optional(),
        campaignId: id.optional(),
        /** Part of the name. */
        search: z.string().max(200).optional(),
      }),
    )
    .output(pageOf(scriptSchema)),
  create: endpoint("outreach:write", CampaignNotFound)
    .route({ method: "POST", path: "/scripts", tags, summary: "Write a script", successStatus: 201 })
    .input(newScriptSchema)
    .output(scriptDetailSchema),
  previewDraft: endpoint("outreach:read", LeadNotFound)
    .route({ method: "POST", path: "/scripts/preview", tags, summary: "Show an unsaved text as one lead would get it" })
    .input(scriptDraftSchema.extend({ leadId: id }))
    .output(previewSchema),
  get: endpoint("outreach:read", ScriptNotFound)
    .route({
      method: "GET",
      path: "/scripts/{scriptId}",
      tags,
      summary: "Show a script, its faults and the sequences that use it",
    })
    .input(scriptId)
    .output(scriptDetailSchema),
  update: endpoint("outreach:write", ScriptNotFound, CampaignNotFound, ScriptBreaksSequence, ChangedElsewhere)
    .route({ method: "PATCH", path: "/scripts/{scriptId}", tags, summary: "Change a script" })
    .input(scriptPatchSchema.extend({ ...scriptId.shape, ...expectation.shape }))
    .output(scriptDetailSchema),
  delete: endpoint("outreach:write", ScriptNotFound, ScriptInUse)
    .route({
      method: "DELETE",
      path: "/scripts/{scriptId}",
      tags,
      summary: "Delete a script that no running sequence sends",
      successStatus: 204,
    })
    .input(scriptId),
  duplicate: endpoint("outreach:write", ScriptNotFound)
    .route({
      method: "POST",
      path: "/scripts/{scriptId}/duplicate",
      tags,
      summary: "Copy a script",
      successStatus: 201,
    })
    .input(scriptId)
    .output(scriptDetailSchema),
  setDefault: endpoint("outreach:write", ScriptNotFound)
    .route({
      method: "PUT",
      path: "/scripts/{scriptId}/default",
      tags,
      summary: "Make a script the default of its channel",
    })
    .input(scriptId)
    .output(scriptDetailSchema),
  preview: endpoint("outreach:read", ScriptNotFound, LeadNotFound)
    .route({
      method: "POST",
      path: "/scripts/{scriptId}/preview",
      tags,
      summary: "Show a script as one lead would get it",
    })
    .input(scriptId.extend({ leadId: id }))
    .output(previewSchema),
  checkLeads: endpoint("outreach:read", ScriptNotFound)
    .route({
      method: "POST",
      path: "/scripts/{scriptId}/check-leads",
      tags,
      summary: "Say for which leads a script could not be filled in, and what they lack",
      description: "As for a sequence: at most 10,000 leads, and nothing is written.",
    })
    .input(
      scriptId
        .extend(checkedLeads)
        .refine(givesOne, { path: ["leadIds"], error: "Name the leads or give a filter, one of the two" }),
    )
    .output(leadCheckSchema),
  testSend: endpoint("messages:send", ScriptNotFound, LeadNotFound, TestRefused)
    .route({
      method: "POST",
      path: "/scripts/{scriptId}/test-send",
      tags,
      summary: "Send a script to an address of your own",
      description:
        "Filled in for the lead, or for an invented person. It is no touch of anybody, its unsubscribe link opts nobody out, and it is tried once. A suppressed address is refused.",
    })
    .input(scriptId.extend({ to: testAddress, leadId: id.nullish() }))
    .output(testSendSchema),
};
