import { expect, test } from "vitest";
import { STANDARD_VARIABLES } from "#domains/outreach/render/values.ts";
import { variableInWords } from "#web/outreach/variable-words.ts";

test("every variable of scripts has words; a field of the workspace's own keeps its name, and what is not known stays as it is", () => {
  expect(STANDARD_VARIABLES.filter((name) => variableInWords(name) === name)).toEqual([]);
  expect(["lead.company", "custom.plan", "lead.custom.plan", "other.thing"].map(variableInWords)).toEqual([
    "Company",
    "plan",
    "plan",
    "other.thing",
  ]);
});
