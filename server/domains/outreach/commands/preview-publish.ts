import { createHash } from "node:crypto";
import { type Context, allow } from "#platform/context.ts";
import { publicationFaults } from "../activation.ts";
import { knowNames, testsOf } from "../engine/condition-names.ts";
import { type CrossOver, crossOver } from "../engine/cross-over.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { type SequenceRow, findSequence } from "../queries/sequence-rows.ts";
import { listSteps } from "../queries/step-rows.ts";
import {
  type VersionRow,
  type VersionStep,
  countInside,
  findNewestVersion,
  listVersionRows,
  listVersionSteps,
} from "../queries/version-rows.ts";
import type { Fault } from "../states.ts";
import { type StepChange, diffSteps } from "../version-diff.ts";

export type PublishPreview = {
  /** What the version would be called. */
  number: number;
  changes: StepChange[];
  /** What keeps the draft from being published. */
  faults: Fault[];
  /** How it would be with those inside if they were moved. */
  crossOver: CrossOver;
  /** To be given back with the publication: it does what was seen here, or nothing. */
  seen: string;
};

/**
 * What publishing the draft of a sequence would do, and to whom; writes nothing. Throws SequenceNotFound, and SequenceNotInState where there is
 * nothing to publish.
 */
export async function previewPublish(ctx: Context, sequenceId: string): Promise<PublishPreview> {
  allow(ctx, "outreach:write");
  const sequence = await findSequence(ctx, sequenceId);
  if (!sequence) throw SequenceNotFound();
  const { newest, draft, changes } = await unpublished(ctx, sequence);
  const inside = await crossOver(ctx, sequence, await versionsInside(ctx, sequenceId), draft, null);
  return {
    number: newest.number + 1,
    changes,
    faults: await publicationFaults(ctx, sequence),
    crossOver: inside,
    seen: `${draftDigest(newest, draft)}.${inside.digest}`,
  };
}

/** The newest version, the draft, and what differs. Throws SequenceNotInState where that is nothing, or where there is no version yet. */
export async function unpublished(
  ctx: Context,
  sequence: SequenceRow,
): Promise<{ newest: VersionRow; draft: VersionStep[]; changes: StepChange[] }> {
  if (sequence.status === "ARCHIVED") throw SequenceNotInState("An archived sequence is only read.");
  const newest = await findNewestVersion(ctx, sequence.id);
  if (!newest) throw SequenceNotInState("The sequence was never active: activating it publishes its first version.");
  const draft = await listSteps(ctx, sequence.id);
  const steps = (await listVersionSteps(ctx, [newest.id])).get(newest.id) ?? [];
  const { names } = await knowNames(ctx, testsOf([...steps, ...draft]));
  const changes = diffSteps(steps, draft, names);
  if (changes.length === 0)
    throw SequenceNotInState(`The draft is as version ${newest.number}: nothing is unpublished.`);
  return { newest, draft, changes };
}

/** Versions that somebody is under way in, oldest first, with their steps. */
export async function versionsInside(
  ctx: Context,
  sequenceId: string,
): Promise<{ id: string; number: number; steps: VersionStep[] }[]> {
  const counts = await countInside(ctx, sequenceId);
  const rows = await listVersionRows(ctx, sequenceId, { limit: MOST_VERSIONS });
  const steps = await listVersionSteps(ctx, [...counts.keys()]);
  return rows
    .filter(({ id }) => counts.has(id))
    .map(({ id, number }) => ({ id, number, steps: steps.get(id) ?? [] }))
    .toReversed();
}

/** Far beyond what a person publishes. */
const MOST_VERSIONS = 100_000;

/** Changes when anybody edits the draft or publishes it. */
export function draftDigest(newest: VersionRow, draft: readonly VersionStep[]): string {
  const content = draft.map(({ id, channel, scriptId, delayValue, delayUnit, conditions, isActive }) => [
    id,
    channel,
    scriptId,
    delayValue,
    delayUnit,
    conditions,
    isActive,
  ]);
  return createHash("sha256")
    .update(JSON.stringify([newest.id, content]))
    .digest("base64url");
}
