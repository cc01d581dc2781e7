import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { delayInWords } from "#domains/outreach/schedule.ts";
import { DELAY_UNITS } from "#domains/outreach/states.ts";
import { readConditions, rootOf, testsIn } from "#domains/outreach/conditions/language.ts";

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
  notConverted: z.boolean(),
  /** Conditions that this page has no field for: saved as they are. */
  others: z.record(z.string(), z.unknown()).nullable(),
  isActive: z.boolean(),
});

export const stepsFormSchema = z.object({ steps: z.array(stepFormSchema) });
export type StepsTyped = z.input<typeof stepsFormSchema>;
export type StepsChecked = z.output<typeof stepsFormSchema>;
export type StepTyped = StepsTyped["steps"][number];

/** What the builder begins with. */
export function typedSteps({ steps }: Pick<SequenceDetail, "steps">): StepsTyped {
  return {
    steps: steps.map(({ id, channel, scriptId, scriptName, delayValue, delayUnit, conditions, isActive }) => ({
      id,
      channel,
      scriptId,
      scriptName,
      delayValue: String(delayValue),
      delayUnit,
      notConverted: isPlain(conditions) && Object.keys(conditions).length > 0,
      others: isPlain(conditions) ? null : conditions,
      isActive,
    })),
  };
}

/** What the API takes. */
export function stepsToSave({ steps }: StepsChecked) {
  return steps.map(({ scriptName: _name, notConverted, others, ...step }) => ({
    ...step,
    conditions: others ?? (notConverted ? { notConverted } : {}),
  }));
}

/** None, or "only if not converted" alone. */
function isPlain(conditions: unknown): boolean {
  const read = readConditions(conditions);
  if (!read.ok) return false;
  const tests = testsIn(rootOf(read.conditions));
  return tests.every(({ test }) => test.on === "converted" && !test.is) && tests.length < 2;
}

/** A step that is new: the first goes out at once, each later one after a day. */
export function newStep(position: number): StepTyped {
  return {
    channel: "EMAIL",
    scriptId: null,
    scriptName: null,
    delayValue: position === 0 ? "0" : "1",
    delayUnit: "DAYS",
    notConverted: false,
    others: null,
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
