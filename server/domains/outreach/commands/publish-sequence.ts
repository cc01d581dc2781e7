import { type Context, allow, inRetriedTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { whoChangedLast } from "#domains/accounts/index.ts";
import { publicationFaults } from "../activation.ts";
import { type CrossOver, crossOver } from "../engine/cross-over.ts";
import { SEQUENCE_CHANGES, sequencePublished } from "../messages.ts";
import { PublishPreviewOutdated, SequenceNotFound, SequenceNotReady } from "../problems.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { lockInside } from "../queries/version-move-rows.ts";
import { type VersionRow, countInside, insertVersion, listVersionSteps } from "../queries/version-rows.ts";
import { channelsOf } from "../step-list.ts";
import { draftDigest, unpublished, versionsInside } from "./preview-publish.ts";

export type PublishAsk = {
  sequenceId: string;
  /** Of the preview. */
  seen: string;
  /** Whoever has not reached the first changed step goes over; otherwise everybody finishes the version they are in. */
  move: boolean;
  note: string | null;
};

/** `crossed` is null where everybody stayed. */
export type Published = { version: VersionRow; crossed: CrossOver | null; inside: number };

/**
 * Publishes the draft of a sequence as its next version: what the preview showed, or nothing. Whoever comes in from now on goes through it; of
 * those inside, nobody or whoever `move` says. Of several who publish at once one does. Throws SequenceNotFound; SequenceNotInState where nothing
 * is unpublished; SequenceNotReady with all that is to be put right first; PublishPreviewOutdated where the draft has changed since the
 * preview or, with `move`, where somebody would fare otherwise.
 */
export async function publishSequence(ctx: Context, { sequenceId, seen, move, note }: PublishAsk): Promise<Published> {
  allow(ctx, "outreach:write");
  return inRetriedTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    const { newest, draft, changes } = await unpublished(tx, sequence);
    const [seenDraft, seenPeople] = seen.split(".");
    if (seenDraft !== draftDigest(newest, draft)) {
      const who = await whoChangedLast(tx, { told: SEQUENCE_CHANGES, about: { subjectId: sequenceId } });
      throw PublishPreviewOutdated(`${who} changed the draft since.`);
    }
    const faults = await publicationFaults(tx, sequence);
    if (faults.length > 0)
      throw SequenceNotReady(
        undefined,
        faults.map(({ detail }) => ({ pointer: "/steps", detail })),
      );

    const version = await insertVersion(tx, sequenceId, note);
    await updateSequenceRow(tx, sequenceId, { channels: channelsOf(draft) });
    let crossed: CrossOver | null = null;
    if (move) {
      await lockInside(tx, sequenceId);
      const steps = (await listVersionSteps(tx, [version.id])).get(version.id) ?? [];
      const to = { versionId: version.id, number: version.number };
      crossed = await crossOver(tx, sequence, await versionsInside(tx, sequenceId), steps, to);
      // Thrown, it undoes what was written above.
      if (crossed.digest !== seenPeople) throw PublishPreviewOutdated("People have moved on in the sequence since.");
    }
    const inside = crossed?.inside ?? sumOf(await countInside(tx, sequenceId));
    const moved = crossed ? crossed.inside - crossed.counts.stays : 0;
    const { number } = version;
    const told = { sequenceId, name: sequence.name, number, changes: changes.length, moved, stayed: inside - moved };
    await emit(tx, sequencePublished, told, { subjectId: sequenceId });
    return { version, crossed, inside };
  });
}

const sumOf = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);
