import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { delayInWords } from "#domains/outreach/schedule.ts";
import { DELAY_UNITS } from "#domains/outreach/states.ts";
import {
  conditionsFormSchema,
  conditionsToSave,
  faultySteps,
  noConditions,
  typedConditions,
} from "#web/outreach/condition-form.ts";

/** One step as the builder holds it: texts where the screen has text, and the script's name for its card. */
const stepFormSchema = z.object({
  id: z.string().optional(),
  channel: z.enum(CHANNELS),
  scriptId: z.string().nullable(),
  scriptName: z.string().nullable(),
  delayValue: z
    .string()
    .trim()
    .regex(/^[0-9]{1,6}$/, "A whole number, zero or more")
    .transform(Number),
  delayUnit: z.enum(DELAY_UNITS),
  /** Names the step for as long as the list is being changed: its id, or a name of our own for one that is new. */
  ref: z.string(),
  conditions: conditionsFormSchema,
  isActive: z.boolean(),
});

export const stepsFormSchema = z.object({ steps: z.array(stepFormSchema) }).superRefine(({ steps }, issues) => {
  for (const [index, { conditions }] of steps.entries()) {
    const earlier = steps.slice(0, index).map(({ ref }) => ref);
    for (const { path, message } of faultySteps(conditions, earlier))
      issues.addIssue({ code: "custom", path: ["steps", index, "conditions", ...path], message });
  }
});
export type StepsTyped = z.input<typeof stepsFormSchema>;
export type StepsChecked = z.output<typeof stepsFormSchema>;
export type StepTyped = StepsTyped["steps"][number];

/** What the builder begins with. */
export function typedSteps({ steps }: Pick<SequenceDetail, "steps">): StepsTyped {
  const refs = steps.map(({ id }) => id);
  return {
    steps: steps.map(({ id, channel, scriptId, scriptName, delayValue, delayUnit, conditions, isActive }) => ({
      id,
      channel,
      scriptId,
      scriptName,
      delayValue: String(delayValue),
      delayUnit,
      ref: id,
      conditions: typedConditions(conditions, refs),
      isActive,
    })),
  };
}

/** What the API takes. */
export function stepsToSave({ steps }: StepsChecked) {
  const refs = steps.map(({ ref }) => ref);
  return steps.map(({ scriptName: _name, ref: _ref, conditions, ...step }) => ({
    ...step,
    conditions: conditionsToSave(conditions, refs),
  }));
}

let made = 0;

/** A step that is new: the first goes out at once, each later one after a day. */
export function newStep(position: number): StepTyped {
  return {
    channel: "EMAIL",
    scriptId: null,
    scriptName: null,
    delayValue: position === 0 ? "0" : "1",
    delayUnit: "DAYS",
    ref: `new-${++made}`,
    conditions: noConditions(),
    isActive: true,
  };
}

/** The wait before a step in words: "Wait 2 days"; what cannot be read is no wait yet. */
export function waitInWords({ delayValue, delayUnit }: Pick<StepTyped, "delayValue" | "delayUnit">, isFirst: boolean) {
  if (!/^\s*[0-9]{1,6}\s*$/.test(delayValue)) return "Wait: not set";
  const value = Number(delayValue);
  const after = isFirst ? "after enrolment" : "after the step before";
  const words = delayInWords({ value, unit: delayUnit });
  return value === 0
    ? `${isFirst ? "On enrolment" : "Right after the step before"}, ${words}`
    : `Wait ${words} ${after}`;
}
