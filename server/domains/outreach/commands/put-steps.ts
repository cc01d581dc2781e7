import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { Invalid } from "#platform/problems.ts";
import { listTagNames } from "#domains/leads/index.ts";
import { rootOf, testsIn } from "../conditions/language.ts";
import type { StepInput } from "../contract/sequences.ts";
import { sequenceChanged } from "../messages.ts";
import { SequenceNotFound, SequenceNotInState } from "../problems.ts";
import { listKnownScripts } from "../queries/script-rows.ts";
import { lockSequence, updateSequenceRow } from "../queries/sequence-rows.ts";
import { listSteps, writeSteps } from "../queries/step-rows.ts";
import { findNewestVersion, listVersionSteps } from "../queries/version-rows.ts";
import { channelsOf, planSteps } from "../step-list.ts";

/**
 * Sets all steps of a sequence's draft, in their order, as `planSteps` has it. Once the sequence was activated, nobody goes by the draft before
 * it is published. Throws SequenceNotFound; SequenceNotInState for an archived sequence; Invalid with every fault of the list.
 */
export async function putSteps(ctx: Context, sequenceId: string, wanted: readonly StepInput[]): Promise<void> {
  allow(ctx, "outreach:write");
  await inTransaction(ctx, async (tx) => {
    const sequence = await lockSequence(tx, sequenceId);
    if (!sequence) throw SequenceNotFound();
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
    const lost = await unknownTags(tx, wanted);
    if (!plan.ok) throw Invalid(undefined, [...plan.faults, ...unknown, ...lost]);
    if (unknown.length + lost.length > 0) throw Invalid(undefined, [...unknown, ...lost]);

    await writeSteps(tx, sequenceId, plan.steps);
    if (!newest) await updateSequenceRow(tx, sequenceId, { channels: channelsOf(plan.steps) });
    const what = newest ? "draft changed" : "steps changed";
    await emit(tx, sequenceChanged, { sequenceId, name, status, what }, { subjectId: sequenceId });
  });
}

/** Tags that conditions name and that are not there. */
async function unknownTags(tx: Context, wanted: readonly StepInput[]): Promise<{ pointer: string; detail: string }[]> {
  const named = wanted.flatMap(({ conditions }, index) =>
    testsIn(rootOf(conditions)).flatMap(({ test, path }) =>
      test.on === "tag"
        ? test.tagIds.map((tag, place) => ({
            tag,
            pointer: `/steps/${index}/conditions/${path.join("/")}/tagIds/${place}`,
          }))
        : [],
    ),
  );
  const known = await listTagNames(
    tx,
    named.map(({ tag }) => tag),
  );
  return named.flatMap(({ tag, pointer }) => (known.has(tag) ? [] : [{ pointer, detail: "There is no such tag" }]));
}
