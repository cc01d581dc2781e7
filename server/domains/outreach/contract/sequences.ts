import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { endpoint, expectation, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { LAUNCH_POINTS } from "../launch-list.ts";
import { CampaignNotFound, SequenceNotFound, SequenceNotInState, SequenceNotReady } from "../problems.ts";
import { DELAY_UNITS, ENROLLMENT_STATUSES, EXECUTION_STATUSES, SEQUENCE_STATUSES, TRIGGER_TYPES } from "../states.ts";
import { CONDITIONS_DESCRIPTION, stepConditionsSchema } from "../conditions/language.ts";
import { delaySchema, sequenceSettingsSchema, triggerSchema } from "../trigger-config.ts";
import { checkedInside, givesOne, leadCheckSchema } from "./lead-check.ts";
import { sequenceStatsSchema } from "./stats.ts";

const tags = ["Sequences"];
const id = z.string().max(60);
const sequenceId = z.object({ sequenceId: id });

/** Statuses that nobody has are left out. */
const countsOf = <Status extends string>(statuses: readonly [Status, ...Status[]]) =>
  z.partialRecord(z.enum(statuses), z.int());

export const stepSchema = z.object({
  id,
  /** From 0, without gaps. */
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptId: id.nullable(),
  scriptName: z.string().nullable(),
  delayValue: z.int(),
  delayUnit: z.enum(DELAY_UNITS),
  conditions: z.record(z.string(), z.unknown()),
  isActive: z.boolean(),
  /** The newest version has it too: it keeps its channel, and is switched off rather than deleted. */
  isPublished: z.boolean(),
  /** How many executions of the step there are, by status. */
  executions: countsOf(EXECUTION_STATUSES),
});
export type StepView = z.infer<typeof stepSchema>;

export const sequenceSchema = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(SEQUENCE_STATUSES),
  /** Those of its active steps. */
  channels: z.array(z.enum(CHANNELS)),
  triggerType: z.enum(TRIGGER_TYPES),
  triggerConfig: z.record(z.string(), z.unknown()),
  settings: sequenceSettingsSchema,
  /** What it asks for and is not there any more, in sentences: tags, fields, saved filters, campaigns. Of sequences that run or are paused. */
  warnings: z.array(z.string()),
  activatedAt: instant.nullable(),
  pausedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
  /** How many leads are or were in it, by the status of their enrollment. */
  enrolled: countsOf(ENROLLMENT_STATUSES),
});
export type SequenceView = z.infer<typeof sequenceSchema>;

/** `steps` are the draft: what people go through is the version that they came in with. */
export const sequenceDetailSchema = sequenceSchema.extend({
  steps: z.array(stepSchema),
  /** The number of the newest version; null before the sequence was first activated. */
  version: z.int().nullable(),
  /** When it was published. */
  publishedAt: instant.nullable(),
  /** In how many things the draft differs from it. */
  unpublished: z.int(),
});
export type SequenceDetail = z.infer<typeof sequenceDetailSchema>;

const fields = {
  name: z.string().trim().min(1, "Give it a name").max(200),
  description: z.string().trim().max(2_000).nullable(),
  triggerType: z.enum(TRIGGER_TYPES),
  /** Depends on the type; a key that nobody reads is refused. */
  triggerConfig: z.record(z.string(), z.unknown()),
  settings: sequenceSettingsSchema,
};

/** Reports what the trigger's own schema has against its configuration. */
function checkTrigger(
  { triggerType, triggerConfig }: { triggerType?: string; triggerConfig?: Record<string, unknown> },
  issues: z.RefinementCtx,
): void {
  if (triggerType === undefined) {
    if (triggerConfig !== undefined)
      issues.addIssue({ code: "custom", path: ["triggerType"], message: "Say the trigger with its configuration" });
    return;
  }
  const read = triggerSchema.safeParse({ triggerType, triggerConfig: triggerConfig ?? {} });
  if (read.success) return;
  for (const { path, message } of read.error.issues) issues.addIssue({ code: "custom", path: [...path], message });
}

export const newSequenceSchema = z
  .object({
    ...fields,
    description: fields.description.optional(),
    triggerType: fields.triggerType.default("manual"),
    triggerConfig: fields.triggerConfig.optional(),
    settings: fields.settings.prefault({}),
  })
  .superRefine(checkTrigger);
export type NewSequence = z.infer<typeof newSequenceSchema>;

/** `triggerType` brings its `triggerConfig` along, and `settings` replaces all settings. */
const patchFields = z.object(fields).partial();
export type SequencePatch = z.infer<typeof patchFields>;

export const stepInputSchema = z
  .strictObject({
    /** Of a step that is there; without it a new one is made. */
    id: id.optional(),
    channel: z.enum(CHANNELS),
    scriptId: id.nullable().default(null),
    /** The wait after the step before, or after the enrolment. */
    delayValue: z.int().min(0).default(0),
    delayUnit: z.enum(DELAY_UNITS).default("HOURS"),
    conditions: stepConditionsSchema.prefault({}),
    isActive: z.boolean().default(true),
  })
  .superRefine(({ delayValue, delayUnit }, issues) => {
    const read = delaySchema.safeParse({ value: delayValue, unit: delayUnit });
    for (const { message } of read.error?.issues ?? [])
      issues.addIssue({ code: "custom", path: ["delayValue"], message });
  });
export type StepInput = z.infer<typeof stepInputSchema>;

export const MOST_STEPS = 100;

const launchPointSchema = z.object({
  code: z.enum(LAUNCH_POINTS),
  /** What a `channel` point is about. */
  channel: z.enum(CHANNELS).nullable(),
  isDone: z.boolean(),
  /** Undone, it keeps the sequence from being activated. */
  required: z.boolean(),
  title: z.string(),
  /** What is there, or everything that is missing. */
  details: z.array(z.string()),
  /** When the sending hours open; an instant that is not after now means that they are open. */
  opensAt: instant.nullable(),
});
export type LaunchPointView = z.infer<typeof launchPointSchema>;

export const readinessSchema = z.object({
  faults: z.array(z.object({ code: z.string(), detail: z.string() })),
  points: z.array(launchPointSchema),
});

const move = (path: `/${string}`, summary: string) =>
  endpoint("outreach:write", SequenceNotFound, SequenceNotInState)
    .route({ method: "POST", path: `/sequences/{sequenceId}${path}`, tags, summary })
    .input(sequenceId)
    .output(sequenceDetailSchema);

export const sequenceOperations = {
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/sequences", tags, summary: "List sequences, newest first" })
    .input(
      pageInput.extend({
        status: z.enum(SEQUENCE_STATUSES).optional(),
        /** Part of the name. */
        search: z.string().max(200).optional(),
      }),
    )
    .output(pageOf(sequenceSchema)),
  create: endpoint("outreach:write")
    .route({ method: "POST", path: "/sequences", tags, summary: "Begin a sequence", successStatus: 201 })
    .input(newSequenceSchema)
    .output(sequenceDetailSchema),
  get: endpoint("outreach:read", SequenceNotFound)
    .route({ method: "GET", path: "/sequences/{sequenceId}", tags, summary: "Show a sequence with its steps" })
    .input(sequenceId)
    .output(sequenceDetailSchema),
  update: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, ChangedElsewhere)
    .route({ method: "PATCH", path: "/sequences/{sequenceId}", tags, summary: "Change a sequence" })
    .input(patchFields.extend({ ...sequenceId.shape, ...expectation.shape }).superRefine(checkTrigger))
    .output(sequenceDetailSchema),
  delete: endpoint("outreach:write", SequenceNotFound, SequenceNotInState)
    .route({
      method: "DELETE",
      path: "/sequences/{sequenceId}",
      tags,
      summary: "Delete a sequence that nobody was ever in",
      successStatus: 204,
    })
    .input(sequenceId),
  putSteps: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, ChangedElsewhere)
    .route({
      method: "PUT",
      path: "/sequences/{sequenceId}/steps",
      tags,
      summary: "Set all steps of a sequence, in their order",
      description: [
        "The whole list at once. Once the sequence was activated they are a draft, which nobody goes by before it is published. A step that is left out is deleted; one that a version has is only switched off. Steps that a version has keep their channel.",
        CONDITIONS_DESCRIPTION,
      ].join("\n\n"),
    })
    .input(sequenceId.extend({ steps: z.array(stepInputSchema).max(MOST_STEPS), ...expectation.shape }))
    .output(sequenceDetailSchema),
  readiness: endpoint("outreach:read", SequenceNotFound)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/readiness",
      tags,
      summary: "Say what a sequence needs before its first touch, and what keeps it from being activated",
    })
    .input(sequenceId)
    .output(readinessSchema),
  checkLeads: endpoint("outreach:read", SequenceNotFound, CampaignNotFound)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/check-leads",
      tags,
      summary: "Say which leads would miss a touch, and what they lack for it",
      description:
        "Makes the text of every active step for each lead, as it is made when it is sent, and writes nothing. Looks at 10,000 leads at most, at fewer when there are more than three steps, and says when there are more. Whether a lead may come in is not asked here.",
    })
    .input(
      sequenceId
        .extend({ ...checkedInside, /** The campaign they would come in for. */ campaignId: id.nullish() })
        .refine(givesOne, { path: ["leadIds"], error: "Name the leads, give a filter, or ask for those inside" }),
    )
    .output(leadCheckSchema),
  stats: endpoint("outreach:read", SequenceNotFound)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/stats",
      tags,
      summary: "Count how far people came in a sequence, and what became of each step",
    })
    .input(sequenceId)
    .output(sequenceStatsSchema),
  activate: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, SequenceNotReady, ChangedElsewhere)
    .route({ method: "POST", path: "/sequences/{sequenceId}/activate", tags, summary: "Activate a sequence" })
    .input(sequenceId.extend(expectation.shape))
    .output(sequenceDetailSchema),
  pause: move("/pause", "Pause a sequence and everybody in it"),
  resume: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, SequenceNotReady)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/resume",
      tags,
      summary: "Go on with a paused sequence",
    })
    .input(sequenceId)
    .output(sequenceDetailSchema),
  archive: move("/archive", "End a sequence for everybody in it, for good"),
};
