import { type Condition, type ConditionField, type StepConditions, type Test, elseOf, rootOf } from "./language.ts";

/** Names of what conditions name by ids; what is missing was deleted since. */
export type ConditionNames = {
  tags: ReadonlyMap<string, string>;
  segments: ReadonlyMap<string, string>;
  /** Labels of the workspace's own fields, by their keys. */
  customFields: ReadonlyMap<string, string>;
};

export const NO_NAMES: ConditionNames = { tags: new Map(), segments: new Map(), customFields: new Map() };

export const FIELD_WORDS: Readonly<Record<ConditionField, string>> = {
  status: "status",
  source: "source",
  sourceLabel: "origin",
  country: "country",
  region: "region",
  timeZone: "time zone",
  company: "company",
  jobTitle: "job title",
  firstName: "first name",
  lastName: "last name",
  email: "e-mail address",
  phone: "phone number",
  linkedin: "LinkedIn page",
  website: "website",
  externalId: "external ID",
};

export const SINCE_WORDS = {
  created: "the lead was created",
  enrolled: "the enrolment",
  last_contact: "the last contact",
  last_reply: "the last reply",
} as const;

export const OUTCOME_WORDS = {
  delivered: "delivered",
  opened: "opened",
  clicked: "clicked",
  replied: "replied to",
  answered: "answered",
} as const;

const quoted = (value: unknown) => `“${String(value)}”`;
const either = (values: readonly string[]) =>
  values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;

function compared(name: string, test: Extract<Test, { on: "field" | "custom" }>): string {
  switch (test.op) {
    case "is_set":
      return `${name} is known`;
    case "is_not_set":
      return `${name} is not known`;
    case "is":
    case "is_not": {
      const isClosed = test.on === "field" && (test.field === "status" || test.field === "source");
      const values = test.value.map((value) => (isClosed || typeof value !== "string" ? String(value) : quoted(value)));
      return `${name} ${test.op === "is" ? "is" : "is not"} ${either(values)}`;
    }
    case "contains":
      return `${name} contains ${quoted(test.value)}`;
    case "not_contains":
      return `${name} does not contain ${quoted(test.value)}`;
    case "starts_with":
      return `${name} starts with ${quoted(test.value)}`;
    case "ends_with":
      return `${name} ends with ${quoted(test.value)}`;
    case "at_least":
      return `${name} is at least ${test.value}`;
    case "at_most":
      return `${name} is at most ${test.value}`;
    case "before":
      return `${name} is before ${test.value}`;
    case "after":
      return `${name} is after ${test.value}`;
  }
}

function testInWords(test: Test, names: ConditionNames): string {
  switch (test.on) {
    case "field":
      return compared(FIELD_WORDS[test.field], test);
    case "custom":
      return compared(names.customFields.get(test.key) ?? test.key, test);
    case "tag": {
      const tags = test.tagIds.map((tag) => {
        const name = names.tags.get(tag);
        return name === undefined ? "a tag that was deleted" : quoted(name);
      });
      return `${test.op === "has" ? "tagged" : "not tagged"} ${either(tags)}`;
    }
    case "segment": {
      const name = names.segments.get(test.segmentId);
      return `${test.is ? "in" : "not in"} ${name === undefined ? "a segment that cannot be seen" : `the segment ${quoted(name)}`}`;
    }
    case "converted":
      return test.is ? "the lead has converted" : "the lead has not converted";
    case "step":
      // Counted from 0 by programs, from 1 by people.
      return `step ${test.step + 1} was ${test.is ? "" : "not "}${OUTCOME_WORDS[test.outcome]}`;
    case "days_since":
      return `${test.op === "at_least" ? "at least" : "less than"} ${test.days} day${test.days === 1 ? "" : "s"} since ${SINCE_WORDS[test.of]}`;
  }
}

/** A condition as a clause: "status is not CONVERTED and (step 1 was opened or step 1 was clicked)". */
export function conditionInWords(condition: Condition, names: ConditionNames): string {
  if ("not" in condition) return `not (${conditionInWords(condition.not, names)})`;
  if ("all" in condition) return joined(condition.all, " and ", names);
  if ("any" in condition) return joined(condition.any, " or ", names);
  return testInWords(condition, names);
}

function joined(parts: readonly Condition[], by: string, names: ConditionNames): string {
  return parts
    .map((part) => {
      const words = conditionInWords(part, names);
      const isGroup = ("all" in part && part.all.length > 1) || ("any" in part && part.any.length > 1);
      return isGroup && parts.length > 1 ? `(${words})` : words;
    })
    .join(by);
}

/** A step's conditions as a sentence: "Only if status is not CONVERTED and step 1 was not opened, else skip"; "" for none. */
export function conditionsInWords(conditions: StepConditions, names: ConditionNames = NO_NAMES): string {
  const root = rootOf(conditions);
  if (!root) return "";
  return `Only if ${conditionInWords(root, names)}, else ${elseOf(conditions) === "stop" ? "stop the sequence" : "skip"}`;
}

/** Why a step was held back: the parts that are not so, each in its words. */
export const failureInWords = (parts: readonly Condition[], names: ConditionNames): string =>
  `only if ${joined(parts, " and ", names)}`;
