import { implement } from "@orpc/server";
import { type Context, allow } from "#platform/context.ts";
import { readCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { discardChanges } from "../commands/discard-changes.ts";
import { previewPublish } from "../commands/preview-publish.ts";
import { publishSequence } from "../commands/publish-sequence.ts";
import { type CrossOverView, type VersionView, versionOperations } from "../contract/versions.ts";
import { knowNames, testsOf } from "../engine/condition-names.ts";
import type { CrossOver } from "../engine/cross-over.ts";
import { SequenceNotFound, SequenceVersionNotFound } from "../problems.ts";
import { findSequence } from "../queries/sequence-rows.ts";
import { listSteps } from "../queries/step-rows.ts";
import {
  type VersionRow,
  type VersionStep,
  countInside,
  findNewestVersion,
  findVersion,
  listVersionRows,
  listVersionSteps,
} from "../queries/version-rows.ts";
import { diffSteps } from "../version-diff.ts";

const os = implement(versionOperations).$context<RequestContext>();

const show = (row: VersionRow, inside: ReadonlyMap<string, number>): VersionView => ({
  id: row.id,
  number: row.number,
  note: row.note,
  publishedAt: row.publishedAt.toISOString(),
  by: { kind: row.publishedByKind, id: row.publishedBy, name: row.publishedByName },
  inside: inside.get(row.id) ?? 0,
});

const touch = (one: { stepOrder: number; at: Date | null } | null) =>
  one && { stepOrder: one.stepOrder, at: instantOrNull(one.at) };

const showCrossOver = ({ inside, counts, sample }: CrossOver): CrossOverView => ({
  inside,
  counts,
  sample: sample.map((one) => ({ ...one, before: touch(one.before), after: touch(one.after) })),
});

async function known(ctx: Context, sequenceId: string): Promise<void> {
  allow(ctx, "outreach:read");
  if (!(await findSequence(ctx, sequenceId))) throw SequenceNotFound();
}

async function stepsOf(ctx: Context, version: VersionRow): Promise<VersionStep[]> {
  return (await listVersionSteps(ctx, [version.id])).get(version.id) ?? [];
}

async function versionOf(ctx: Context, sequenceId: string, number: number): Promise<VersionRow> {
  const version = await findVersion(ctx, sequenceId, number);
  if (!version) throw SequenceVersionNotFound();
  return version;
}

export const versionRoutes = {
  list: os.list.handler(async ({ context: { ctx }, input: { sequenceId, limit, cursor } }) => {
    await known(ctx, sequenceId);
    const after = readCursor(cursor, (value) => Number.isInteger(value));
    const rows = await listVersionRows(ctx, sequenceId, { limit, after });
    const inside = await countInside(ctx, sequenceId);
    return toPage(
      rows,
      limit,
      (row) => [row.number, row.id],
      (row) => show(row, inside),
    );
  }),
  get: os.get.handler(async ({ context: { ctx }, input: { sequenceId, versionNumber } }) => {
    await known(ctx, sequenceId);
    const version = await versionOf(ctx, sequenceId, versionNumber);
    return { ...show(version, await countInside(ctx, sequenceId)), steps: await stepsOf(ctx, version) };
  }),
  diff: os.diff.handler(async ({ context: { ctx }, input: { sequenceId, from, to } }) => {
    await known(ctx, sequenceId);
    const before =
      from === undefined ? await findNewestVersion(ctx, sequenceId) : await versionOf(ctx, sequenceId, from);
    const after = to === undefined ? null : await versionOf(ctx, sequenceId, to);
    const was = before ? await stepsOf(ctx, before) : [];
    const is = after ? await stepsOf(ctx, after) : await listSteps(ctx, sequenceId);
    const { names } = await knowNames(ctx, testsOf([...was, ...is]));
    const changes = diffSteps(was, is, names);
    return { from: before?.number ?? null, to: after?.number ?? null, changes };
  }),
  preview: os.preview.handler(async ({ context: { ctx }, input: { sequenceId } }) => {
    const { crossOver, ...preview } = await previewPublish(ctx, sequenceId);
    return { ...preview, crossOver: showCrossOver(crossOver) };
  }),
  publish: os.publish.handler(async ({ context: { ctx }, input: { note, ...ask } }) => {
    const { version, crossed, inside } = await publishSequence(ctx, { ...ask, note: note ?? null });
    const stayed = crossed ? crossed.counts.stays : inside;
    return {
      version: show(version, await countInside(ctx, ask.sequenceId)),
      moved: inside - stayed,
      stayed,
      crossOver: crossed && showCrossOver(crossed),
    };
  }),
  discard: os.discard.handler(async ({ context: { ctx }, input: { sequenceId, expectedUpdatedAt } }) => {
    await discardChanges(ctx, sequenceId, expectedUpdatedAt);
    return { ok: true as const };
  }),
};
