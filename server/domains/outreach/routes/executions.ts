import { implement } from "@orpc/server";
import { type Context, allow } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { rescheduleExecution, skipExecution } from "../commands/decide-execution.ts";
import {
  type AttemptView,
  type ExecutionView,
  type ExecutionWhy,
  attemptOperations,
  executionOperations,
} from "../contract/executions.ts";
import { Invalid } from "#platform/problems.ts";
import { ExecutionNotFound } from "../problems.ts";
import { type AttemptRow, listAttempts } from "../queries/attempts.ts";
import { type ExecutionRow, findExecution, listExecutions } from "../queries/executions.ts";
import { whyItWaits } from "../waiting.ts";

const os = implement(executionOperations).$context<RequestContext>();
const attempts = implement(attemptOperations).$context<RequestContext>();

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

function showWaits(row: ExecutionRow, now: Date): ExecutionView["waits"] {
  if (row.status !== "PENDING" && row.status !== "SCHEDULED") return null;
  const { until, ...waits } = whyItWaits(row, { ...row, status: row.enrollmentStatus }, now);
  return { ...waits, until: instantOrNull(until) };
}

/** An execution as lists show it. */
export const showExecution = (row: ExecutionRow, now: Date): ExecutionView => ({
  id: row.id,
  enrollmentId: row.enrollmentId,
  sequenceId: row.sequenceId,
  sequenceName: row.sequenceName,
  leadId: row.leadId,
  firstName: row.firstName,
  lastName: row.lastName,
  campaignId: row.campaignId,
  campaignName: row.campaignName,
  stepId: row.stepId,
  stepOrder: row.stepOrder,
  channel: row.channel,
  scriptId: row.scriptId,
  scriptName: row.scriptName,
  run: row.run,
  status: row.status,
  dueAt: instantOrNull(row.dueAt),
  scheduledAt: instantOrNull(row.scheduledAt),
  executedAt: instantOrNull(row.executedAt),
  repliedAt: instantOrNull(row.repliedAt),
  attemptId: row.attemptId,
  reason: typeof row.result["reason"] === "string" ? row.result["reason"] : null,
  waits: showWaits(row, now),
});

async function showWhy(ctx: Context, executionId: string): Promise<ExecutionWhy> {
  const row = await findExecution(ctx, executionId);
  if (!row) throw ExecutionNotFound();
  const { attemptId, attemptStatus, messageId, messageStatus, provider, tries, failure } = row;
  return {
    ...showExecution(row, ctx.now()),
    enrollmentStatus: row.enrollmentStatus,
    result: row.result,
    // What was handed over is explained by the verdict it was handed over with.
    verdict: row.attemptVerdict ?? row.verdict ?? null,
    attempt: attemptId
      ? { id: attemptId, status: attemptStatus ?? "", provider, tries, result: row.attemptResult }
      : null,
    message: messageId
      ? {
          id: messageId,
          status: messageStatus ?? "",
          failure,
          dueAt: instantOrNull(row.messageDueAt),
          openedAt: instantOrNull(row.openedAt),
          clickedAt: instantOrNull(row.clickedAt),
          scriptVersionId: row.scriptVersionId,
          scriptVersion: row.scriptVersion,
        }
      : null,
  };
}

export const executionRoutes = {
  list: os.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    allow(ctx, "leads:read");
    const { limit, cursor, order, dueFrom, dueBefore, ...rest } = input;
    const filter = { ...rest, dueFrom: dateOf(dueFrom), dueBefore: dateOf(dueBefore) };
    const found = await listExecutions(ctx, filter, { order, limit, after: instantCursor(cursor) });
    const now = ctx.now();
    const page = toPage(
      found.rows,
      limit,
      (row) => [row.dueAt?.getTime() ?? 0, row.id],
      (row) => showExecution(row, now),
      found.stoppedAt,
    );
    return { ...page, looked: found.looked };
  }),
  why: os.why.handler(({ context: { ctx }, input: { executionId } }) => {
    allow(ctx, "outreach:read");
    return showWhy(ctx, executionId);
  }),
  skip: os.skip.handler(async ({ context: { ctx }, input }) => {
    await skipExecution(ctx, input);
    return showWhy(ctx, input.executionId);
  }),
  reschedule: os.reschedule.handler(async ({ context: { ctx }, input }) => {
    await rescheduleExecution(ctx, { ...input, at: new Date(input.at) });
    return showWhy(ctx, input.executionId);
  }),
};

const showAttempt = (row: AttemptRow): AttemptView => ({
  ...row,
  startedAt: row.startedAt.toISOString(),
  handedAt: instantOrNull(row.handedAt),
  completedAt: instantOrNull(row.completedAt),
});

export const attemptRoutes = {
  list: attempts.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    allow(ctx, "leads:read");
    const { limit, cursor, startedFrom, startedBefore, ...rest } = input;
    // No index knows the status, which changes too often: it is looked for among what another filter leaves.
    if (rest.status && !rest.campaignId && !rest.leadId && !rest.channel)
      throw Invalid(undefined, [{ pointer: "/status", detail: "Name a lead, a campaign or a channel as well" }]);
    const filter = { ...rest, startedFrom: dateOf(startedFrom), startedBefore: dateOf(startedBefore) };
    const rows = await listAttempts(ctx, filter, { limit, after: instantCursor(cursor) });
    return toPage(rows, limit, (row) => [row.startedAt.getTime(), row.id], showAttempt);
  }),
};
