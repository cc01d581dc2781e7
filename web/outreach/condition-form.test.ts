import { expect, test } from "vitest";
import {
  conditionsFormSchema,
  conditionsToSave,
  faultySteps,
  newRow,
  newTest,
  typedConditions,
} from "#web/outreach/condition-form.ts";

const REFS = ["step_a", "step_b", "step_c"];
const root = (...all: unknown[]) => ({ version: 1, all, else: "skip" });

test.each([
  [{}],
  [root({ on: "converted", is: false })],
  [{ version: 1, any: [{ on: "field", field: "status", op: "is_not", value: ["CONVERTED", "LOST"] }], else: "stop" }],
  [
    root(
      { on: "field", field: "company", op: "contains", value: "GmbH" },
      { on: "field", field: "email", op: "is_set" },
    ),
  ],
  [
    root(
      { on: "custom", key: "seats", op: "at_least", value: 7 },
      { on: "custom", key: "plan", op: "is", value: ["pro"] },
    ),
  ],
  [
    root({
      any: [
        { on: "step", step: 1, outcome: "opened", is: false },
        { on: "tag", op: "has", tagIds: ["t1"] },
      ],
    }),
  ],
  [
    root(
      { on: "days_since", of: "last_contact", op: "less_than", days: 3 },
      { on: "segment", segmentId: "view_1", is: true },
    ),
  ],
  // Without a form here: kept as they are.
  [root({ not: { on: "converted", is: true } })],
  [root({ all: [{ any: [{ on: "step", step: 1, outcome: "opened", is: false }] }] })],
  [root({ on: "field", field: "company", op: "is", value: ["Acme", "Kestrel"] })],
])("conditions go back to the server as they came, case %#", (conditions) => {
  const typed = typedConditions(conditions, REFS);
  expect(conditionsToSave(conditionsFormSchema.parse(typed), REFS)).toEqual(conditions);
});

test("an earlier step is found wherever it is moved, also by conditions without a form; one that comes later is a fault at its row", () => {
  const asked = { on: "step", step: 0, outcome: "opened", is: false };
  const typed = typedConditions(root(asked), REFS);
  expect(conditionsToSave(typed, ["step_b", "step_a", "step_c"])).toEqual(root({ ...asked, step: 1 }));
  const raw = typedConditions(root({ not: asked }), REFS);
  expect(conditionsToSave(raw, ["step_b", "step_a", "step_c"])).toEqual(root({ not: { ...asked, step: 1 } }));
  expect(faultySteps(typed, ["step_b"])).toMatchObject([{ path: ["rows", 0, "step"] }]);
  expect(faultySteps(typed, ["step_b", "step_a"])).toEqual([]);
});

test.each([
  [newTest("field:status"), "values"],
  [newTest("field:company"), "text"],
  [{ ...newTest("custom"), text: "x" }, "key"],
  [newTest("step:opened"), "step"],
  [newTest("segment"), "text"],
  [{ ...newTest("since:created"), text: "soon" }, "text"],
  [{ ...newTest("custom"), key: "seats", op: "at_least", text: "many" }, "text"],
  [{ ...newTest("custom"), key: "since", op: "before", text: "May" }, "text"],
])("what is missing of a row is a fault at its own field, case %#", (row, name) => {
  const typed = { ...typedConditions({}, []), rows: [newRow(row)] };
  const read = conditionsFormSchema.safeParse(typed);
  expect(read.error?.issues.map(({ path }) => path.join("."))).toEqual([`rows.0.${name}`]);
});
