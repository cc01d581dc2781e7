import { type StepConditions, moveSteps, readConditions, rootOf, testsIn } from "./conditions/language.ts";
import type { StepInput } from "./contract/sequences.ts";
import type { StepRow } from "./queries/step-rows.ts";

/** A step that is there. `isReached`: leads have come to it, so there are executions of it. */
export type KnownStep = StepRow & { isReached: boolean };

export type StepPlan =
  | { ok: true; steps: StepRow[] }
  /** `pointer` into `{ steps: [...] }`. */
  | { ok: false; faults: { pointer: string; detail: string }[] };

/**
 * The steps of a sequence after a person has set the list: numbered from 0 without gaps. A reached step that is not listed stays, switched
 * off, behind the reached step it stood behind: who is at it goes on with what followed it. Reached steps keep their channel, because their history
 * is told by it, and their order among themselves, because nobody walks backwards. `makeId` gives the ids of new steps.
 */
export function planSteps(known: readonly KnownStep[], wanted: readonly StepInput[], makeId: () => string): StepPlan {
  const ordered = known.toSorted((a, b) => a.stepOrder - b.stepOrder);
  const byId = new Map(ordered.map((step) => [step.id, step]));
  const faults: { pointer: string; detail: string }[] = [];
  const seen = new Set<string>();
  let furthest: KnownStep | null = null;

  for (const [index, { id, channel, conditions }] of wanted.entries()) {
    for (const { test, path } of testsIn(rootOf(conditions))) {
      if (test.on === "step" && test.step >= index)
        faults.push({
          pointer: `/steps/${index}/conditions/${path.join("/")}/step`,
          detail: "Only a step that comes before this one can be asked about",
        });
    }
    if (id === undefined) continue;
    const step = byId.get(id);
    if (!step) faults.push({ pointer: `/steps/${index}/id`, detail: "The sequence has no such step" });
    if (seen.has(id)) faults.push({ pointer: `/steps/${index}/id`, detail: "The step is listed twice" });
    seen.add(id);
    if (!step?.isReached) continue;
    if (step.channel !== channel)
      faults.push({
        pointer: `/steps/${index}/channel`,
        detail: "Leads have come to this step: add a new one for another channel",
      });
    if (furthest && furthest.stepOrder > step.stepOrder)
      faults.push({
        pointer: `/steps/${index}`,
        detail: "Steps that leads have come to keep their order among themselves",
      });
    else furthest = step;
  }
  if (faults.length > 0) return { ok: false, faults };

  const steps: StepRow[] = wanted.map(({ id = makeId(), ...step }) => ({ ...step, id, stepOrder: 0 }));
  const listed = steps.map(({ id }) => id);
  const before = ordered.map(({ id }) => id);
  for (const [index, { isReached, ...step }] of ordered.entries()) {
    if (!isReached || seen.has(step.id)) continue;
    // Those put back in this loop count too.
    const nearest = ordered
      .slice(0, index)
      .toReversed()
      .find((one) => one.isReached);
    const place = nearest ? steps.findIndex((one) => one.id === nearest.id) + 1 : 0;
    steps.splice(place, 0, { ...step, isActive: false });
  }
  const placeOf = (id: string | undefined): number | null => {
    const place = steps.findIndex((step) => step.id === id);
    return place < 0 ? null : place;
  };
  return {
    ok: true,
    steps: steps.map((step, stepOrder) => {
      // Those that are put back speak of the places that there were.
      const named = listed.includes(step.id) ? listed : before;
      return { ...step, stepOrder, conditions: moveSteps(conditionsOf(step), (place) => placeOf(named[place])) };
    }),
  };
}

/** A step's stored conditions; none where they cannot be read, which a step that is switched off may have. */
function conditionsOf({ conditions }: Pick<StepRow, "conditions">): StepConditions {
  const read = readConditions(conditions);
  return read.ok ? read.conditions : {};
}
