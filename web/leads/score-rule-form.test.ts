import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scoreRulesSchema, type ScoreRule } from "#domains/leads/score/rules.ts";
import { halfLifeFault, ruleFault, ruleOf, type RuleRow } from "#web/leads/score-rule-form.ts";

const typed = fc.oneof(fc.integer({ min: -150, max: 150 }).map(String), fc.constantFrom("", "-", "abc", "1.5", " 7 "));
const words = fc.constantFrom("", "  ", "pro");
const rule: fc.Arbitrary<ScoreRule> = fc.oneof(
  fc.record({ kind: fc.constant("tag"), tag: words, points: fc.constant(0) }),
  fc.record({
    kind: fc.constant("field"),
    field: fc.constant("company"),
    test: fc.constantFrom("isSet", "contains"),
    value: words,
    points: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant("interest"),
    interest: fc.constant("reply"),
    points: fc.constant(0),
    atMost: fc.constant(0),
  }),
);
const row: fc.Arbitrary<RuleRow> = fc.record({ id: fc.constant(0), rule, points: typed, atMost: typed });

test("the page finds a fault in exactly those rules of the score that the server refuses", () => {
  fc.assert(
    fc.property(row, fc.oneof(fc.integer({ min: -2, max: 400 }).map(String), fc.constantFrom("", "x")), (one, days) => {
      const isGood = ruleFault(one) === undefined && halfLifeFault(days) === undefined;
      const sent = { rules: [ruleOf(one)], halfLifeDays: days.trim() === "" ? Number.NaN : Number(days) };
      const isNumber = one.points.trim() !== "" && (one.rule.kind !== "interest" || one.atMost.trim() !== "");
      expect(isGood).toBe(isNumber && scoreRulesSchema.safeParse(sent).success);
    }),
  );
});
