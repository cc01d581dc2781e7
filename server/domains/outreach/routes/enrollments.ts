import { implement } from "@orpc/server";
import { type Context, allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { getLead, searchLeadIds } from "#domains/leads/index.ts";
import { cancelEnrollment } from "../commands/cancel-enrollment.ts";
import { enrollLeads } from "../commands/enroll-leads.ts";
import { pauseEnrollment, resumeEnrollment } from "../commands/pause-enrollment.ts";
import {
  type EnrollmentView,
  type PlannedTouchView,
  type SequenceEnrollmentView,
  enrollmentOperations,
} from "../contract/enrollments.ts";
import { EnrollmentNotFound, SequenceNotFound } from "../problems.ts";
import {
  type EnrollmentRow,
  explainSteps,
  findEnrollment,
  listLeadEnrollments,
  listSequenceEnrollments,
} from "../queries/enrollments.ts";
import { findSequence } from "../queries/sequence-rows.ts";
import { whyItWaits } from "../waiting.ts";

const os = implement(enrollmentOperations).$context<RequestContext>();
type Step = Awaited<ReturnType<typeof explainSteps>>[number];

const iso = (date: Date | null | undefined) => date?.toISOString() ?? null;

function showNext(row: EnrollmentRow, now: Date): PlannedTouchView | null {
  const { executionId, executionStatus, stepOrder, channel, scriptId, scriptName, remainingMs } = row;
  if (!executionId || !executionStatus || stepOrder === null || !channel) return null;
  const waits = whyItWaits({ ...row, status: executionStatus }, row, now);
  return {
    executionId,
    stepOrder,
    channel,
    scriptId,
    scriptName,
    status: executionStatus,
    dueAt: iso(row.dueAt),
    scheduledAt: iso(row.scheduledAt),
    remainingMs,
    waits: { ...waits, until: iso(waits.until) },
  };
}

const show = (row: EnrollmentRow, now: Date): EnrollmentView => ({
  id: row.id,
  sequenceId: row.sequenceId,
  sequenceName: row.sequenceName,
  leadId: row.leadId,
  status: row.status,
  currentStep: row.currentStep,
  run: row.run,
  version: row.versionNumber,
  enrolledAt: row.enrolledAt.toISOString(),
  completedAt: iso(row.completedAt),
  endReason: row.endReason,
  repliedOn: row.repliedOn,
  pausedAt: iso(row.pausedAt),
  pausedBy: row.pausedBy,
  campaignId: row.campaignId,
  campaignName: row.campaignName,
  next: showNext(row, now),
});

const showWithLead = (row: EnrollmentRow, now: Date): SequenceEnrollmentView => ({
  ...show(row, now),
  lead: {
    id: row.leadId,
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    phone: row.phone,
    company: row.company,
    status: row.leadStatus,
  },
});

async function showOne(ctx: Context, enrollmentId: string): Promise<EnrollmentView> {
  const row = await findEnrollment(ctx, enrollmentId);
  if (!row) throw EnrollmentNotFound();
  return show(row, ctx.now());
}

const showStep = (step: Step) => ({
  executionId: step.executionId,
  version: step.version,
  stepOrder: step.stepOrder,
  channel: step.channel,
  scriptName: step.scriptName,
  status: step.status,
  dueAt: iso(step.dueAt),
  scheduledAt: iso(step.scheduledAt),
  executedAt: iso(step.executedAt),
  result: step.result ?? {},
  // What was handed over is explained by the verdict it was handed over with.
  verdict: step.attemptVerdict ?? step.verdict ?? null,
  attempt: step.attemptId
    ? {
        id: step.attemptId,
        status: step.attemptStatus ?? "",
        provider: step.provider,
        tries: step.tries,
        result: step.attemptResult,
      }
    : null,
  message: step.messageId
    ? {
        id: step.messageId,
        status: step.messageStatus ?? "",
        failure: step.failure,
        dueAt: iso(step.messageDueAt),
        openedAt: iso(step.openedAt),
        clickedAt: iso(step.clickedAt),
        scriptVersionId: step.scriptVersionId,
        scriptVersion: step.scriptVersion,
      }
    : null,
});

export const enrollmentRoutes = {
  create: os.create.handler(async ({ context: { ctx }, input }) => ({
    results: await enrollLeads(ctx, { ...input, by: "person" }),
  })),
  listForLead: os.listForLead.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    await getLead(ctx, input.leadId);
    const rows = await listLeadEnrollments(ctx, input.leadId);
    return { data: rows.map((row) => show(row, ctx.now())) };
  }),
  listForSequence: os.listForSequence.handler(
    async ({ context: { ctx }, input: { sequenceId, limit, cursor, search, ...filter } }) => {
      allow(ctx, "outreach:read");
      allow(ctx, "leads:read");
      if (!(await findSequence(ctx, sequenceId))) throw SequenceNotFound();
      const leadIds = search?.trim() ? await searchLeadIds(ctx, search) : undefined;
      const page = { ...filter, leadIds, limit, after: instantCursor(cursor) };
      const rows = await listSequenceEnrollments(ctx, sequenceId, page);
      const now = ctx.now();
      return toPage(
        rows,
        limit,
        (row) => [row.enrolledAt.getTime(), row.id],
        (row) => showWithLead(row, now),
      );
    },
  ),
  pause: os.pause.handler(async ({ context: { ctx }, input: { enrollmentId } }) => {
    await pauseEnrollment(ctx, enrollmentId);
    return showOne(ctx, enrollmentId);
  }),
  resume: os.resume.handler(async ({ context: { ctx }, input: { enrollmentId } }) => {
    await resumeEnrollment(ctx, enrollmentId);
    return showOne(ctx, enrollmentId);
  }),
  cancel: os.cancel.handler(async ({ context: { ctx }, input }) => {
    await cancelEnrollment(ctx, input);
    return { ok: true as const };
  }),
  explain: os.explain.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    const enrollment = await findEnrollment(ctx, input.enrollmentId);
    if (!enrollment) throw EnrollmentNotFound();
    return { ...show(enrollment, ctx.now()), steps: (await explainSteps(ctx, enrollment)).map(showStep) };
  }),
};
