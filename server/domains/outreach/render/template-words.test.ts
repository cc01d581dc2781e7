import fc from "fast-check";
import { expect, test } from "vitest";
import { KNOWN_VARIABLES } from "./known-variables.ts";
import { parseTemplate } from "./liquid.ts";
import { lineOf, nearestNames, templateFaultInWords } from "./template-words.ts";

/** What is told of a template that cannot be read. */
function told(template: string): string {
  try {
    parseTemplate(template, "text");
  } catch (error) {
    return templateFaultInWords(error instanceof Error ? error.message : String(error));
  }
  return "nothing";
}

test.for([
  ["Hi\n{{ firstName", "line 2: “{{ firstName” is not closed: write }} behind it"],
  ["{% if firstName", "line 1: “{% if firstName” is not closed: write %} behind it"],
  ["a\nb\n{% unless company %}", "line 3: “{% unless company %}” has no end: write {% endunless %} where it ends"],
  ["{% endif %}", "line 1: {% endif %} ends nothing: no {% if … %} stands before it"],
  ["{% for a in b %}{% endfor %}", "line 1: there is no “for” here: only if, unless, case, assign and comment"],
  ["{{ firstName | shout }}", "line 1: there is no filter called “shout”"],
  ["{{ }}", "line 1: nothing stands between the braces: write a name there"],
  ["{{{ firstName }}}", "line 1: “{ firstName” cannot be read: a name, a number or a text in quotes stands there"],
  ["{% assign greeting %}", "line 1: “=” is missing"],
])("%j is told in words for whoever wrote it", ([template = "", expected]) => {
  expect(told(template)).toBe(expected);
});

test.for([
  ["fristName", ["firstName"]],
  ["FIRSTNAME", ["firstName"]],
  ["first_name", ["firstName"]],
  ["compny", ["company"]],
  ["sender.nmae", ["sender.name"]],
  ["weather", []],
] as const)("%s is told the names that it most likely means", ([typed, expected]) => {
  expect(nearestNames(typed, KNOWN_VARIABLES)).toEqual(expected);
});

test("a known name with one letter lost or another in its place finds itself", () => {
  const names = KNOWN_VARIABLES.filter((name) => !name.includes("*"));
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom("x", ""), (name, seed, put) => {
      const at = seed % name.length;
      expect(nearestNames(name.slice(0, at) + put + name.slice(at + 1), names)).toContain(name);
    }),
  );
});

test("the line of a variable is the first that names it, and not one that only holds its letters", () => {
  expect(lineOf("Dear firstName,\n{{ lead.firstName }}\n{{ firstName | upcase }}", "firstName")).toBe(3);
  expect(lineOf("Hello", "firstName")).toBeNull();
});

test("a name is found behind thousands of braces that open nothing", () => {
  expect(lineOf(`Hello\n{{ "${"{".repeat(150_000)}" }}\n{{ foo }}`, "foo")).toBe(3);
});
