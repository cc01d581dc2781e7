import { expect, test } from "vitest";
import { z } from "zod";
import "./fault-words.ts";

const wordsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message);

test("what a schema says nothing about is said in words for whoever typed it", () => {
  expect(wordsOf(z.object({ host: z.string() }), {})).toEqual(["This is needed"]);
  expect(wordsOf(z.string().min(1), "")).toEqual(["This is needed"]);
  expect(wordsOf(z.string().min(16), "abc")).toEqual(["At least 16 characters"]);
  expect(wordsOf(z.string().max(3), "abcd")).toEqual(["At most 3 characters"]);
  expect(wordsOf(z.email(), "abc")).toEqual(["Write an e-mail address"]);
  expect(wordsOf(z.url(), "abc")).toEqual(["Write a web address, such as https://www.example.com"]);
  expect(wordsOf(z.int().min(1).max(65_535), -5)).toEqual(["At least 1"]);
  expect(wordsOf(z.number(), "five")).toEqual(["Write a number"]);
  expect(wordsOf(z.array(z.string()).min(1), [])).toEqual(["Choose at least one"]);
  expect(wordsOf(z.enum(["day", "week"]), "month")).toEqual(["One of day, week"]);
  expect(wordsOf(z.strictObject({}), { extra: 1 })).toEqual(["Not known here: extra"]);
});

test("a schema's own words stand", () => {
  expect(wordsOf(z.string().min(1, "Give it a name"), "")).toEqual(["Give it a name"]);
});
