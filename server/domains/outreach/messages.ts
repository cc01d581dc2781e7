import { z } from "zod";
import { defineEvent } from "#platform/events.ts";
import { defineJob } from "#platform/jobs.ts";
import { settingsChanged } from "#domains/accounts/index.ts";
import { addressSuppressed, leadCreated, statusChanged, submissionTaken } from "#domains/leads/index.ts";
import { senderAdded, vendorRecovered } from "#domains/messaging/index.ts";
import { BULK_STATUSES } from "./states.ts";

const enrollment = { enrollmentId: z.string(), sequenceId: z.string(), sequenceName: z.string() };
const step = { ...enrollment, executionId: z.string(), stepOrder: z.int(), channel: z.string() };
const bulkCounts = { total: z.int(), enrolled: z.int(), refused: z.int() };

export const leadEnrolled = defineEvent(
  "outreach.lead-enrolled",
  z.object({ ...enrollment, run: z.int(), by: z.string() }),
);
export const enrollmentPaused = defineEvent("outreach.enrollment-paused", z.object({ ...enrollment, by: z.string() }));
export const enrollmentResumed = defineEvent(
  "outreach.enrollment-resumed",
  z.object({ ...enrollment, by: z.string() }),
);
export const enrollmentCompleted = defineEvent("outreach.enrollment-completed", z.object(enrollment));
export const enrollmentCancelled = defineEvent(
  "outreach.enrollment-cancelled",
  z.object({ ...enrollment, reason: z.string() }),
);
export const enrollmentConverted = defineEvent(
  "outreach.enrollment-converted",
  z.object({ ...enrollment, reason: z.string() }),
);
/** Somebody under way goes on by another version of the sequence: their numbers. */
export const enrollmentMoved = defineEvent(
  "outreach.enrollment-moved",
  z.object({ ...enrollment, from: z.int(), to: z.int() }),
);
export const stepSent = defineEvent("outreach.step-sent", z.object({ ...step, messageId: z.string() }));
export const stepDelivered = defineEvent("outreach.step-delivered", z.object({ ...step, messageId: z.string() }));
export const stepFailed = defineEvent("outreach.step-failed", z.object({ ...step, reason: z.string() }));
export const stepSkipped = defineEvent("outreach.step-skipped", z.object({ ...step, reason: z.string() }));
/** A person moved a planned step to another time. */
export const stepRescheduled = defineEvent(
  "outreach.step-rescheduled",
  z.object({ ...step, from: z.string().nullable(), to: z.string(), reason: z.string() }),
);

export const campaignChanged = defineEvent(
  "outreach.campaign-changed",
  z.object({ campaignId: z.string(), name: z.string(), status: z.string() }),
);
/** One for each lead that came into a campaign. */
export const leadAssigned = defineEvent(
  "outreach.lead-assigned",
  z.object({ campaignId: z.string(), campaignName: z.string(), leadId: z.string() }),
);
export const sequenceChanged = defineEvent(
  "outreach.sequence-changed",
  z.object({ sequenceId: z.string(), name: z.string(), status: z.string(), what: z.string() }),
);
/** A new version of its steps: how many changes it brings, and how many of those inside went over to it or finish theirs. */
export const sequencePublished = defineEvent(
  "outreach.sequence-published",
  z.object({
    sequenceId: z.string(),
    name: z.string(),
    number: z.int(),
    changes: z.int(),
    moved: z.int(),
    stayed: z.int(),
  }),
);
export const scriptChanged = defineEvent(
  "outreach.script-changed",
  z.object({ scriptId: z.string(), name: z.string(), what: z.string() }),
);

/** By what changes of a sequence and its draft are told. */
export const SEQUENCE_CHANGES = [sequenceChanged, sequencePublished] as const;

/** A batch of a bulk enrolment was taken: at most one for each thousand leads. */
export const bulkEnrollmentProgressed = defineEvent(
  "outreach.bulk-enrollment-progressed",
  z.object({ bulkEnrollmentId: z.string(), sequenceId: z.string(), ...bulkCounts }),
);
export const bulkEnrollmentFinished = defineEvent(
  "outreach.bulk-enrollment-finished",
  z.object({ bulkEnrollmentId: z.string(), sequenceId: z.string(), status: z.enum(BULK_STATUSES), ...bulkCounts }),
);

const assignmentCounts = { total: z.int(), changed: z.int(), unchanged: z.int(), refused: z.int() };
/** A batch of a bulk assignment, or of the undo of one, was taken. */
export const bulkAssignmentProgressed = defineEvent(
  "outreach.bulk-assignment-progressed",
  z.object({ bulkAssignmentId: z.string(), campaignId: z.string(), ...assignmentCounts }),
);
export const bulkAssignmentFinished = defineEvent(
  "outreach.bulk-assignment-finished",
  z.object({
    bulkAssignmentId: z.string(),
    campaignId: z.string(),
    status: z.enum(BULK_STATUSES),
    ...assignmentCounts,
  }),
);

/** New leads, for sequences whose trigger is new_lead. */
export const enrollNewLeads = defineJob("outreach.enroll-new-leads", z.object({ items: z.array(leadCreated.payload) }));

/** Leads that were put into campaigns, for sequences whose trigger is new_lead and names the campaign. */
export const enrollAssignedLeads = defineJob(
  "outreach.enroll-assigned-leads",
  z.object({ items: z.array(leadAssigned.payload) }),
);

/** Leads that were just created or changed, for campaigns that take leads in by a rule. */
export const autoAssign = defineJob(
  "outreach.auto-assign",
  z.object({ items: z.array(z.object({ leadId: z.string() })) }),
);

/** The next leads of all that a campaign's rule finds, behind one of them. */
export const assignMatching = defineJob(
  "outreach.assign-matching",
  z.object({ campaignId: z.string(), after: z.string().nullable() }),
);

/** Leads of forms that put those who fill them in into a campaign. */
export const assignSubmitted = defineJob(
  "outreach.assign-submitted",
  z.object({ items: z.array(submissionTaken.payload) }),
);

/** A lead has become a customer. */
export const endConverted = defineJob("outreach.end-converted", statusChanged.payload);

/** A person closed an address of a lead. */
export const stopUnreachable = defineJob("outreach.stop-unreachable", addressSuppressed.payload);

/** A vendor that was paused works again, or may be tried. */
export const replanHeld = defineJob("outreach.replan-held", vendorRecovered.payload);

/** Senders may send more than before, or there are others. */
export const askSendersAgain = defineJob("outreach.ask-senders-again", senderAdded.payload);

/** The workspace's sending hours, holidays or place have changed. */
export const replanWaiting = defineJob("outreach.replan-waiting", settingsChanged.payload);
