import { describe, expect, test } from "vitest";
import { newStep, stepsFormSchema, stepsToSave, typedSteps, waitInWords } from "#web/outreach/step-form.ts";

const step = {
  id: "step_1",
  stepOrder: 0,
  channel: "SMS" as const,
  scriptId: "script_1",
  scriptName: "Hello",
  delayValue: 2,
  delayUnit: "DAYS" as const,
  conditions: { notConverted: true },
  isActive: false,
  isPublished: false,
  executions: {},
};

describe("the steps of the builder", () => {
  test("go back to the server as they came, without what only the screen needs", () => {
    const checked = stepsFormSchema.parse(typedSteps({ steps: [step] }));
    expect(stepsToSave(checked)).toEqual([
      {
        id: "step_1",
        channel: "SMS",
        scriptId: "script_1",
        delayValue: 2,
        delayUnit: "DAYS",
        conditions: { version: 1, all: [{ on: "converted", is: false }], else: "skip" },
        isActive: false,
      },
    ]);
  });

  test("take no delay that is not a whole number", () => {
    for (const delayValue of ["", "-1", "1.5", "soon"]) {
      expect(stepsFormSchema.safeParse({ steps: [{ ...newStep(0), delayValue }] }).success).toBe(false);
    }
  });

  test("begin at once and go on after a day", () => {
    expect(waitInWords(newStep(0), true)).toBe("On enrolment, at once");
    expect(waitInWords(newStep(1), false)).toBe("Wait 1 day after the step before");
  });

  test("say that a wait is missing while it is being typed", () => {
    expect(waitInWords({ delayValue: "", delayUnit: "HOURS" }, false)).toBe("Wait: not set");
  });
});
