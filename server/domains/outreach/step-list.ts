import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { type StepConditions, moveSteps, readConditions, rootOf, testsIn } from "./conditions/language.ts";
import type { StepInput } from "./contract/sequences.ts";
import type { StepRow } from "./queries/step-rows.ts";

/** A step that is there. `isPublished`: a version has it, so that people may have come to it, or may yet. */
export type KnownStep = StepRow & { isPublished: boolean };

export type StepPlan =
  | { ok: true; steps: StepRow[] }
  /** `pointer` into `{ steps: [...] }`. */
  | { ok: false; faults: { pointer: string; detail: string }[] };

/**
 * The draft of a sequence after a person has set the list: numbered from 0 without gaps. A published step that is not listed stays, switched
 * off, behind the published step it stood behind: no step is deleted under a running person, and every version has the steps of those before it.
 * Published steps keep their channel, because history is told by it.
 */
export function planSteps(known: readonly KnownStep[], wanted: readonly StepInput[], makeId: () => string): StepPlan {
  const ordered = known.toSorted((a, b) => a.stepOrder - b.stepOrder);
  const byId = new Map(ordered.map((step) => [step.id, step]));
  const faults: { pointer: string; detail: string }[] = [];
  const seen = new Set<string>();

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
    if (step?.isPublished && step.channel !== channel)
      faults.push({
        pointer: `/steps/${index}/channel`,
        detail: "The step was published on its channel: add a new one for another",
      });
  }
  if (faults.length > 0) return { ok: false, faults };

  const steps: StepRow[] = wanted.map(({ id = makeId(), ...step }) => ({ ...step, id, stepOrder: 0 }));
  const listed = steps.map(({ id }) => id);
  const before = ordered.map(({ id }) => id);
  for (const [index, { isPublished, ...step }] of ordered.entries()) {
    if (!isPublished || seen.has(step.id)) continue;
    // Those put back in this loop count too.
    const nearest = ordered
      .slice(0, index)
      .toReversed()
      .find((one) => one.isPublished);
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

/** The channels of the steps in use. */
export const channelsOf = (steps: readonly Pick<StepRow, "channel" | "isActive">[]): Channel[] =>
  CHANNELS.filter((channel) => steps.some((step) => step.isActive && step.channel === channel));
