import { z } from "zod";
import { endpoint, instant } from "#platform/http/endpoint.ts";
import { Conflict, NotFound } from "#platform/problems.ts";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { ENROLLMENT_STATUSES, EXECUTION_STATUSES } from "../states.ts";

const tags = ["Enrollments"];

const explainedStep = z.object({
  executionId: z.string().nullable(),
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptName: z.string().nullable(),
  status: z.enum(EXECUTION_STATUSES).nullable(),
  /** When the delay alone would have it. */
  dueAt: instant.nullable(),
  /** When windows, caps and limits let it. */
  scheduledAt: instant.nullable(),
  executedAt: instant.nullable(),
  /** Why it was sent, waits, failed or was skipped. */
  result: z.record(z.string(), z.unknown()),
  /** The gate's latest answer, every check in order. */
  verdict: z.unknown(),
  attempt: z
    .object({
      id: z.string(),
      status: z.string(),
      provider: z.string().nullable(),
      tries: z.unknown(),
      result: z.string().nullable(),
    })
    .nullable(),
  message: z
    .object({ id: z.string(), status: z.string(), failure: z.string().nullable(), dueAt: instant.nullable() })
    .nullable(),
});

export const enrollmentSchema = z.object({
  id: z.string(),
  sequenceId: z.string(),
  sequenceName: z.string(),
  leadId: z.string(),
  status: z.enum(ENROLLMENT_STATUSES),
  currentStep: z.int(),
  run: z.int(),
  enrolledAt: instant,
  completedAt: instant.nullable(),
  endReason: z.string().nullable(),
});

export const enrollmentOperations = {
  create: endpoint("outreach:write", NotFound, Conflict)
    .route({
      method: "POST",
      path: "/sequences/{sequenceId}/enrollments",
      summary: "Enrol up to 1,000 leads into an active sequence",
      tags,
    })
    .input(
      z.object({
        sequenceId: z.string(),
        leadIds: z.array(z.string()).min(1).max(1_000),
        campaignId: z.string().nullish(),
      }),
    )
    .output(
      z.object({
        results: z.array(
          z.object({
            leadId: z.string(),
            kind: z.enum(["enrolled", "already", "refused"]),
            enrollmentId: z.string().nullable(),
            reason: z.string().nullable(),
          }),
        ),
      }),
    ),
  listForLead: endpoint("outreach:read", NotFound)
    .route({ method: "GET", path: "/leads/{leadId}/enrollments", summary: "The sequences a lead is or was in", tags })
    .input(z.object({ leadId: z.string() }))
    .output(z.object({ data: z.array(enrollmentSchema) })),
  cancel: endpoint("outreach:write", NotFound, Conflict)
    .route({
      method: "POST",
      path: "/enrollments/{enrollmentId}/cancel",
      summary: "Take a lead out of a sequence",
      tags,
    })
    .input(z.object({ enrollmentId: z.string(), reason: z.string().trim().max(500).optional() }))
    .output(z.object({ ok: z.literal(true) })),
  explain: endpoint("outreach:read", NotFound)
    .route({
      method: "GET",
      path: "/enrollments/{enrollmentId}/explain",
      summary: "What was sent or withheld, when, by which check, and what comes next",
      tags,
    })
    .input(z.object({ enrollmentId: z.string() }))
    .output(enrollmentSchema.extend({ steps: z.array(explainedStep) })),
};
