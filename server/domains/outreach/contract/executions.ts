import { z } from "zod";
import { ATTEMPT_STATUSES, CHANNELS } from "#domains/messaging/channels.ts";
import { endpoint, instant, MAY_COME_SHORT, moment, pageInput, pageOf, windowOf } from "#platform/http/endpoint.ts";
import { ExecutionNotFound, ExecutionNotInState } from "../problems.ts";
import { ENROLLMENT_STATUSES, EXECUTION_STATUSES } from "../states.ts";
import { explainedAttempt, explainedMessage, waitsSchema } from "./touches.ts";

const tags = ["Executions"];
const id = z.string().max(60);
const executionId = z.object({ executionId: id });
const reason = z.string().trim().min(1, "Say why").max(500);
const person = { leadId: id, firstName: z.string(), lastName: z.string() };

export const executionSchema = z.object({
  id,
  enrollmentId: id,
  sequenceId: id,
  sequenceName: z.string(),
  ...person,
  campaignId: id.nullable(),
  campaignName: z.string().nullable(),
  stepId: id,
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptId: id.nullable(),
  scriptName: z.string().nullable(),
  /** Of the enrollment: an execution of an earlier run is history. */
  run: z.int(),
  status: z.enum(EXECUTION_STATUSES),
  /** When the delay alone would have it. */
  dueAt: instant.nullable(),
  /** When windows, caps, limits or a person let it; null while paused or being handed over. */
  scheduledAt: instant.nullable(),
  executedAt: instant.nullable(),
  repliedAt: instant.nullable(),
  attemptId: id.nullable(),
  /** Why it failed or was skipped. */
  reason: z.string().nullable(),
  /** What a planned one waits for; null once it is decided. */
  waits: waitsSchema.nullable(),
});
export type ExecutionView = z.infer<typeof executionSchema>;

export const executionWhySchema = executionSchema.extend({
  enrollmentStatus: z.enum(ENROLLMENT_STATUSES),
  result: z.record(z.string(), z.unknown()),
  /** The gate's latest answer, or the one that it was handed over with: every check in order. */
  verdict: z.unknown(),
  attempt: explainedAttempt.nullable(),
  message: explainedMessage.nullable(),
});
export type ExecutionWhy = z.infer<typeof executionWhySchema>;

export const attemptSchema = z.object({
  id,
  ...person,
  campaignId: id.nullable(),
  campaignName: z.string().nullable(),
  /** Null for what no sequence sent. */
  sequenceId: id.nullable(),
  sequenceName: z.string().nullable(),
  executionId: id.nullable(),
  messageId: id.nullable(),
  channel: z.enum(CHANNELS),
  status: z.enum(ATTEMPT_STATUSES),
  scriptId: id.nullable(),
  scriptName: z.string().nullable(),
  provider: z.string().nullable(),
  providerRef: z.string().nullable(),
  startedAt: instant,
  handedAt: instant.nullable(),
  completedAt: instant.nullable(),
  /** Seconds. */
  duration: z.int().nullable(),
  /** Millionths of the workspace's currency. */
  costMicros: z.int().nullable(),
  result: z.string().nullable(),
  /** Counts toward the caps: confirmations and tests do not. */
  isTouch: z.boolean(),
});
export type AttemptView = z.infer<typeof attemptSchema>;

export const executionOperations = {
  list: endpoint("outreach:read")
    .route({
      method: "GET",
      path: "/executions",
      tags,
      summary: "List planned and past steps of leads, by their due times",
      description: `Steps that a lead never came to were never due, and are not listed; the enrollment explains them. ${MAY_COME_SHORT}`,
    })
    .input(
      pageInput.extend({
        sequenceId: id.optional(),
        leadId: id.optional(),
        campaignId: id.optional(),
        channel: z.enum(CHANNELS).optional(),
        status: z.enum(EXECUTION_STATUSES).optional(),
        dueFrom: moment.optional(),
        /** The first instant that is too late. */
        dueBefore: moment.optional(),
        order: z.enum(["asc", "desc"]).default("desc"),
      }),
    )
    .output(windowOf(executionSchema)),
  why: endpoint("outreach:read", ExecutionNotFound)
    .route({
      method: "GET",
      path: "/executions/{executionId}/why",
      tags,
      summary: "Say why a step was sent, waits, failed or was withheld, check by check",
    })
    .input(executionId)
    .output(executionWhySchema),
  skip: endpoint("outreach:write", ExecutionNotFound, ExecutionNotInState)
    .route({
      method: "POST",
      path: "/executions/{executionId}/skip",
      tags,
      summary: "Leave out a planned step; the lead goes on with the next one",
    })
    .input(executionId.extend({ reason }))
    .output(executionWhySchema),
  reschedule: endpoint("outreach:write", ExecutionNotFound, ExecutionNotInState)
    .route({
      method: "POST",
      path: "/executions/{executionId}/reschedule",
      tags,
      summary: "Move a planned step to another time",
      description:
        "The gate is asked then as ever: hours, caps and suppressions hold. A time that has passed means now.",
    })
    .input(executionId.extend({ at: moment, reason }))
    .output(executionWhySchema),
};

export const attemptOperations = {
  list: endpoint("outreach:read")
    .route({ method: "GET", path: "/attempts", tags: ["Attempts"], summary: "List contact attempts, newest first" })
    .input(
      pageInput.extend({
        campaignId: id.optional(),
        leadId: id.optional(),
        channel: z.enum(CHANNELS).optional(),
        status: z.enum(ATTEMPT_STATUSES).optional().describe("Together with a lead, a campaign or a channel"),
        startedFrom: moment.optional(),
        /** The first instant that is too late. */
        startedBefore: moment.optional(),
      }),
    )
    .output(pageOf(attemptSchema)),
};
