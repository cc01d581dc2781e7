import fc from "fast-check";
import { expect, test } from "vitest";
import { findUnstorable, jsonDepth } from "./json.ts";

const depthOf = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
};

test("the depth of JSON text is that of the value, whatever its strings hold", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonDepth(JSON.stringify(value))).toBe(depthOf(value));
    }),
  );
  expect(jsonDepth(String.raw`{"a": "[[[\"{{{"}`)).toBe(1);
});

test("text that PostgreSQL cannot store is found wherever it stands", () => {
  expect(findUnstorable({ a: ["x", { b: "y\0" }] })).toBe("/a/1/b");
  expect(findUnstorable({ "k\0": 1 })).toBe("");
  expect(findUnstorable(["\ud83d"])).toBe("/0");
  expect(findUnstorable({ a: "😀", b: null, c: 1 })).toBeNull();
});
