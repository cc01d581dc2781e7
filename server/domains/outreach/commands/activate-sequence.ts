import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { activationFaults } from "../activation.ts";
import { goOn } from "../engine/go-on.ts";
import { SEQUENCE_CHANGES, sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState, SequenceNotReady } from "../problems.ts";
import { resumeEnrollments } from "../queries/pause-rows.ts";
import { type SequenceRow, lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { findNewestVersion, insertVersion } from "../queries/version-rows.ts";
import { whyNotResume } from "../states.ts";

/**
 * Activates a sequence: its draft becomes its first version. One that was paused goes on with those it paused, and what of its draft is not
 * published stays so. `expected`: the `updatedAt` of what is activated. Throws SequenceNotFound, ChangedElsewhere, SequenceNotInState, and
 * SequenceNotReady with everything that is to be put right first.
 */
export async function activateSequence(ctx: Context, sequenceId: string, expected?: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const { updatedAt } = sequence;
    await refuseStale(tx, { expected, updatedAt, told: SEQUENCE_CHANGES, about: { subjectId: sequenceId } });
    await start(tx, sequence);
  });
}

/**
 * Goes on with a paused sequence and with everybody it paused; whom a person paused singly stays paused. What was left of each wait counts
 * from now. Throws as `activateSequence`.
 */
export async function resumeSequence(ctx: Context, sequenceId: string): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const fault = whyNotResume(sequence);
    if (fault) throw SequenceNotInState(fault.detail);
    await start(tx, sequence);
  });
}

async function start(tx: Context, sequence: SequenceRow): Promise<void> {
  const faults = await activationFaults(tx, sequence);
  const wrongState = faults.find(({ code }) => code === "already_active" || code === "archived");
  if (wrongState) throw SequenceNotInState(wrongState.detail);
  if (faults.length > 0) {
    throw SequenceNotReady(
      undefined,
      faults.map(({ detail }) => ({ pointer: "/steps", detail })),
    );
  }
  const { id: sequenceId, name, status } = sequence;
  if (!(await findNewestVersion(tx, sequenceId))) await insertVersion(tx, sequenceId, null);
  await updateSequenceRow(tx, sequenceId, { status: "ACTIVE", activatedAt: tx.now(), pausedAt: null });
  if (status === "PAUSED")
    await goOn(tx, sequence, await resumeEnrollments(tx, { sequenceId }, "sequence"), "sequence");
  const what = status === "PAUSED" ? "resumed" : "activated";
  await emit(tx, sequenceChanged, { sequenceId, name, status: "ACTIVE", what }, { subjectId: sequenceId });
}
