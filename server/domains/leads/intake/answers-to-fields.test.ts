import { expect, test } from "vitest";
import type { CustomField } from "../custom-fields.ts";
import { answersToFields } from "./answers-to-fields.ts";

const field = (key: string, label: string, archivedAt: Date | null = null): CustomField => ({
  id: key,
  key,
  label,
  type: "text",
  options: [],
  position: 0,
  archivedAt,
});

test("an answer to a question that the workspace has a field for is that field's value, by key or label; others stay answers", () => {
  const known = [field("budget", "What is your budget?"), field("plan", "Plan"), field("old", "Old", new Date(0))];
  const fields = {
    email: "ada@example.test",
    meta: { ad: "1", answers: { "what_is_your_budget?": "900", PLAN: "gold", old: "x", colour: "red" } },
  };
  expect(answersToFields(fields, known)).toEqual({
    email: "ada@example.test",
    custom: { budget: "900", plan: "gold" },
    meta: { ad: "1", answers: { old: "x", colour: "red" } },
  });
  expect(answersToFields(fields, [])).toEqual(fields);
  expect(answersToFields({ ...fields, meta: { answers: { plan: "gold" } } }, known)).toMatchObject({ meta: {} });
});
