import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { Invalid } from "#platform/problems.ts";
import { listMemberNames, refuseStale } from "#domains/accounts/index.ts";
import { rootOf, testsIn } from "../conditions/language.ts";
import type { StepInput } from "../contract/sequences.ts";
import { knowNames } from "../engine/condition-names.ts";
import { SEQUENCE_CHANGES, sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { listKnownScripts } from "../queries/script-rows.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { listSteps, writeSteps } from "../queries/step-rows.ts";
import { findNewestVersion, listVersionSteps } from "../queries/version-rows.ts";
import { channelsOf, planSteps } from "../step-list.ts";

/**
 * Sets all steps of a sequence's draft, in their order, as `planSteps` has it. Once the sequence was activated, nobody goes by the draft before
 * it is published. `expected`: the `updatedAt` that the steps were changed from. Throws SequenceNotFound; ChangedElsewhere; SequenceNotInState for an archived sequence; Invalid with every fault of the list.
 */
export async function putSteps(
  ctx: Context,
  sequenceId: string,
  wanted: readonly StepInput[],
  expected?: string,
): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
    await refuseStale(tx, {
      expected,
      updatedAt: sequence.updatedAt,
      told: SEQUENCE_CHANGES,
      about: { subjectId: sequenceId },
    });
    const { name, status } = sequence;
    if (status === "ARCHIVED") throw SequenceNotInState("An archived sequence is only read.");

    const known = await listSteps(tx, sequenceId);
    const newest = await findNewestVersion(tx, sequenceId);
    const published = newest ? (await listVersionSteps(tx, [newest.id])).get(newest.id) : [];
    const plan = planSteps(
      known.map(({ executions: _executions, scriptName: _scriptName, ...step }) => ({
        ...step,
        isPublished: published?.some(({ id }) => id === step.id) === true,
      })),
      wanted,
      () => newId("step"),
    );
    const scripts = await listKnownScripts(
      tx,
      wanted.flatMap((step) => step.scriptId ?? []),
    );
    const unknown = wanted.flatMap(({ scriptId }, index) =>
      scriptId && !scripts.has(scriptId)
        ? [{ pointer: `/steps/${index}/scriptId`, detail: "There is no such script" }]
        : [],
    );
    const lost = await unknownNames(tx, wanted);
    if (!plan.ok) throw Invalid(undefined, [...plan.faults, ...unknown, ...lost]);
    if (unknown.length + lost.length > 0) throw Invalid(undefined, [...unknown, ...lost]);

    await writeSteps(tx, sequenceId, plan.steps);
    await updateSequenceRow(tx, sequenceId, newest ? {} : { channels: channelsOf(plan.steps) });
    const what = newest ? "draft changed" : "steps changed";
    await emit(tx, sequenceChanged, { sequenceId, name, status, what }, { subjectId: sequenceId });
  });
}

/** Tags, fields and saved filters that conditions name and that are not there, and filters that whoever saves cannot see. */
async function unknownNames(tx: Context, wanted: readonly StepInput[]): Promise<{ pointer: string; detail: string }[]> {
  const tests = wanted.flatMap(({ conditions }, index) =>
    testsIn(rootOf(conditions)).map(({ test, path }) => ({
      test,
      pointer: `/steps/${index}/conditions/${path.join("/")}`,
    })),
  );
  const { names, filters } = await knowNames(
    tx,
    tests.map(({ test }) => test),
  );
  const makers = await listMemberNames(
    tx,
    [...filters.values()].flatMap(({ createdBy }) => createdBy ?? []),
  );
  const whyNotSeen = (segmentId: string): string => {
    const filter = filters.get(segmentId);
    if (!filter) return "There is no such saved filter";
    const who = makers.get(filter.createdBy ?? "") ?? "who made it";
    return `Only ${who} sees this saved filter: ask them to share it with everybody, or choose another`;
  };
  return tests.flatMap(({ test, pointer }) => {
    if (test.on === "tag")
      return test.tagIds.flatMap((tag, place) =>
        names.tags.has(tag) ? [] : [{ pointer: `${pointer}/tagIds/${place}`, detail: "There is no such tag" }],
      );
    if (test.on === "custom" && !names.customFields.has(test.key))
      return [{ pointer: `${pointer}/key`, detail: "There is no such field" }];
    if (test.on === "segment" && !names.segments.has(test.segmentId))
      return [{ pointer: `${pointer}/segmentId`, detail: whyNotSeen(test.segmentId) }];
    return [];
  });
}
