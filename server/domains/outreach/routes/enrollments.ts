import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { NotFound } from "#platform/problems.ts";
import { getLead } from "#domains/leads/index.ts";
import { cancelEnrollment } from "../commands/cancel-enrollment.ts";
import { enrollLeads } from "../commands/enroll-leads.ts";
import { enrollmentOperations } from "../contract/enrollments.ts";
import { explainSteps, findEnrollment, listLeadEnrollments } from "../queries/enrollments.ts";

const os = implement(enrollmentOperations).$context<RequestContext>();
type Row = NonNullable<Awaited<ReturnType<typeof findEnrollment>>>;
type Step = Awaited<ReturnType<typeof explainSteps>>[number];

const iso = (date: Date | null | undefined) => date?.toISOString() ?? null;
const show = (row: Row) => ({ ...row, enrolledAt: row.enrolledAt.toISOString(), completedAt: iso(row.completedAt) });

const showStep = (step: Step) => ({
  executionId: step.executionId,
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
    ? { id: step.messageId, status: step.messageStatus ?? "", failure: step.failure, dueAt: iso(step.messageDueAt) }
    : null,
});

export const enrollmentRoutes = {
  create: os.create.handler(async ({ context: { ctx }, input }) => ({
    results: await enrollLeads(ctx, { ...input, by: "person" }),
  })),
  listForLead: os.listForLead.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    await getLead(ctx, input.leadId);
    return { data: (await listLeadEnrollments(ctx, input.leadId)).map(show) };
  }),
  cancel: os.cancel.handler(async ({ context: { ctx }, input }) => {
    await cancelEnrollment(ctx, input);
    return { ok: true as const };
  }),
  explain: os.explain.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    const enrollment = await findEnrollment(ctx, input.enrollmentId);
    if (!enrollment) throw NotFound();
    return { ...show(enrollment), steps: (await explainSteps(ctx, enrollment)).map(showStep) };
  }),
};
