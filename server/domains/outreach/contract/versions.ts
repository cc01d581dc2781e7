import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { endpoint, expectation, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import {
  PublishPreviewOutdated,
  SequenceNotFound,
  SequenceNotInState,
  SequenceNotReady,
  SequenceVersionNotFound,
} from "../problems.ts";
import { DELAY_UNITS } from "../states.ts";
import { CHANGE_KINDS } from "../version-diff.ts";
import { TURNS } from "../version-move.ts";

const tags = ["Sequences"];
const id = z.string().max(60);
const sequenceId = z.object({ sequenceId: id });
const number = z.coerce.number().int().min(1).max(1_000_000);

export const versionSchema = z.object({
  id,
  /** From 1. */
  number: z.int(),
  note: z.string().nullable(),
  publishedAt: instant,
  /** Who published it; `name` as they were called then, null for our own work. */
  by: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  /** How many people are under way in it. */
  inside: z.int(),
});
export type VersionView = z.infer<typeof versionSchema>;

const versionStepSchema = z.object({
  /** Of the step that it is a copy of. */
  id,
  /** From 0, without gaps. */
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptId: id.nullable(),
  /** As the script is called today; null where it is gone. */
  scriptName: z.string().nullable(),
  delayValue: z.int(),
  delayUnit: z.enum(DELAY_UNITS),
  conditions: z.record(z.string(), z.unknown()),
  isActive: z.boolean(),
});
export type VersionStepView = z.infer<typeof versionStepSchema>;

const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  stepId: id,
  /** The step's places before and after, from 1; null where it is not in use. */
  from: z.int().nullable(),
  to: z.int().nullable(),
  /** The change in a sentence. */
  words: z.string(),
});
export type StepChangeView = z.infer<typeof changeSchema>;

const touchAt = z.object({ stepOrder: z.int(), at: instant.nullable() }).nullable();
const counts = z.record(z.enum(TURNS), z.int());

export const crossOverSchema = z.object({
  /** Everybody under way in older versions. */
  inside: z.int(),
  /**
   * How many stay in their version, because they have done a changed step or are getting one; of the others, for how many the next touch stays as
   * it is, comes earlier or later, keeps the time that a person chose, or is none: they are through.
   */
  counts,
  /** Some of each kind. */
  sample: z.array(
    z.object({
      enrollmentId: id,
      leadId: id,
      firstName: z.string(),
      lastName: z.string(),
      /** The number of the version that they are in. */
      version: z.int(),
      turn: z.enum(TURNS),
      isPaused: z.boolean(),
      /** Their next touch now, and then; no time while they are paused. */
      before: touchAt,
      after: touchAt,
    }),
  ),
});
export type CrossOverView = z.infer<typeof crossOverSchema>;

export const publishPreviewSchema = z.object({
  /** What the version would be called. */
  number: z.int(),
  changes: z.array(changeSchema),
  /** What keeps it from being published. */
  faults: z.array(z.object({ code: z.string(), detail: z.string() })),
  /** What would become of those inside if they were moved. */
  crossOver: crossOverSchema,
  /** Give it back to publish what was seen here. */
  seen: z.string(),
});
export type PublishPreviewView = z.infer<typeof publishPreviewSchema>;

export const versionOperations = {
  list: endpoint("outreach:read", SequenceNotFound)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/versions",
      tags,
      summary: "List the versions of a sequence, newest first, with how many are inside each",
    })
    .input(pageInput.extend(sequenceId.shape))
    .output(pageOf(versionSchema)),
  get: endpoint("outreach:read", SequenceNotFound, SequenceVersionNotFound)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/versions/{versionNumber}",
      tags,
      summary: "Show a version of a sequence with its steps",
    })
    .input(sequenceId.extend({ versionNumber: number }))
    .output(versionSchema.extend({ steps: z.array(versionStepSchema) })),
  diff: endpoint("outreach:read", SequenceNotFound, SequenceVersionNotFound)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/changes",
      tags,
      summary: "Say what differs between two versions of a sequence, or between a version and the draft",
    })
    .input(
      sequenceId.extend({
        /** A version's number; without it the newest. */
        from: number.optional(),
        /** A version's number; without it the draft. */
        to: number.optional(),
      }),
    )
    .output(z.object({ from: z.int().nullable(), to: z.int().nullable(), changes: z.array(changeSchema) })),
  preview: endpoint("outreach:write", SequenceNotFound, SequenceNotInState)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/publish-preview",
      tags,
      summary: "Say what publishing the draft of a sequence would do, and to whom",
    })
    .input(sequenceId)
    .output(publishPreviewSchema),
  publish: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, SequenceNotReady, PublishPreviewOutdated)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/publish",
      tags,
      summary: "Publish the draft of a sequence as its next version",
      description:
        "Whoever comes in from now on goes through it. Those inside finish the version they are in; or, with `move`, whoever has not reached the first changed step goes over: what they have done stays done, and the next touch is planned by the new version, its wait counted from where the old one counted from. It does what the preview showed or nothing: where the draft, or with `move` somebody's outcome, has changed since, it is refused.",
    })
    .input(
      sequenceId.extend({
        /** Of the preview. */
        seen: z.string().min(1).max(200),
        move: z.boolean().default(false),
        note: z.string().trim().max(500).nullish(),
      }),
    )
    .output(
      z.object({
        version: versionSchema,
        /** How many went over, and how many of those inside finish the version that they are in. */
        moved: z.int(),
        stayed: z.int(),
        /** Null where nobody was to be moved. */
        crossOver: crossOverSchema.nullable(),
      }),
    ),
  discard: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, ChangedElsewhere)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/discard-changes",
      tags,
      summary: "Make the draft of a sequence what its newest version is",
    })
    .input(sequenceId.extend(expectation.shape))
    .output(z.object({ ok: z.literal(true) })),
};
