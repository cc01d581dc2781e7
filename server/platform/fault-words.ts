import { z } from "zod";

/** The most choices that a sentence names. */
const NAMED_CHOICES = 8;

const FORMATS: Readonly<Record<string, string>> = {
  email: "Write an e-mail address",
  url: "Write a web address, such as https://www.example.com",
  date: "Write a day, such as 2026-03-02",
  datetime: "Write an instant, such as 2026-03-02T12:00:00Z",
  regex: "It is not written in the form that is asked for",
};

const TYPES: Readonly<Record<string, string>> = {
  string: "Write a text",
  number: "Write a number",
  int: "Write a whole number",
  boolean: "Say yes or no",
  array: "Give a list",
  object: "Give an object",
};

type Issue = Parameters<NonNullable<ReturnType<typeof z.config>["customError"]>>[0];

const isCounted = (origin: string) => origin === "string" || origin === "array" || origin === "set";
const unitOf = (origin: string, count: number | bigint) =>
  origin === "string" ? (Number(count) === 1 ? " character" : " characters") : "";

/**
 * What is wrong with a value, said to whoever typed it, where its schema says nothing of its own; undefined leaves it to the validator, whose
 * words are for programmers.
 */
export function faultWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined || issue.input === null ? "This is needed" : TYPES[issue.expected];
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "This is needed";
      if (issue.origin === "array" && issue.minimum === 1) return "Choose at least one";
      if (isCounted(issue.origin)) return `At least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
      return issue.inclusive === false ? `More than ${issue.minimum}` : `At least ${issue.minimum}`;
    case "too_big":
      if (isCounted(issue.origin)) return `At most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
      return issue.inclusive === false ? `Less than ${issue.maximum}` : `At most ${issue.maximum}`;
    case "invalid_format":
      return FORMATS[issue.format];
    case "invalid_value":
      return issue.values.length > NAMED_CHOICES
        ? "It is none of the choices"
        : `One of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `Not known here: ${issue.keys.join(", ")}`;
    default:
      return undefined;
  }
}

z.config({ customError: faultWords });
