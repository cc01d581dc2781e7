import * as fc from "fast-check";
import { expect, test } from "vitest";
import { choice, list, listParams, parseSearch, searchOf, stringifySearch, withoutRow } from "./search.ts";

test("a search reads as a person would write it", () => {
  expect(stringifySearch({ q: "ana", status: ["NEW", "LOST"], sort: "-score" })).toBe(
    "?q=ana&status=NEW&status=LOST&sort=-score",
  );
  expect(parseSearch("?q=ana&status=NEW&status=LOST&sort=-score")).toEqual({
    q: "ana",
    status: ["NEW", "LOST"],
    sort: "-score",
  });
});

test("what is not set leaves no trace in the address", () => {
  expect(stringifySearch({ q: "", status: [], sort: undefined, row: null })).toBe("");
});

test("texts and lists of two or more survive the way into the address and back", () => {
  const text = fc.string({ minLength: 1 });
  const value = fc.oneof(text, fc.array(text, { minLength: 2 }));
  const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
  fc.assert(
    fc.property(fc.dictionary(key, value), (search) => {
      expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
    }),
  );
});

const read = searchOf({ ...listParams, status: list, tab: choice(["a", "b"]) });

test("one chosen value and several are both a list to the page", () => {
  expect(read({ status: "NEW" })).toEqual({ status: ["NEW"] });
  expect(read({ status: ["NEW", "LOST"] })).toEqual({ status: ["NEW", "LOST"] });
});

test("an old or broken link opens the page as if the unreadable part were not there", () => {
  expect(read({ q: ["two", "texts"], sort: "name", tab: "c", status: [], gone: "x" })).toEqual({ sort: "name" });
});

test("a page reads back what it has written, whatever was chosen", () => {
  const word = fc.string({ minLength: 1 });
  const wanted = fc.record(
    { q: word, status: fc.array(word, { minLength: 1 }), tab: fc.constantFrom("a", "b") },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(wanted, (search) => {
      expect(read(parseSearch(stringifySearch(search)))).toEqual(search);
    }),
  );
});

test("opening a row does not change which rows the list asks for", () => {
  expect(withoutRow({ q: "ana", row: "lead_1" })).toEqual({ q: "ana" });
});
