import fc from "fast-check";
import { expect, test } from "vitest";
import { diffWords } from "./word-diff.ts";

const shown = (before: string, after: string) =>
  diffWords(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "added" ? `[+${text}]` : `[-${text}]`))
    .join("");

test("a change of a word is that word, and nothing beside it", () => {
  expect(shown("Hi {{ firstName }}, shall we talk?", "Hi {{ company }}, shall we talk?")).toBe(
    "Hi {{ [-firstName][+company] }}, shall we talk?",
  );
  expect(shown("One two three", "One three")).toBe("One [-two ]three");
  expect(shown("", "New")).toBe("[+New]");
  expect(shown("Same", "Same")).toBe("Same");
  expect(shown("", "")).toBe("");
});

const word = fc.constantFrom("a", "b", "c", " ", "\n", ",", "é", "日本", "😀");
const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(""));

test("whatever the two texts, what is the same and removed is the earlier, and what is the same and added the later", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const parts = diffWords(before, after);
      const without = (kind: string) =>
        parts
          .filter((part) => part.kind !== kind)
          .map((part) => part.text)
          .join("");
      expect(without("added")).toBe(before);
      expect(without("removed")).toBe(after);
    }),
  );
});

test("the edits are as few as they can be: as many words stay as the two have in common in their order", () => {
  const inCommon = (a: readonly string[], b: readonly string[]): number => {
    const row = Array.from({ length: b.length + 1 }, () => 0);
    for (const one of a) {
      let corner = 0;
      for (const [index, other] of b.entries()) {
        const above = row[index + 1] ?? 0;
        row[index + 1] = one === other ? corner + 1 : Math.max(above, row[index] ?? 0);
        corner = above;
      }
    }
    return row[b.length] ?? 0;
  };
  const marks = fc.array(fc.constantFrom("!", "?", ".", ",", ":"), { maxLength: 25 });
  fc.assert(
    fc.property(marks, marks, (before, after) => {
      const same = diffWords(before.join(""), after.join("")).filter(({ kind }) => kind === "same");
      expect(same.reduce((sum, { text: run }) => sum + run.length, 0)).toBe(inCommon(before, after));
    }),
  );
});

test("two long texts that have nothing in common are told as one removed and one added", () => {
  const before = Array.from({ length: 30_000 }, (_, index) => `a${index}`).join(" ");
  const after = Array.from({ length: 30_000 }, (_, index) => `b${index}`).join("-");
  expect(diffWords(before, after)).toEqual([
    { kind: "removed", text: before },
    { kind: "added", text: after },
  ]);
});
