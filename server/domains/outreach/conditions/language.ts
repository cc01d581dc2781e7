import { z } from "zod";
import { LEAD_SOURCES, LEAD_STATUSES } from "#domains/leads/rules.ts";

/*
 * The language of a step's conditions, version 1. A step without any holds `{}`. The builder writes these, the engine reads them (`evaluate.ts`),
 * people are told them (`words.ts`); a key that nobody reads is refused when it is saved.
 */

/** Fields of a lead that can be asked about, by their names in the API. */
export const CONDITION_FIELDS = [
  "status",
  "source",
  "sourceLabel",
  "country",
  "region",
  "timeZone",
  "company",
  "jobTitle",
  "firstName",
  "lastName",
  "email",
  "phone",
  "linkedin",
  "website",
  "externalId",
] as const;
export type ConditionField = (typeof CONDITION_FIELDS)[number];

/** What may have come of an earlier step. `answered`: a call that was picked up, or a reply on any channel. */
export const STEP_OUTCOMES = ["delivered", "opened", "clicked", "replied", "answered"] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** From when days are counted. What never happened lies longer ago than any number of days. */
export const DAYS_SINCE = ["created", "enrolled", "last_contact", "last_reply"] as const;
export type DaysSince = (typeof DAYS_SINCE)[number];

/** Deepest nesting of groups, and most tests of one step: what a person can still read. */
export const DEEPEST_CONDITIONS = 4;
export const MOST_CONDITIONS = 50;

const word = z.string().trim().min(1, "Say what").max(200);
const id = z.string().min(1).max(60);
const several = <Item extends z.ZodType>(item: Item) => z.array(item).min(1, "Say at least one").max(50);
const scalar = z.union([word, z.number(), z.boolean()]);
const FIELD = { on: z.literal("field"), field: z.enum(CONDITION_FIELDS) };
const CUSTOM = { on: z.literal("custom"), key: z.string().min(1).max(100) };
const TEXT_OPS = ["contains", "not_contains", "starts_with", "ends_with"] as const;
const IS = ["is", "is_not"] as const;
const SET = ["is_set", "is_not_set"] as const;

/** Members of the fields that are closed sets. */
export const FIELD_SETS: Partial<Record<ConditionField, readonly string[]>> = {
  status: LEAD_STATUSES,
  source: LEAD_SOURCES,
};

const fieldIs = z
  .strictObject({ ...FIELD, op: z.enum(IS), value: several(word) })
  .superRefine(({ field, value }, issues) => {
    const known = FIELD_SETS[field];
    for (const [index, one] of value.entries())
      if (known && !known.includes(one))
        issues.addIssue({ code: "custom", path: ["value", index], message: `One of ${known.join(", ")}` });
  });
const date = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** The tests, by `on` and, where that decides the shape, by `op`. */
const TESTS = {
  field: z.discriminatedUnion("op", [
    fieldIs,
    z.strictObject({ ...FIELD, op: z.enum(TEXT_OPS), value: word }),
    z.strictObject({ ...FIELD, op: z.enum(SET) }),
  ]),
  custom: z.discriminatedUnion("op", [
    z.strictObject({ ...CUSTOM, op: z.enum(IS), value: several(scalar) }),
    z.strictObject({ ...CUSTOM, op: z.enum(TEXT_OPS), value: word }),
    z.strictObject({ ...CUSTOM, op: z.enum(["at_least", "at_most"]), value: z.number() }),
    z.strictObject({ ...CUSTOM, op: z.enum(["before", "after"]), value: date }),
    z.strictObject({ ...CUSTOM, op: z.enum(SET) }),
  ]),
  /** `has`: any of these tags. */
  tag: z.strictObject({ on: z.literal("tag"), op: z.enum(["has", "has_not"]), tagIds: several(id) }),
  converted: z.strictObject({ on: z.literal("converted"), is: z.boolean() }),
  /** `step`: the place of an earlier step in the list, from 0, as `stepOrder`. */
  step: z.strictObject({
    on: z.literal("step"),
    step: z.int().min(0).max(1_000),
    outcome: z.enum(STEP_OUTCOMES),
    is: z.boolean(),
  }),
  days_since: z.strictObject({
    on: z.literal("days_since"),
    of: z.enum(DAYS_SINCE),
    op: z.enum(["at_least", "less_than"]),
    days: z.int().min(1).max(3_650),
  }),
  /** A saved filter that finds the lead at that moment. */
  segment: z.strictObject({ on: z.literal("segment"), segmentId: id, is: z.boolean() }),
} as const;

export const TEST_KINDS = ["field", "custom", "tag", "converted", "step", "days_since", "segment"] as const;
export type TestKind = (typeof TEST_KINDS)[number];
export type Test = z.infer<(typeof TESTS)[TestKind]>;
export type Condition = Test | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** What becomes of a step whose conditions do not hold: passed over, or the lead leaves the sequence. */
export const ELSES = ["skip", "stop"] as const;
export type Else = (typeof ELSES)[number];

/** A step's conditions: `{}` for none. */
export type StepConditions =
  | Record<string, never>
  | { version: 1; all: Condition[]; else: Else }
  | { version: 1; any: Condition[]; else: Else };

export type ConditionFault = { path: (string | number)[]; message: string };

/** The document's own example, and what steps held before there was a language: "only if not converted". */
const shorthand = z.strictObject({ notConverted: z.boolean() });
const head = z.strictObject({
  version: z.literal(1, "Only version 1 is known"),
  all: z.unknown().optional(),
  any: z.unknown().optional(),
  else: z.enum(ELSES).default("skip"),
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A step's conditions as they were sent or stored, checked; never throws, however deep or odd they are. The old shorthand
 * `{ "notConverted": true }` comes back in the language.
 */
export function readConditions(
  value: unknown,
): { ok: true; conditions: StepConditions } | { ok: false; faults: ConditionFault[] } {
  const faults: ConditionFault[] = [];
  const conditions = readRoot(value, faults);
  return conditions && faults.length === 0 ? { ok: true, conditions } : { ok: false, faults };
}

function readRoot(value: unknown, faults: ConditionFault[]): StepConditions | null {
  if (isRecord(value) && Object.keys(value).length === 0) return {};
  const short = shorthand.safeParse(value);
  if (short.success)
    return short.data.notConverted ? { version: 1, all: [{ on: "converted", is: false }], else: "skip" } : {};
  const read = head.safeParse(value);
  if (!read.success) {
    take(read.error, [], faults);
    return null;
  }
  const { all, any, else: otherwise } = read.data;
  if ((all === undefined) === (any === undefined)) {
    faults.push({ path: [], message: "Say either “all” or “any”" });
    return null;
  }
  const count = { tests: 0 };
  const parts = readGroup(all ?? any, [all === undefined ? "any" : "all"], 1, count, faults);
  if (!parts) return null;
  if (count.tests > MOST_CONDITIONS)
    faults.push({ path: [], message: `At most ${MOST_CONDITIONS} conditions for one step` });
  return all === undefined ? { version: 1, any: parts, else: otherwise } : { version: 1, all: parts, else: otherwise };
}

type Path = readonly (string | number)[];
type Count = { tests: number };

function readGroup(value: unknown, path: Path, depth: number, count: Count, faults: ConditionFault[]) {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_CONDITIONS) {
    faults.push({ path: [...path], message: `A list of one to ${MOST_CONDITIONS} conditions` });
    return null;
  }
  const parts = value.map((part: unknown, index) => readCondition(part, [...path, index], depth, count, faults));
  return parts.flatMap((part) => part ?? []);
}

function readCondition(
  value: unknown,
  path: Path,
  depth: number,
  count: Count,
  faults: ConditionFault[],
): Condition | null {
  const fault = (message: string) => {
    faults.push({ path: [...path], message });
    return null;
  };
  if (!isRecord(value)) return fault("A condition is an object");
  const keys = Object.keys(value);
  const [key] = keys;
  if (keys.length === 1 && (key === "all" || key === "any" || key === "not")) {
    if (depth >= DEEPEST_CONDITIONS) return fault(`At most ${DEEPEST_CONDITIONS} levels`);
    if (key === "not") {
      const inner = readCondition(value["not"], [...path, "not"], depth + 1, count, faults);
      return inner && { not: inner };
    }
    const parts = readGroup(value[key], [...path, key], depth + 1, count, faults);
    return parts && (key === "all" ? { all: parts } : { any: parts });
  }
  count.tests += 1;
  // Beyond the limit nothing is looked at: the limit itself is told.
  if (count.tests > MOST_CONDITIONS) return null;
  const kind = TEST_KINDS.find((one) => one === value["on"]);
  if (!kind) return fault(`A group (“all”, “any”, “not”), or a test with “on”: ${TEST_KINDS.join(", ")}`);
  const read = TESTS[kind].safeParse(value);
  if (read.success) return read.data;
  take(read.error, path, faults);
  return null;
}

function take(error: z.ZodError, path: Path, faults: ConditionFault[]): void {
  for (const issue of error.issues)
    faults.push({
      path: [...path, ...issue.path.filter((part) => typeof part !== "symbol")],
      message: issue.message,
    });
}

/** The group that a step's conditions are; null where there are none. */
export function rootOf(conditions: StepConditions): Condition | null {
  if ("all" in conditions && conditions.all) return { all: conditions.all };
  if ("any" in conditions && conditions.any) return { any: conditions.any };
  return null;
}

export const elseOf = (conditions: StepConditions): Else =>
  "else" in conditions ? (conditions.else ?? "skip") : "skip";

/** Every test in a condition, with its place. */
export function testsIn(condition: Condition | null, path: Path = []): { test: Test; path: Path }[] {
  if (!condition) return [];
  if ("all" in condition) return condition.all.flatMap((part, index) => testsIn(part, [...path, "all", index]));
  if ("any" in condition) return condition.any.flatMap((part, index) => testsIn(part, [...path, "any", index]));
  if ("not" in condition) return testsIn(condition.not, [...path, "not"]);
  return [{ test: condition, path }];
}

/**
 * The conditions with the steps that they name at their new places; `placeOf` answers null for a step that is gone. Without it nothing is left to
 * ask: `{}`.
 */
export function moveSteps(conditions: StepConditions, placeOf: (step: number) => number | null): StepConditions {
  let isLost = false;
  const moved = (condition: Condition): Condition => {
    if ("all" in condition) return { all: condition.all.map(moved) };
    if ("any" in condition) return { any: condition.any.map(moved) };
    if ("not" in condition) return { not: moved(condition.not) };
    if (condition.on !== "step") return condition;
    const step = placeOf(condition.step);
    isLost ||= step === null;
    return { ...condition, step: step ?? 0 };
  };
  const otherwise = elseOf(conditions);
  if ("all" in conditions && conditions.all) {
    const all = conditions.all.map(moved);
    return isLost ? {} : { version: 1, all, else: otherwise };
  }
  if ("any" in conditions && conditions.any) {
    const any = conditions.any.map(moved);
    return isLost ? {} : { version: 1, any, else: otherwise };
  }
  return {};
}

/** As the API takes them. */
export const stepConditionsSchema = z.record(z.string(), z.unknown()).transform((value, issues): StepConditions => {
  const read = readConditions(value);
  if (read.ok) return read.conditions;
  for (const { path, message } of read.faults) issues.addIssue({ code: "custom", path, message });
  return z.NEVER;
});

/** The language in words, for the API's reference. */
export const CONDITIONS_DESCRIPTION = [
  'A step\'s `conditions` are `{}`, or `{ "version": 1, "all": [...], "else": "skip" }` (or `any` instead of `all`). They are asked when the step is due and again when its message is taken up; where they do not hold the step is skipped, or with `"else": "stop"` the lead leaves the sequence.',
  `A condition is a group, \`{ "all": [...] }\`, \`{ "any": [...] }\`, \`{ "not": ... }\`, at most ${DEEPEST_CONDITIONS} levels deep and ${MOST_CONDITIONS} tests in all, or one test:`,
  `- \`{ "on": "field", "field", "op", "value" }\`: ${CONDITION_FIELDS.join(", ")}. \`is\`, \`is_not\` take a list; \`contains\`, \`not_contains\`, \`starts_with\`, \`ends_with\` a text; \`is_set\`, \`is_not_set\` nothing. Capital letters do not matter.`,
  '- `{ "on": "custom", "key", "op", "value" }`: a custom field, with the same words, `at_least`, `at_most` for numbers, `before`, `after` for dates.',
  '- `{ "on": "tag", "op": "has" | "has_not", "tagIds" }`: any of the tags.',
  '- `{ "on": "converted", "is" }`: whether the lead is CONVERTED or has a conversion as a customer. `{ "notConverted": true }` is short for this alone.',
  `- \`{ "on": "step", "step", "outcome", "is" }\`: what came of an earlier step of this run (its place in the list, from 0): ${STEP_OUTCOMES.join(", ")}.`,
  `- \`{ "on": "days_since", "of", "op": "at_least" | "less_than", "days" }\`: ${DAYS_SINCE.join(", ")}. What never happened lies longer ago than any number of days.`,
  '- `{ "on": "segment", "segmentId", "is" }`: whether a saved filter finds the lead at that moment; one that was deleted, or asks for a tag or field that was, holds the step back; of the tags of which any is enough for it those that are left go on counting.',
].join("\n");
