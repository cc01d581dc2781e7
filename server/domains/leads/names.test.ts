import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isNoName, splitName, tidyName } from "./names.ts";

describe("splitting a full name", () => {
  test.each([
    ["Ana Banerjee", "Ana", "Banerjee"],
    ["  Ana   Banerjee ", "Ana", "Banerjee"],
    ["Banerjee, Ana", "Ana", "Banerjee"],
    ["Jo de la Cruz", "Jo", "de la Cruz"],
    ["de la Cruz, Jo", "Jo", "de la Cruz"],
    ["Olu van der Berg", "Olu", "van der Berg"],
    ["Berg, Anna van der", "Anna", "van der Berg"],
    ["Mary-Anne Xu", "Mary-Anne", "Xu"],
    ["María-José García-López", "María-José", "García-López"],
    ["Nkechi Ó'Súilleabháin", "Nkechi", "Ó'Súilleabháin"],
    ["O'Brien-Kate Jørgensen", "O'Brien-Kate", "Jørgensen"],
    ["Anna Maria Schmidt", "Anna Maria", "Schmidt"],
    ["Ludwig von Beispiel", "Ludwig", "von Beispiel"],
    ["Leonor da Silva e Costa", "Leonor", "da Silva e Costa"],
    ["Dr. Ümit Ångström", "Ümit", "Ångström"],
    ["Prof. Dr. Ümit Ångström", "Ümit", "Ångström"],
    ["Sam Quispe, PhD", "Sam", "Quispe"],
    ["Quispe, Sam, Jr.", "Sam", "Quispe"],
    ["Sam Quispe Jr.", "Sam", "Quispe"],
    ["Sam Md", "Sam", "Md"],
    ["Don Whitfield", "Don", "Whitfield"],
    ["Yo Yo Ma", "Yo Yo", "Ma"],
    ["Zainab", "Zainab", ""],
    ["DAE-JUNG JONES", "DAE-JUNG", "JONES"],
    ["李 小龙", "李", "小龙"],
    ["", "", ""],
    [",", "", ""],
  ])("%j is %j and %j", (full, firstName, lastName) => {
    expect(splitName(full)).toEqual({ firstName, lastName });
  });

  test("no word of a plain name is lost, doubled or changed by the split", () => {
    const word = fc.stringMatching(/^[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{3,9}$/u);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const { firstName, lastName } = splitName(words.join(" "));
        const kept = `${firstName} ${lastName}`.trim().split(" ");
        expect(words.map((each) => each.normalize("NFC")).slice(-kept.length)).toEqual(kept);
      }),
    );
  });

  test("the parts are tidy and splitting never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { firstName, lastName } = splitName(text);
        expect(tidyName(firstName)).toBe(firstName);
        expect(tidyName(lastName)).toBe(lastName);
      }),
    );
  });
});

describe("cells that say there is no name", () => {
  test("placeholders are told from people who are called so", () => {
    expect(["n/a", "#N/A", "-", "—", "??", "(null)"].map(isNoName)).toEqual(Array(6).fill(true));
    expect(["Null", "None", "Na", "?ahin", "X"].map(isNoName)).toEqual(Array(5).fill(false));
  });
});
