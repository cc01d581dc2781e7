import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DELIMITERS, detectDelimiter } from "./delimiter.ts";

describe("telling the delimiter", () => {
  test.each([
    ["commas", "a,b,c\n1,2,3\n", ","],
    ["semicolons with decimal commas", "a;b;c\n1,5;2,5;3\n1,5;2,5;3\n", ";"],
    ["tabs with commas in the text", "a\tb\nx, y\tz, w, v\n", "\t"],
    ["pipes", "a|b|c\n1|2|3\n", "|"],
    ["a header alone", "Vorname;Nachname;E-Mail", ";"],
    ["other delimiters within quotation marks", 'a,b\n"1;2;3","4;5;6"\n"7;8;9","0;1;2"\n', ","],
    ["line breaks within quotation marks", 'a;b\n"1\n2\n3";4\n', ";"],
    ["doubled quotation marks", 'a;b\n"say ""x,y""";"z,w"\n', ";"],
    ["a header with commas, split at semicolons", "Name, first;Name, last;Mail\nAna;Banerjee;x\nJo;Xu;y\n", ";"],
    ["a quotation mark amid a cell", 'a;b\n5" pipe, long;x\n6" pipe, long, thin;y\n', ";"],
    ["CR alone at the line ends", "a;b\r1;2\r", ";"],
  ])("with %s", (_, text, delimiter) => {
    expect(detectDelimiter(text, true)).toBe(delimiter);
  });

  test("one column has no delimiter, for which a comma stands", () => {
    expect(detectDelimiter("email\nana@example.com\njo@example.com\n", true)).toBe(",");
    expect(detectDelimiter("", true)).toBe(",");
  });

  test("a record cut off at the end of the head does not count", () => {
    expect(detectDelimiter("a;b,c\n1;2,5\n3;4,5,6,7", false)).toBe(detectDelimiter("a;b,c\n1;2,5\n", true));
  });

  test("whichever delimiter a table is written with is found, whatever stands in its cells", () => {
    const cell = fc.string({ unit: fc.constantFrom(...Array.from('ab1 ,;|\t."\n€')), maxLength: 8 });
    const table = fc.integer({ min: 2, max: 6 }).chain((width) =>
      fc.record({
        header: fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: width, maxLength: width }),
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
      }),
    );
    fc.assert(
      fc.property(table, fc.constantFrom(...DELIMITERS), ({ header, rows }, delimiter) => {
        const quoted = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`));
        const text = [header, ...quoted].map((row) => row.join(delimiter)).join("\r\n");
        expect(detectDelimiter(text, true)).toBe(delimiter);
      }),
      { numRuns: 300 },
    );
  });
});
