import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, nameKeyOf, nameWordsOf, searchPatterns, searchTextOf, slipsOf, typoWords } from "./search-text.ts";

const nobody = { firstName: "", lastName: "", fullName: null, company: null, notes: null, addresses: [], tags: [] };

/** LIKE, for patterns that begin and end with %. */
const like = (text: string, pattern: string) => text.includes(pattern.slice(1, -1).replace(/\\([\\%_])/g, "$1"));
const finds = (query: string, text: string) =>
  searchPatterns(query).every((group) => group.some((pattern) => like(text, pattern)));

describe("what is searched", () => {
  test("is in lower case, without marks, with the digits of phones", () => {
    const text = searchTextOf({
      ...nobody,
      firstName: "Søren",
      lastName: "Ångström-Peña",
      company: "Müller & Söhne",
      addresses: [
        { kind: "EMAIL", value: "s.a@example.com" },
        { kind: "PHONE", value: "+442079460234" },
        { kind: "LINKEDIN", value: "https://www.linkedin.com/in/soren" },
      ],
      tags: ["Très chaud"],
    });
    expect(text).toBe(" soren angstrom-pena s.a@example.com 442079460234 in/soren muller & sohne tres chaud");
  });

  test("folds any text to one that folds to itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("sorts people by family name, and the nameless by what is known of them", () => {
    expect(nameKeyOf({ ...nobody, firstName: "Jo", lastName: "de la Cruz" })).toBe("de la cruz jo");
    expect(
      nameKeyOf({
        ...nobody,
        addresses: [
          { kind: "PHONE", value: "+1212" },
          { kind: "EMAIL", value: "a@b.example" },
        ],
      }),
    ).toBe("a@b.example");
    expect(nameKeyOf({ ...nobody, lastName: "x".repeat(5_000) }).length).toBeLessThan(300);
  });

  test("knows the words of a name", () => {
    expect(
      nameWordsOf({ firstName: "Jo", lastName: "de la Cruz-Ibáñez", fullName: "Dr. Jo de la Cruz-Ibáñez" }),
    ).toEqual(["cruz", "ibanez"]);
  });
});

describe("a search", () => {
  const text = searchTextOf({
    ...nobody,
    firstName: "Ana",
    lastName: "Banerjee",
    company: "100% Fit_ness \\o/",
    addresses: [
      { kind: "EMAIL", value: "ana.b@example.com" },
      { kind: "PHONE", value: "+442079460234" },
    ],
  });

  test.each([
    "ana",
    "BANERJEE ana",
    "nerj",
    "b@exam",
    "020 7946 0234",
    "(0)20 7946-02",
    "946023",
    "+44 20",
    "an",
    "100%",
    "fit_ness",
    "\\o/",
    "example.com",
    "",
  ])("for %j finds her", (query) => expect(finds(query, text)).toBe(true));

  test.each(["anna", "ana silva", "100_", "fitXness", "999", "na", "1%0"])("for %j does not", (query) =>
    expect(finds(query, text)).toBe(false),
  );

  test("finds every part of three letters or more of every word of a lead", () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "b", "c", "d", "é", "ñ", "%", "_", "\\", ".", "@", "-"),
      minLength: 3,
      maxLength: 20,
    });
    fc.assert(
      fc.property(word, word, fc.nat(), fc.nat(), (firstName, company, from, length) => {
        const searched = searchTextOf({ ...nobody, firstName, company });
        const folded = fold(company);
        const start = from % Math.max(1, folded.length - 2);
        const part = folded.slice(start, start + 3 + (length % folded.length));
        expect(finds(part, searched)).toBe(true);
      }),
    );
  });

  test("of digits alone is never taken for a mistyped name", () => {
    expect(typoWords("212 555 0142")).toEqual([]);
    expect(typoWords("okafro 555")).toEqual([{ group: 0, word: "okafro" }]);
    expect(typoWords("jo okafro")).toEqual([{ group: 1, word: "okafro" }]);
  });
});

test.each([
  ["okafor", "okafro", 1],
  ["banerjee", "banerje", 1],
  ["banerjee", "bannerjeee", 2],
  ["silva", "selvo", undefined],
  ["jones", "jonas", 1],
  ["leo", "lea", undefined],
  ["castellanos", "castelanoz", 2],
  ["castellanos", "kastelanoz", undefined],
])("%s is %s but for %s slips", (candidate, word, slips) => expect(slipsOf(candidate, word)).toBe(slips));
