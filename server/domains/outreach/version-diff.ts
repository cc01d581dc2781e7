import type { Channel } from "#domains/messaging/channels.ts";
import { CHANNEL_WORDS } from "./channel-words.ts";
import { moveSteps, readConditions, rootOf, testsIn } from "./conditions/language.ts";
import { type ConditionNames, NO_NAMES, conditionsInWords } from "./conditions/words.ts";
import { delayInWords } from "./schedule.ts";
import type { DelayUnit } from "./states.ts";

/** A step of a version or of the draft. */
export type DiffStep = {
  id: string;
  stepOrder: number;
  channel: Channel;
  scriptId: string | null;
  scriptName: string | null;
  delayValue: number;
  delayUnit: DelayUnit;
  conditions: Record<string, unknown>;
  isActive: boolean;
};

export const CHANGE_KINDS = ["added", "removed", "moved", "delay", "script", "conditions"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One thing that differs, with a sentence for people. `from` and `to` are the step's places on either side, from 1; null where it is not in use. */
export type StepChange = { kind: ChangeKind; stepId: string; from: number | null; to: number | null; words: string };

/** All that differs between two lists of steps, in the order of the later one, then what it has no more. Empty when people would notice nothing. */
export function diffSteps(
  before: readonly DiffStep[],
  after: readonly DiffStep[],
  names: ConditionNames = NO_NAMES,
): StepChange[] {
  const was = new Map(before.map((step) => [step.id, step]));
  const is = new Map(after.map((step) => [step.id, step]));
  const moved = movedSteps(before, after);
  const changes = sorted(after).flatMap((step) => {
    const old = was.get(step.id);
    if (!old) return [change("added", undefined, step, `New ${called(step)}, ${wait(step)}${switchedOff(step)}`)];
    if (old.isActive !== step.isActive)
      return step.isActive
        ? [change("added", old, step, `${called(step, true)} is switched on`)]
        : [change("removed", old, step, `${called(old, true)} is switched off`)];
    const found: StepChange[] = [];
    if (moved.has(step.id))
      found.push(change("moved", old, step, `${called(old, true)} comes as step ${step.stepOrder + 1}`));
    const name = called(step, true) + switchedOff(step);
    if (!sameDelay(old, step))
      found.push(change("delay", old, step, `${name}: ${wait(step)} instead of ${delayOf(old)}`));
    if (old.scriptId !== step.scriptId) found.push(change("script", old, step, `${name}: instead of ${scriptOf(old)}`));
    if (!sameConditions(old, step, [before, after]))
      found.push(
        change(
          "conditions",
          old,
          step,
          `${name}: ${conditionsOf(step, names)}, instead of ${conditionsOf(old, names)}`,
        ),
      );
    return found;
  });
  const gone = sorted(before).filter(({ id }) => !is.has(id));
  return [...changes, ...gone.map((old) => change("removed", old, undefined, `${called(old, true)} is taken out`))];
}

/**
 * Of the steps in use, in order: the place, from 0, of the first at which two versions differ; null when they do not. Where one of them
 * ends, the other goes on differently.
 */
export function firstDifference(before: readonly DiffStep[], after: readonly DiffStep[]): number | null {
  const [was, is] = [inUse(before), inUse(after)];
  for (let place = 0; place < Math.max(was.length, is.length); place += 1) {
    const [old, step] = [was[place], is[place]];
    if (!old || !step || old.id !== step.id || old.scriptId !== step.scriptId) return place;
    if (!sameDelay(old, step) || !sameConditions(old, step, [before, after])) return place;
  }
  return null;
}

export const inUse = <Step extends DiffStep>(steps: readonly Step[]): Step[] =>
  sorted(steps).filter(({ isActive }) => isActive);

export const sameDelay = (a: DiffStep, b: DiffStep) => a.delayValue === b.delayValue && a.delayUnit === b.delayUnit;

/** What both lists call the places of their steps. */
type Lists = readonly [before: readonly DiffStep[], after: readonly DiffStep[]];

/** Conditions name earlier steps by their places: a step that only stands elsewhere is still the same one. */
function sameConditions(a: DiffStep, b: DiffStep, [before, after]: Lists): boolean {
  const named = ({ conditions }: DiffStep, steps: readonly DiffStep[]) => {
    const read = readConditions(conditions);
    if (!read.ok) return JSON.stringify(conditions);
    const ids = new Map(steps.map(({ id, stepOrder }) => [stepOrder, id]));
    const asked = testsIn(rootOf(read.conditions)).map(({ test }) => (test.on === "step" ? ids.get(test.step) : null));
    return JSON.stringify([moveSteps(read.conditions, () => 0), asked]);
  };
  return named(a, before) === named(b, after);
}

function conditionsOf({ conditions }: DiffStep, names: ConditionNames): string {
  const read = readConditions(conditions);
  const words = read.ok ? conditionsInWords(read.conditions, names) : "conditions that cannot be read";
  return words === "" ? "always" : words.charAt(0).toLowerCase() + words.slice(1);
}

const sorted = <Step extends DiffStep>(steps: readonly Step[]): Step[] =>
  steps.toSorted((a, b) => a.stepOrder - b.stepOrder);

const change = (
  kind: ChangeKind,
  old: DiffStep | undefined,
  step: DiffStep | undefined,
  words: string,
): StepChange => ({
  kind,
  stepId: step?.id ?? old?.id ?? "",
  from: old?.isActive ? old.stepOrder + 1 : null,
  to: step?.isActive ? step.stepOrder + 1 : null,
  words,
});

const called = (step: DiffStep, begins = false) =>
  `${begins ? "Step" : "step"} ${step.stepOrder + 1} (${CHANNEL_WORDS[step.channel]}${step.scriptName ? ` “${step.scriptName}”` : ""})`;

const delayOf = ({ delayValue: value, delayUnit: unit }: DiffStep) => delayInWords({ value, unit });
const wait = (step: DiffStep) => (step.delayValue === 0 ? "at once" : `after ${delayOf(step)}`);
const scriptOf = ({ scriptId, scriptName }: DiffStep) =>
  scriptName ? `“${scriptName}”` : scriptId ? "a script that is gone" : "no script";
const switchedOff = ({ isActive }: DiffStep) => (isActive ? "" : ", switched off");

/** Of the steps in use on both sides the fewest that must have moved: those outside the longest run that kept its order. */
function movedSteps(before: readonly DiffStep[], after: readonly DiffStep[]): Set<string> {
  const places = new Map(inUse(after).map(({ id }, place) => [id, place]));
  const kept = inUse(before).flatMap(({ id }) => {
    const place = places.get(id);
    return place === undefined ? [] : [{ id, place }];
  });
  // The longest run that ends at each step.
  const runs: { id: string; place: number; run: string[] }[] = [];
  for (const { id, place } of kept) {
    const longest = runs.reduce<string[]>(
      (best, one) => (one.place < place && one.run.length > best.length ? one.run : best),
      [],
    );
    runs.push({ id, place, run: [...longest, id] });
  }
  const stayed = new Set(runs.reduce<string[]>((best, { run }) => (run.length > best.length ? run : best), []));
  return new Set(kept.map(({ id }) => id).filter((id) => !stayed.has(id)));
}
