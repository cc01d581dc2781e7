import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import type { Runtime } from "#platform/runtime.ts";
import { deleteIntakeSource, renewIntakeToken, updateIntakeSource } from "../commands/change-intake-source.ts";
import { clearSubmission } from "../commands/clear-submission.ts";
import { createIntakeSource } from "../commands/create-intake-source.ts";
import { playAd } from "../commands/play-ad.ts";
import { retrySubmission } from "../commands/retry-submission.ts";
import {
  intakeSourceOperations,
  type IntakeSourceView,
  submissionOperations,
  type SubmissionView,
} from "../contract/intake.ts";
import { answersOf } from "../intake/read-submission.ts";
import { IntakeSourceNotFound } from "../problems.ts";
import { findIntakeSource, type IntakeSource, listIntakeSources } from "../queries/intake-sources.ts";
import { listSubmissions, type SubmissionRow } from "../queries/list-submissions.ts";

const sources = implement(intakeSourceOperations).$context<RequestContext>();
const submissions = implement(submissionOperations).$context<RequestContext>();

/** A form's address stands in a page for everybody to see; a program's is its key. */
const maySeeAddress = ({ actor }: Context, { kind }: IntakeSource) =>
  kind === "form" || ("permissions" in actor && actor.permissions.has("integrations:write"));

function show({ config }: Runtime, ctx: Context, source: IntakeSource): IntakeSourceView {
  const { token, submittedCount, createdCount, lastUsedAt, createdAt, updatedAt, ...rest } = source;
  return {
    ...rest,
    submitUrl: maySeeAddress(ctx, source) ? `${config.publicUrl}/intake/${token}` : null,
    pageUrl: source.kind === "form" ? `${config.publicUrl}/f/${token}` : null,
    submitted: submittedCount,
    created: createdCount,
    lastUsedAt: instantOrNull(lastUsedAt),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export const intakeSourceHandlers = {
  list: sources.list.handler(async ({ context: { ctx, runtime }, input: { limit, cursor } }) => {
    allow(ctx, "leads:read");
    const rows = await listIntakeSources(ctx, { limit, after: instantCursor(cursor) });
    return toPage(
      rows,
      limit,
      ({ createdAt, id }) => [createdAt.getTime(), id],
      (source) => show(runtime, ctx, source),
    );
  }),
  get: sources.get.handler(async ({ context: { ctx, runtime }, input: { sourceId } }) => {
    allow(ctx, "leads:read");
    const source = await findIntakeSource(ctx, sourceId);
    if (!source) throw IntakeSourceNotFound();
    return show(runtime, ctx, source);
  }),
  create: sources.create.handler(async ({ context: { ctx, runtime }, input }) =>
    show(runtime, ctx, await createIntakeSource(ctx, input)),
  ),
  update: sources.update.handler(
    async ({ context: { ctx, runtime }, input: { sourceId, expectedUpdatedAt, ...change } }) =>
      show(runtime, ctx, await updateIntakeSource(ctx, sourceId, change, expectedUpdatedAt)),
  ),
  renewToken: sources.renewToken.handler(async ({ context: { ctx, runtime }, input }) =>
    show(runtime, ctx, await renewIntakeToken(ctx, input.sourceId)),
  ),
  delete: sources.delete.handler(({ context: { ctx }, input }) => deleteIntakeSource(ctx, input.sourceId)),
};

const showSubmission = ({ payload, dueAt, receivedAt, processedAt, ...row }: SubmissionRow): SubmissionView => ({
  ...row,
  answers: answersOf(payload),
  dueAt: instantOrNull(dueAt),
  receivedAt: receivedAt.toISOString(),
  processedAt: instantOrNull(processedAt),
});

export const submissionHandlers = {
  list: submissions.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "leads:read");
    const rows = await listSubmissions(ctx, { ...filter, limit, after: instantCursor(cursor) });
    return toPage(rows, limit, ({ receivedAt, id }) => [receivedAt.getTime(), id], showSubmission);
  }),
  retry: submissions.retry.handler(({ context: { ctx }, input }) => retrySubmission(ctx, input.submissionId)),
  clear: submissions.clear.handler(({ context: { ctx }, input }) => clearSubmission(ctx, input.submissionId)),
  playAd: submissions.playAd.handler(({ context: { ctx, runtime }, input }) => playAd(runtime, ctx, input)),
};
