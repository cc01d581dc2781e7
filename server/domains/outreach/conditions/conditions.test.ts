import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConditionFacts, failingParts, holds } from "./evaluate.ts";
import {
  CONDITION_FIELDS,
  type Condition,
  DAYS_SINCE,
  MOST_CONDITIONS,
  STEP_OUTCOMES,
  type Test,
  moveSteps,
  readConditions,
  rootOf,
} from "./language.ts";
import { NO_NAMES, conditionsInWords, failureInWords } from "./words.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

const nobody: ConditionFacts = {
  now: NOW,
  fields: {},
  custom: {},
  tagIds: new Set(),
  segmentIds: new Set(),
  hasConverted: false,
  steps: new Map(),
  since: {},
};

const word = fc.constantFrom("Acme", "acme ", "ACME GmbH", "x", "7", "pro");
const is = fc.constantFrom("is" as const, "is_not" as const);
const textOp = fc.constantFrom(
  "contains" as const,
  "not_contains" as const,
  "starts_with" as const,
  "ends_with" as const,
);
const setOp = fc.constantFrom("is_set" as const, "is_not_set" as const);
const field = fc.constantFrom("company" as const, "jobTitle" as const, "email" as const, "region" as const);
const key = fc.constantFrom("plan", "seats", "since", "odd");
const on = <Kind extends string>(kind: Kind) => fc.constant(kind);

const anyTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ on: on("field" as const), field, op: is, value: fc.array(word, { minLength: 1, maxLength: 3 }) }),
  fc.record({ on: on("field" as const), field, op: textOp, value: word.map((one) => one.trim()) }),
  fc.record({ on: on("field" as const), field, op: setOp }),
  fc.record({
    on: on("custom" as const),
    key,
    op: is,
    value: fc.array(fc.oneof(word, fc.integer(), fc.boolean()), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    on: on("custom" as const),
    key,
    op: fc.constantFrom("at_least" as const, "at_most" as const),
    value: fc.integer(),
  }),
  fc.record({
    on: on("custom" as const),
    key,
    op: fc.constantFrom("before" as const, "after" as const),
    value: fc.constant("2026-01-01"),
  }),
  fc.record({
    on: on("tag" as const),
    op: fc.constantFrom("has" as const, "has_not" as const),
    tagIds: fc.array(fc.constantFrom("tag_a", "tag_b"), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ on: on("converted" as const), is: fc.boolean() }),
  fc.record({ on: on("segment" as const), segmentId: fc.constantFrom("seg_a", "seg_b"), is: fc.boolean() }),
  fc.record({ on: on("step" as const), step: fc.nat(3), outcome: fc.constantFrom(...STEP_OUTCOMES), is: fc.boolean() }),
  fc.record({
    on: on("days_since" as const),
    of: fc.constantFrom(...DAYS_SINCE),
    op: fc.constantFrom("at_least" as const, "less_than" as const),
    days: fc.integer({ min: 1, max: 30 }),
  }),
);
const anyCondition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    anyTest,
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("condition").map((not) => ({ not })),
  ),
})).condition;

/** Any lead, odd ones above all: a custom field holds whatever JSON can. */
const anyFacts: fc.Arbitrary<ConditionFacts> = fc.record({
  now: fc.constant(NOW),
  fields: fc.dictionary(fc.constantFrom(...CONDITION_FIELDS), fc.oneof(fc.constant(null), fc.string(), word)),
  custom: fc.dictionary(key, fc.jsonValue()),
  tagIds: fc.subarray(["tag_a", "tag_b"]).map((tags) => new Set(tags)),
  segmentIds: fc.subarray(["seg_a"]).map((segments) => new Set(segments)),
  hasConverted: fc.boolean(),
  steps: fc
    .array(
      fc.tuple(
        fc.nat(3),
        fc.subarray([...STEP_OUTCOMES]).map((outcomes) => new Set(outcomes)),
      ),
    )
    .map((entries) => new Map(entries)),
  since: fc.dictionary(
    fc.constantFrom(...DAYS_SINCE),
    fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 40 }).map(daysAgo)),
  ),
});

describe("what conditions say of a lead", () => {
  test("never throws, is the opposite of its negation, and obeys de Morgan, for any lead and any condition", () => {
    fc.assert(
      fc.property(anyCondition, anyCondition, anyFacts, (a, b, facts) => {
        const [of, not] = [(one: Condition) => holds(one, facts), (one: Condition) => ({ not: one })];
        expect(of(not(a))).toBe(!of(a));
        expect(of(not(not(a)))).toBe(of(a));
        expect(of(not({ all: [a, b] }))).toBe(of({ any: [not(a), not(b)] }));
        expect(of(not({ any: [a, b] }))).toBe(of({ all: [not(a), not(b)] }));
        expect(failingParts(a, facts).length === 0).toBe(of(a));
        expect(failureInWords(failingParts(a, facts), NO_NAMES)).toMatch(/^only if/);
      }),
      { numRuns: 300 },
    );
  });

  test("each test and the one with the opposite word differ for every lead", () => {
    const OPPOSITE: Record<string, string> = {
      is: "is_not",
      contains: "not_contains",
      is_set: "is_not_set",
      has: "has_not",
      at_least: "less_than",
    };
    fc.assert(
      fc.property(anyTest, anyFacts, (one, facts) => {
        const op = "op" in one ? OPPOSITE[one.op] : undefined;
        const turned = op ? { ...one, op } : "is" in one ? { ...one, is: !one.is } : null;
        const read = turned && readConditions({ version: 1, all: [turned] });
        if (!read?.ok) return;
        const other = rootOf(read.conditions);
        if (other) expect(holds(other, facts)).toBe(!holds(one, facts));
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, Test, Partial<ConditionFacts>, boolean]>([
    [
      "capital letters and space do not matter",
      { on: "field", field: "company", op: "is", value: [" ACME"] },
      { fields: { company: "acme " } },
      true,
    ],
    ["what is not set is not any of them", { on: "field", field: "company", op: "is_not", value: ["x"] }, {}, true],
    ["space alone is not set", { on: "field", field: "company", op: "is_set" }, { fields: { company: " " } }, false],
    [
      "one of several choices is enough",
      { on: "custom", key: "plan", op: "is", value: ["pro"] },
      { custom: { plan: ["basic", "Pro"] } },
      true,
    ],
    [
      "a number in a text counts",
      { on: "custom", key: "seats", op: "at_least", value: 7 },
      { custom: { seats: "7" } },
      true,
    ],
    [
      "no number is neither at least nor at most",
      { on: "custom", key: "seats", op: "at_most", value: 7 },
      { custom: { seats: "many" } },
      false,
    ],
    [
      "a date before",
      { on: "custom", key: "since", op: "before", value: "2026-01-01" },
      { custom: { since: "2025-12-31" } },
      true,
    ],
    ["true is true", { on: "custom", key: "odd", op: "is", value: [true] }, { custom: { odd: true } }, true],
    [
      "exactly seven days are seven",
      { on: "days_since", of: "created", op: "at_least", days: 7 },
      { since: { created: daysAgo(7) } },
      true,
    ],
    [
      "what never happened is longer ago than any number",
      { on: "days_since", of: "last_reply", op: "at_least", days: 30 },
      {},
      true,
    ],
    ["a step that nobody came to was not opened", { on: "step", step: 2, outcome: "opened", is: false }, {}, true],
  ])("%s", (_name, one, known, expected) => {
    expect(holds(one, { ...nobody, ...known })).toBe(expected);
  });
});

const converted = { on: "converted", is: false };
const root = (...all: unknown[]) => ({ version: 1, all });
const deep = (levels: number): unknown => (levels === 0 ? converted : { not: deep(levels - 1) });

describe("conditions as they are sent", () => {
  test("none, the document's “only if not converted”, and the language itself are read", () => {
    expect(readConditions({})).toEqual({ ok: true, conditions: {} });
    const short = { version: 1, all: [converted], else: "skip" };
    expect(readConditions({ notConverted: true })).toEqual({ ok: true, conditions: short });
    expect(readConditions({ notConverted: false })).toEqual({ ok: true, conditions: {} });
    expect(readConditions(short)).toEqual({ ok: true, conditions: short });
    expect(readConditions({ version: 1, any: [converted, { not: converted }], else: "stop" })).toMatchObject({
      ok: true,
    });
  });

  test("whatever is built of the language is read back as it was", () => {
    fc.assert(
      fc.property(anyCondition, (condition) => {
        const read = readConditions({ version: 1, all: [condition], else: "stop" });
        expect(read.ok || read.faults.every(({ message }) => /level|Most|At most/.test(message))).toBe(true);
      }),
    );
  });

  test.each<[unknown, string]>([
    [{ version: 2, all: [converted] }, "version"],
    [{ all: [converted] }, "version"],
    [{ version: 1 }, ""],
    [{ version: 1, all: [converted], any: [converted] }, ""],
    [{ version: 1, all: [converted], otherwise: "stop" }, ""],
    [{ version: 1, all: [converted], else: "wait" }, "else"],
    [{ version: 1, all: [] }, "all"],
    [{ onlyIfNotConverted: true }, ""],
    [{ notConverted: "yes" }, ""],
    [root({ on: "converted", is: false, really: true }), "all/0"],
    [root({ on: "weather", is: "fine" }), "all/0"],
    [root({ all: [converted], any: [converted] }), "all/0"],
    [root(converted, { any: [{ on: "field", field: "salary", op: "is", value: ["1"] }] }), "all/1/any/0/field"],
    [root({ on: "field", field: "status", op: "is", value: ["WON"] }), "all/0/value/0"],
    [root({ on: "field", field: "company", op: "is", value: [] }), "all/0/value"],
    [root({ on: "field", field: "company", op: "matches", value: "^a" }), "all/0/op"],
    [root({ on: "step", step: -1, outcome: "opened", is: true }), "all/0/step"],
    [root({ on: "days_since", of: "created", op: "at_least", days: 0 }), "all/0/days"],
    [root(deep(4)), "all/0/not/not/not"],
    [root(...Array.from({ length: MOST_CONDITIONS + 1 }, () => converted)), "all"],
    [
      root({ all: Array.from({ length: 30 }, () => converted) }, { all: Array.from({ length: 30 }, () => converted) }),
      "",
    ],
    [null, ""],
    ["all", ""],
  ])("refused at their place, case %#", (value, place) => {
    const read = readConditions(value);
    expect(read.ok ? [] : read.faults.map(({ path }) => path.join("/"))).toContain(place);
  });

  test("however deep and odd it is, reading it throws nothing", () => {
    expect(readConditions(root(deep(5_000)))).toMatchObject({ ok: false });
    fc.assert(fc.property(fc.jsonValue(), (value) => void readConditions(value)));
  });
});

test("conditions read as a sentence, steps counted from 1, nested groups in brackets", () => {
  const read = readConditions({
    version: 1,
    all: [
      { on: "field", field: "status", op: "is_not", value: ["CONVERTED"] },
      { on: "step", step: 0, outcome: "opened", is: false },
      {
        any: [
          { on: "tag", op: "has", tagIds: ["t1", "gone"] },
          { on: "days_since", of: "last_contact", op: "at_least", days: 1 },
        ],
      },
      { not: { on: "field", field: "company", op: "contains", value: "GmbH" } },
    ],
  });
  if (!read.ok) throw new Error("It should be read.");
  expect(conditionsInWords(read.conditions, { ...NO_NAMES, tags: new Map([["t1", "warm"]]) })).toBe(
    "Only if status is not CONVERTED and step 1 was not opened and (tagged “warm” or a tag that was deleted or at least 1 day since the last contact)" +
      " and not (company contains “GmbH”), else skip",
  );
  expect(conditionsInWords({})).toBe("");
});

test("a step that a condition names is followed to its new place; one that is gone takes the condition along", () => {
  const read = readConditions(root({ not: { on: "step", step: 1, outcome: "opened", is: true } }, converted));
  if (!read.ok) throw new Error("It should be read.");
  expect(moveSteps(read.conditions, (place) => place + 2)).toEqual({
    version: 1,
    all: [{ not: { on: "step", step: 3, outcome: "opened", is: true } }, converted],
    else: "skip",
  });
  expect(moveSteps(read.conditions, () => null)).toEqual({});
});
