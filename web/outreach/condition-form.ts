import { z } from "zod";
import {
  CONDITION_FIELDS,
  type Condition,
  DAYS_SINCE,
  FIELD_SETS,
  STEP_OUTCOMES,
  type Test,
  elseOf,
  moveSteps,
  readConditions,
} from "#domains/outreach/conditions/language.ts";

/*
 * A step's conditions as the screen holds them: flat rows of texts, one nested level of groups, and earlier steps by what names them for as long as
 * the list is being changed (`ref`), so that they are found wherever they are moved. What was written by other hands and has no such form is
 * kept as it is.
 */

const MODES = ["all", "any"] as const;
export type Mode = (typeof MODES)[number];

/** What a row asks about. */
export const SUBJECTS = [
  ...CONDITION_FIELDS.map((field) => `field:${field}` as const),
  "custom",
  "tag",
  "segment",
  "converted",
  ...STEP_OUTCOMES.map((outcome) => `step:${outcome}` as const),
  ...DAYS_SINCE.map((since) => `since:${since}` as const),
] as const;
export type Subject = (typeof SUBJECTS)[number];

const TEXT_OPS = [
  "is",
  "is_not",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "is_set",
  "is_not_set",
] as const;
const OWN_OPS = [...TEXT_OPS, "at_least", "at_most", "before", "after"] as const;
/** Several of a list, rather than a text. */
export const isChoice = (subject: string) =>
  subject === "tag" ||
  subject === "field:country" ||
  CONDITION_FIELDS.some((field) => subject === `field:${field}` && FIELD_SETS[field] !== undefined);

/** How a subject can be compared. */
export function opsOf(subject: string): readonly string[] {
  if (subject === "tag") return ["has", "has_not"];
  if (subject === "converted" || subject === "segment" || subject.startsWith("step:")) return ["yes", "no"];
  if (subject.startsWith("since:")) return ["at_least", "less_than"];
  if (subject === "custom") return OWN_OPS;
  if (subject === "field:country") return ["is", "is_not", "is_set", "is_not_set"];
  return isChoice(subject) ? ["is", "is_not"] : TEXT_OPS;
}

/** What has to be said beside the comparison. */
export function valueOf({ subject, op }: Pick<TestTyped, "subject" | "op">) {
  if (subject === "converted" || op === "is_set" || op === "is_not_set") return "none";
  if (subject.startsWith("step:")) return "step";
  if (subject === "segment") return "segment";
  if (isChoice(subject)) return "values";
  if (subject.startsWith("since:")) return "days";
  if (op === "at_least" || op === "at_most") return "number";
  return op === "before" || op === "after" ? "date" : "text";
}

const testSchema = z.object({
  subject: z.string(),
  op: z.string(),
  text: z.string().trim().max(200, "At most 200 characters"),
  values: z.array(z.string()),
  /** Of a field of the workspace's own. */
  key: z.string(),
  /** Names an earlier step. */
  step: z.string(),
});
export type TestTyped = z.input<typeof testSchema>;

const rowSchema = testSchema.extend({
  /** A group of tests, rather than one. */
  isGroup: z.boolean(),
  mode: z.enum(MODES),
  rows: z.array(testSchema),
});
export type RowTyped = z.input<typeof rowSchema>;

export const conditionsFormSchema = z
  .object({
    mode: z.enum(MODES),
    otherwise: z.enum(["skip", "stop"]),
    rows: z.array(rowSchema),
    /** Conditions that have no form here, with the steps of their places; null where they have one. */
    raw: z.record(z.string(), z.unknown()).nullable(),
    rawRefs: z.array(z.string()),
  })
  .superRefine(({ rows }, issues) => {
    const check = (test: TestTyped, path: (string | number)[]) => {
      const fault = faultIn(test);
      if (fault) issues.addIssue({ code: "custom", path: [...path, fault.name], message: fault.message });
    };
    for (const [index, row] of rows.entries()) {
      if (!row.isGroup) check(row, ["rows", index]);
      else for (const [inner, test] of row.rows.entries()) check(test, ["rows", index, "rows", inner]);
    }
  });
export type ConditionsTyped = z.input<typeof conditionsFormSchema>;

function faultIn(test: TestTyped): { name: keyof TestTyped; message: string } | null {
  if (test.subject === "custom" && test.key === "") return { name: "key", message: "Choose a field" };
  const text = test.text.trim();
  switch (valueOf(test)) {
    case "none":
      return null;
    case "step":
      return test.step === "" ? { name: "step", message: "Choose an earlier step" } : null;
    case "segment":
      return text === "" ? { name: "text", message: "Choose a saved filter" } : null;
    case "values":
      return test.values.length === 0 ? { name: "values", message: "Choose at least one" } : null;
    case "days":
      return /^[0-9]{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3_650
        ? null
        : { name: "text", message: "A whole number of days, 1 to 3,650" };
    case "number":
      return text !== "" && Number.isFinite(Number(text)) ? null : { name: "text", message: "A number" };
    case "date":
      return z.iso.date().safeParse(text).success ? null : { name: "text", message: "A day, as 2026-03-02" };
    case "text":
      return text === "" ? { name: "text", message: "Say what" } : null;
  }
}

/** Steps that rows name and that are not among those before; each with its place in the form. */
export function faultySteps(
  { rows }: ConditionsTyped,
  earlier: readonly string[],
): { path: (string | number)[]; message: string }[] {
  const message = "Only a step that comes before this one can be asked about";
  const isFaulty = (test: TestTyped) => valueOf(test) === "step" && test.step !== "" && !earlier.includes(test.step);
  return rows.flatMap((row, index) =>
    row.isGroup
      ? row.rows.flatMap((test, inner) =>
          isFaulty(test) ? [{ path: ["rows", index, "rows", inner, "step"], message }] : [],
        )
      : isFaulty(row)
        ? [{ path: ["rows", index, "step"], message }]
        : [],
  );
}

export const newTest = (subject: Subject = "field:status"): TestTyped => ({
  subject,
  op: opsOf(subject)[0] ?? "",
  text: "",
  values: [],
  key: "",
  step: "",
});
export const newRow = (test: TestTyped = newTest()): RowTyped => ({ ...test, isGroup: false, mode: "any", rows: [] });
export const newGroup = (): RowTyped => ({ ...newRow(), isGroup: true, rows: [newTest()] });

export const noConditions = (): ConditionsTyped => ({
  mode: "all",
  otherwise: "skip",
  rows: [],
  raw: null,
  rawRefs: [],
});

/** What the screen begins with. `refs`: what names the steps, by their places. */
export function typedConditions(stored: unknown, refs: readonly string[]): ConditionsTyped {
  const read = readConditions(stored);
  const keep = (raw: Record<string, unknown>): ConditionsTyped => ({ ...noConditions(), raw, rawRefs: [...refs] });
  if (!read.ok) return keep({ ...(typeof stored === "object" ? stored : {}) });
  const { conditions } = read;
  const isAny = "any" in conditions && conditions.any !== undefined;
  const parts = isAny ? conditions.any : "all" in conditions ? conditions.all : undefined;
  if (!parts) return noConditions();
  const rows = parts.map((part) => typedRow(part, refs));
  if (rows.some((row) => row === null)) return keep({ ...conditions });
  return {
    ...noConditions(),
    mode: isAny ? "any" : "all",
    otherwise: elseOf(conditions),
    rows: rows.flatMap((row) => row ?? []),
  };
}

function typedRow(condition: Condition, refs: readonly string[]): RowTyped | null {
  if ("not" in condition) return null;
  if ("all" in condition || "any" in condition) {
    const parts = "all" in condition ? condition.all : condition.any;
    const tests = parts.map((part) => ("on" in part ? typedTest(part, refs) : null));
    if (tests.some((test) => test === null)) return null;
    return { ...newGroup(), mode: "all" in condition ? "all" : "any", rows: tests.flatMap((test) => test ?? []) };
  }
  const test = typedTest(condition, refs);
  return test && newRow(test);
}

function typedTest(test: Test, refs: readonly string[]): TestTyped | null {
  const told = (subject: Subject, rest: Partial<TestTyped>): TestTyped => ({ ...newTest(subject), ...rest });
  switch (test.on) {
    case "tag":
      return told("tag", { op: test.op, values: test.tagIds });
    case "converted":
      return told("converted", { op: yesNo(test.is) });
    case "segment":
      return told("segment", { op: yesNo(test.is), text: test.segmentId });
    case "step":
      return told(`step:${test.outcome}`, { op: yesNo(test.is), step: refs[test.step] ?? "" });
    case "days_since":
      return told(`since:${test.of}`, { op: test.op, text: String(test.days) });
    case "field":
    case "custom": {
      const subject = test.on === "custom" ? "custom" : (`field:${test.field}` as const);
      const key = test.on === "custom" ? test.key : "";
      if (test.op === "is_set" || test.op === "is_not_set") return told(subject, { op: test.op, key });
      const given = "value" in test ? test.value : [];
      const values = (Array.isArray(given) ? given : [given]).map(String);
      if (isChoice(subject)) return told(subject, { op: test.op, key, values });
      // One text is what a row holds.
      return values.length === 1 ? told(subject, { op: test.op, key, text: values[0] ?? "" }) : null;
    }
  }
}

const yesNo = (is: boolean) => (is ? "yes" : "no");

/** What the API takes. Steps that are not in `refs` any more are refused by the form before. */
export function conditionsToSave(typed: ConditionsTyped, refs: readonly string[]): Record<string, unknown> {
  const { mode, otherwise, rows, raw, rawRefs } = typed;
  if (raw) {
    const read = readConditions(raw);
    if (!read.ok) return raw;
    return moveSteps(read.conditions, (place) => {
      const now = refs.indexOf(rawRefs[place] ?? "");
      return now < 0 ? null : now;
    });
  }
  const parts = rows.flatMap((row) => {
    if (!row.isGroup) return [testToSave(row, refs)];
    const tests = row.rows.map((test) => testToSave(test, refs));
    return tests.length === 0 ? [] : [row.mode === "all" ? { all: tests } : { any: tests }];
  });
  if (parts.length === 0) return {};
  return mode === "all" ? { version: 1, all: parts, else: otherwise } : { version: 1, any: parts, else: otherwise };
}

function testToSave(
  { subject, op, text, values, key, step }: TestTyped,
  refs: readonly string[],
): Record<string, unknown> {
  const is = op === "yes";
  const [kind = "", name = ""] = subject.split(":");
  switch (kind) {
    case "tag":
      return { on: "tag", op, tagIds: values };
    case "converted":
      return { on: "converted", is };
    case "segment":
      return { on: "segment", segmentId: text, is };
    case "step":
      return { on: "step", step: refs.indexOf(step), outcome: name, is };
    case "since":
      return { on: "days_since", of: name, op, days: Number(text) };
  }
  const who = subject === "custom" ? { on: "custom", key } : { on: "field", field: name };
  if (op === "is_set" || op === "is_not_set") return { ...who, op };
  if (op === "is" || op === "is_not") return { ...who, op, value: isChoice(subject) ? values : [text.trim()] };
  return { ...who, op, value: op === "at_least" || op === "at_most" ? Number(text) : text.trim() };
}
