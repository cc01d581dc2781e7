import { z } from "zod";
import { endpoint, instant, pageInput, pageOf } from "#platform/http/endpoint.ts";
import { LEAD_STATUSES } from "#domains/leads/rules.ts";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { LeadNotFound } from "#domains/leads/problems.ts";
import {
  CampaignNotFound,
  CampaignNotInState,
  EnrollmentNotFound,
  EnrollmentNotInState,
  SequenceNotFound,
  SequenceNotInState,
} from "../problems.ts";
import { ENROLLMENT_STATUSES, ENROLL_FAULTS, EXECUTION_STATUSES, PAUSE_CAUSES } from "../states.ts";
import { explainedAttempt, explainedMessage, waitsSchema } from "./touches.ts";

const tags = ["Enrollments"];

const explainedStep = z.object({
  executionId: z.string().nullable(),
  /** The number of the version that it was planned by; null before it is. */
  version: z.int().nullable(),
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
  attempt: explainedAttempt.nullable(),
  message: explainedMessage.nullable(),
});

/** The touch that comes next. */
export const plannedTouchSchema = z.object({
  executionId: z.string(),
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptId: z.string().nullable(),
  scriptName: z.string().nullable(),
  /** PENDING while paused. */
  status: z.enum(EXECUTION_STATUSES),
  /** When the delay alone would have it. */
  dueAt: instant.nullable(),
  /** When windows, caps and limits let it; null while paused or being handed over. */
  scheduledAt: instant.nullable(),
  /** While paused: milliseconds that are left of the wait. */
  remainingMs: z.int().nullable(),
  waits: waitsSchema,
});
export type PlannedTouchView = z.infer<typeof plannedTouchSchema>;

export const enrollmentSchema = z.object({
  id: z.string(),
  sequenceId: z.string(),
  sequenceName: z.string(),
  leadId: z.string(),
  status: z.enum(ENROLLMENT_STATUSES),
  currentStep: z.int(),
  run: z.int(),
  /** The number of the version of the sequence that the run goes through. */
  version: z.int(),
  enrolledAt: instant,
  completedAt: instant.nullable(),
  endReason: z.string().nullable(),
  /** Where a reply ended it: the channel on which the lead answered. */
  repliedOn: z.enum(CHANNELS).nullable(),
  pausedAt: instant.nullable(),
  /** person: paused singly, and resumed singly; sequence: with its sequence. */
  pausedBy: z.enum(PAUSE_CAUSES).nullable(),
  campaignId: z.string().nullable(),
  campaignName: z.string().nullable(),
  /** Null once it has ended, and while nothing is planned. */
  next: plannedTouchSchema.nullable(),
});
export type EnrollmentView = z.infer<typeof enrollmentSchema>;

export const sequenceEnrollmentSchema = enrollmentSchema.extend({
  lead: z.object({
    id: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    company: z.string().nullable(),
    status: z.enum(LEAD_STATUSES),
  }),
});
export type SequenceEnrollmentView = z.infer<typeof sequenceEnrollmentSchema>;

const enrollmentId = z.object({ enrollmentId: z.string() });
const move = (path: `/${string}`, summary: string) =>
  endpoint("outreach:write", EnrollmentNotFound, EnrollmentNotInState)
    .route({ method: "POST", path: `/enrollments/{enrollmentId}${path}`, summary, tags })
    .input(enrollmentId)
    .output(enrollmentSchema);

export const enrollmentOperations = {
  create: endpoint("outreach:write", SequenceNotFound, SequenceNotInState, CampaignNotFound, CampaignNotInState)
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
        /** Whoever comes in is put into it. */
        campaignId: z.string().nullish(),
        /** Lets in whoever has left the sequence, as a new run; without it the sequence's re-entry rule decides. */
        again: z.boolean().default(false),
      }),
    )
    .output(
      z.object({
        results: z.array(
          z.object({
            leadId: z.string(),
            kind: z.enum(["enrolled", "already", "refused"]),
            enrollmentId: z.string().nullable(),
            code: z.enum(["lead_not_found", "campaign_full", ...ENROLL_FAULTS]).nullable(),
            reason: z.string().nullable(),
          }),
        ),
      }),
    ),
  listForSequence: endpoint("outreach:read", SequenceNotFound)
    .route({
      method: "GET",
      path: "/sequences/{sequenceId}/enrollments",
      summary: "List who is or was in a sequence, newest first, with what comes next",
      tags,
    })
    .input(
      pageInput.extend({
        sequenceId: z.string(),
        status: z.enum(ENROLLMENT_STATUSES).optional(),
        /** Name, e-mail, part of a phone number, company or tag of the lead. */
        search: z.string().max(200).optional(),
        /** The number of the version that they go or went through. */
        version: z.coerce.number().int().min(1).max(1_000_000).optional(),
      }),
    )
    .output(pageOf(sequenceEnrollmentSchema)),
  listForLead: endpoint("outreach:read", LeadNotFound)
    .route({
      method: "GET",
      path: "/leads/{leadId}/enrollments",
      summary: "The sequences a lead is or was in, with what comes next",
      tags,
    })
    .input(z.object({ leadId: z.string() }))
    .output(z.object({ data: z.array(enrollmentSchema) })),
  pause: move("/pause", "Hold a lead where they are in a sequence"),
  resume: move("/resume", "Go on with a lead that was paused singly"),
  cancel: endpoint("outreach:write", EnrollmentNotFound, EnrollmentNotInState)
    .route({
      method: "POST",
      path: "/enrollments/{enrollmentId}/cancel",
      summary: "Take a lead out of a sequence",
      tags,
    })
    .input(z.object({ enrollmentId: z.string(), reason: z.string().trim().max(500).optional() }))
    .output(z.object({ ok: z.literal(true) })),
  explain: endpoint("outreach:read", EnrollmentNotFound)
    .route({
      method: "GET",
      path: "/enrollments/{enrollmentId}/explain",
      summary: "What was sent or withheld, when, by which check, and what comes next",
      tags,
    })
    .input(z.object({ enrollmentId: z.string() }))
    .output(enrollmentSchema.extend({ steps: z.array(explainedStep) })),
};
