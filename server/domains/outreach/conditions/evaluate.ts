import type { Condition, ConditionField, DaysSince, StepOutcome, Test } from "./language.ts";

/** All that conditions are answered from. What is not known is absent, and asks nobody to throw. */
export type ConditionFacts = {
  now: Date;
  /** The lead's fields; empty and null are both "not set". */
  fields: Partial<Record<ConditionField, string | null>>;
  custom: Readonly<Record<string, unknown>>;
  tagIds: ReadonlySet<string>;
  hasConverted: boolean;
  /** What came of the steps of this run, by their places. */
  steps: ReadonlyMap<number, ReadonlySet<StepOutcome>>;
  since: Partial<Record<DaysSince, Date | null>>;
  /** Saved filters that find the lead. */
  segmentIds: ReadonlySet<string>;
};

const DAY_MS = 86_400_000;

/** Does it hold? Total: every condition has an answer for any lead, and `not` of it the other one. */
export function holds(condition: Condition, facts: ConditionFacts): boolean {
  if ("all" in condition) return condition.all.every((part) => holds(part, facts));
  if ("any" in condition) return condition.any.some((part) => holds(part, facts));
  if ("not" in condition) return !holds(condition.not, facts);
  return passes(condition, facts);
}

function passes(test: Test, facts: ConditionFacts): boolean {
  switch (test.on) {
    case "field":
      return compares(facts.fields[test.field] ?? "", test);
    case "custom":
      return compares(facts.custom[test.key], test);
    case "tag": {
      const has = test.tagIds.some((tag) => facts.tagIds.has(tag));
      return has === (test.op === "has");
    }
    case "converted":
      return facts.hasConverted === test.is;
    case "step":
      return (facts.steps.get(test.step)?.has(test.outcome) ?? false) === test.is;
    case "segment":
      return facts.segmentIds.has(test.segmentId) === test.is;
    case "days_since": {
      const at = facts.since[test.of];
      const isLongAgo = !at || facts.now.getTime() - at.getTime() >= test.days * DAY_MS;
      return isLongAgo === (test.op === "at_least");
    }
  }
}

type Compared = Extract<
  Test,
  { op: "is" | "contains" | "is_set" | "at_least" | "before" } | { on: "field" | "custom" }
>;

/** A value of any type against a comparison; a list (several choices) passes where one of its values does. */
function compares(value: unknown, test: Compared): boolean {
  const values = (Array.isArray(value) ? value : [value]).filter(isSet);
  switch (test.op) {
    case "is_set":
      return values.length > 0;
    case "is_not_set":
      return values.length === 0;
    case "is":
    case "is_not": {
      const wanted = new Set(test.value.map(folded));
      return values.some((one) => wanted.has(folded(one))) === (test.op === "is");
    }
    case "contains":
    case "not_contains":
      return values.some((one) => folded(one).includes(folded(test.value))) === (test.op === "contains");
    case "starts_with":
      return values.some((one) => folded(one).startsWith(folded(test.value)));
    case "ends_with":
      return values.some((one) => folded(one).endsWith(folded(test.value)));
    case "at_least":
      return values.some((one) => numberOf(one) >= test.value);
    case "at_most":
      return values.some((one) => numberOf(one) <= test.value);
    case "before":
      return values.some((one) => instantOf(one) < Date.parse(test.value));
    case "after":
      return values.some((one) => instantOf(one) > Date.parse(test.value));
  }
}

const isSet = (value: unknown) =>
  value !== null && value !== undefined && !(typeof value === "string" && value.trim() === "");

/** Compared as people read it: capital letters, composed marks and space around it do not matter. */
function folded(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.normalize("NFC").trim().toLowerCase();
}

/** NaN, which compares with nothing, for what is no number. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

const instantOf = (value: unknown): number => (typeof value === "string" ? Date.parse(value) : Number.NaN);

/** The parts that keep a condition from holding, to be told; those of an `any` are told together. */
export function failingParts(condition: Condition, facts: ConditionFacts): Condition[] {
  if (holds(condition, facts)) return [];
  return "all" in condition ? condition.all.flatMap((part) => failingParts(part, facts)) : [condition];
}
