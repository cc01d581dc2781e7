import type { Context } from "#platform/context.ts";

const columns = [
  "n.id",
  "n.sequenceId",
  "s.name as sequenceName",
  "n.leadId",
  "n.status",
  "n.currentStep",
  "n.run",
  "n.enrolledAt",
  "n.completedAt",
  "n.endReason",
] as const;

const enrollments = (ctx: Context) =>
  ctx.db
    .selectFrom("sequenceEnrollments as n")
    .innerJoin("retentionSequences as s", "s.id", "n.sequenceId")
    .select(columns)
    .where("n.workspaceId", "=", ctx.workspace);

export const findEnrollment = (ctx: Context, id: string) => enrollments(ctx).where("n.id", "=", id).executeTakeFirst();

/** Newest first; a lead is in few sequences. */
export const listLeadEnrollments = (ctx: Context, leadId: string) =>
  enrollments(ctx)
    .where("n.leadId", "=", leadId)
    .orderBy("n.enrolledAt", "desc")
    .orderBy("n.id", "desc")
    .limit(200)
    .execute();

/** Every step of the enrollment's present run, with what became of it; steps not reached yet have no execution. */
export function explainSteps(ctx: Context, enrollment: { id: string; sequenceId: string; run: number }) {
  return ctx.db
    .selectFrom("sequenceSteps as st")
    .leftJoin("scripts as sc", "sc.id", "st.scriptId")
    .leftJoin("sequenceStepExecutions as e", (join) =>
      join.onRef("e.stepId", "=", "st.id").on("e.enrollmentId", "=", enrollment.id).on("e.run", "=", enrollment.run),
    )
    .leftJoin("contactAttempts as a", "a.id", "e.contactAttemptId")
    .leftJoin("messages as m", "m.executionId", "e.id")
    .select([
      "e.id as executionId",
      "st.stepOrder",
      "st.channel",
      "sc.name as scriptName",
      "e.status",
      "e.dueAt",
      "e.scheduledAt",
      "e.executedAt",
      "e.result",
      "e.verdict",
      "a.id as attemptId",
      "a.status as attemptStatus",
      "a.provider",
      "a.tries",
      "a.result as attemptResult",
      "a.verdict as attemptVerdict",
      "m.id as messageId",
      "m.status as messageStatus",
      "m.failure",
      "m.dueAt as messageDueAt",
    ])
    .where("st.workspaceId", "=", ctx.workspace)
    .where("st.sequenceId", "=", enrollment.sequenceId)
    .where((eb) => eb.or([eb("st.isActive", "=", true), eb("e.id", "is not", null)]))
    .orderBy("st.stepOrder")
    .execute();
}
