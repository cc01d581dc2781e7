import { delayInWords } from "#domains/outreach/schedule.ts";
import type { SequenceDetail, StepInput } from "#domains/outreach/contract/sequences.ts";
import type { Compared } from "#web/shell/save-onto.ts";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { isSame } from "#web/shell/same-value.ts";

type Step = Pick<
  SequenceDetail["steps"][number],
  "id" | "channel" | "scriptId" | "scriptName" | "delayValue" | "delayUnit" | "conditions" | "isActive"
>;

/** Steps as two people compare them: what happened to them meanwhile is no change of anybody's. */
const isStep = (value: unknown): value is Step =>
  typeof value === "object" && value !== null && "channel" in value && "delayUnit" in value && "conditions" in value;

const partsOf = ({ id, channel, scriptId, delayValue, delayUnit, conditions, isActive }: Step) => ({
  id,
  channel,
  scriptId,
  delayValue,
  delayUnit,
  conditions,
  isActive,
});

/** How the steps of a draft are compared and told, one line each. `names`: of the scripts that either draft may use. */
export const comparedSteps = (names: ReadonlyMap<string, string>): Compared => ({
  label: "Steps",
  of: (value) => (Array.isArray(value) ? value.filter(isStep).map(partsOf) : value),
  tell: (value) =>
    (Array.isArray(value) ? value.filter(isStep) : [])
      .map(({ channel, scriptId, delayValue, delayUnit, conditions, isActive }, place) =>
        [
          `${place + 1}. ${channelLook[channel].name}: ${scriptId ? (names.get(scriptId) ?? "another script") : "no script yet"}`,
          delayValue === 0 ? "at once" : `after ${delayInWords({ value: delayValue, unit: delayUnit })}`,
          ...(isSame(conditions, {}) ? [] : ["with a condition"]),
          ...(isActive ? [] : ["switched off"]),
        ].join(", "),
      )
      .join("\n") || "No steps",
});

/** Steps for a draft that may have lost some of them meanwhile: those are made anew. */
export function withKnownIds<Wanted extends Pick<StepInput, "id">>(
  steps: readonly Wanted[],
  draft: Pick<SequenceDetail, "steps">,
): Wanted[] {
  const known = new Set(draft.steps.map(({ id }) => id));
  return steps.map((step) => (step.id !== undefined && !known.has(step.id) ? { ...step, id: undefined } : step));
}
