import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { readinessOf } from "../activation.ts";
import { activateSequence, resumeSequence } from "../commands/activate-sequence.ts";
import { archiveSequence } from "../commands/archive-sequence.ts";
import { checkSequenceLeads } from "../commands/check-leads.ts";
import { createSequence } from "../commands/create-sequence.ts";
import { deleteSequence } from "../commands/delete-sequence.ts";
import { pauseSequence } from "../commands/pause-sequence.ts";
import { putSteps } from "../commands/put-steps.ts";
import { updateSequence } from "../commands/update-sequence.ts";
import { sequenceOperations, type SequenceDetail, type SequenceView } from "../contract/sequences.ts";
import { goneInSequences } from "../engine/gone-parts.ts";
import { settingsOf } from "../engine/terms.ts";
import { SequenceNotFound } from "../problems.ts";
import { countEnrolled, findSequence, listSequenceRows, type SequenceRow } from "../queries/sequence-rows.ts";
import { countFunnel, countSteps } from "../queries/stat-rows.ts";
import { listSteps } from "../queries/step-rows.ts";
import { findNewestVersion, listVersionSteps } from "../queries/version-rows.ts";
import { diffSteps } from "../version-diff.ts";

const os = implement(sequenceOperations).$context<RequestContext>();

type Counts = Awaited<ReturnType<typeof countEnrolled>>;

type Gone = Awaited<ReturnType<typeof goneInSequences>>;

const showSequence = (row: SequenceRow, counts: Counts, gone: Gone): SequenceView => ({
  ...row,
  warnings: gone.get(row.id) ?? [],
  settings: settingsOf(row.settings),
  activatedAt: instantOrNull(row.activatedAt),
  pausedAt: instantOrNull(row.pausedAt),
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  enrolled: counts.get(row.id) ?? {},
});

async function showDetail(ctx: Context, sequenceId: string): Promise<SequenceDetail> {
  const row = await findSequence(ctx, sequenceId);
  if (!row) throw SequenceNotFound();
  const counts = await countEnrolled(ctx, [sequenceId]);
  const steps = await listSteps(ctx, sequenceId);
  const newest = await findNewestVersion(ctx, sequenceId);
  const published = newest ? (await listVersionSteps(ctx, [newest.id])).get(newest.id) : undefined;
  return {
    ...showSequence(row, counts, await goneInSequences(ctx, [row])),
    steps: steps.map((step) => ({ ...step, isPublished: published?.some(({ id }) => id === step.id) === true })),
    version: newest?.number ?? null,
    publishedAt: instantOrNull(newest?.publishedAt ?? null),
    unpublished: published ? diffSteps(published, steps).length : 0,
  };
}

export const sequenceRoutes = {
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "outreach:read");
    const rows = await listSequenceRows(ctx, { ...filter, limit, after: instantCursor(cursor) });
    const counts = await countEnrolled(
      ctx,
      rows.map(({ id }) => id),
    );
    const gone = await goneInSequences(ctx, rows);
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => showSequence(row, counts, gone),
    );
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => showDetail(ctx, await createSequence(ctx, input))),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showDetail(ctx, input.sequenceId);
  }),
  update: os.update.handler(async ({ context: { ctx }, input: { sequenceId, expectedUpdatedAt, ...patch } }) => {
    await updateSequence(ctx, sequenceId, patch, expectedUpdatedAt);
    return showDetail(ctx, sequenceId);
  }),
  delete: os.delete.handler(({ context: { ctx }, input }) => deleteSequence(ctx, input.sequenceId)),
  putSteps: os.putSteps.handler(async ({ context: { ctx }, input: { sequenceId, steps, expectedUpdatedAt } }) => {
    await putSteps(ctx, sequenceId, steps, expectedUpdatedAt);
    return showDetail(ctx, sequenceId);
  }),
  readiness: os.readiness.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    const sequence = await findSequence(ctx, input.sequenceId);
    if (!sequence) throw SequenceNotFound();
    const { faults, points } = await readinessOf(ctx, sequence);
    return { faults, points: points.map((point) => ({ ...point, opensAt: instantOrNull(point.opensAt) })) };
  }),
  checkLeads: os.checkLeads.handler(({ context: { ctx, runtime }, input }) =>
    checkSequenceLeads(ctx, input, runtime.config.publicUrl),
  ),
  stats: os.stats.handler(async ({ context: { ctx }, input: { sequenceId } }) => {
    allow(ctx, "outreach:read");
    if (!(await findSequence(ctx, sequenceId))) throw SequenceNotFound();
    return { funnel: await countFunnel(ctx, sequenceId), steps: await countSteps(ctx, sequenceId) };
  }),
  activate: os.activate.handler(async ({ context: { ctx }, input: { sequenceId, expectedUpdatedAt } }) => {
    await activateSequence(ctx, sequenceId, expectedUpdatedAt);
    return showDetail(ctx, sequenceId);
  }),
  pause: os.pause.handler(async ({ context: { ctx }, input: { sequenceId } }) => {
    await pauseSequence(ctx, sequenceId);
    return showDetail(ctx, sequenceId);
  }),
  resume: os.resume.handler(async ({ context: { ctx }, input: { sequenceId } }) => {
    await resumeSequence(ctx, sequenceId);
    return showDetail(ctx, sequenceId);
  }),
  archive: os.archive.handler(async ({ context: { ctx }, input: { sequenceId } }) => {
    await archiveSequence(ctx, sequenceId);
    return showDetail(ctx, sequenceId);
  }),
};
