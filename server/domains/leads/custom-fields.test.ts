import fc from "fast-check";
import { expect, test } from "vitest";
import { conditionText, type CustomField, customText, readCondition, readCustomValue } from "./custom-fields.ts";
import { FIELD_TYPES, type FieldType } from "./sets.ts";

const field = (type: FieldType, options: string[] = []): CustomField => ({
  id: "cfld_1",
  key: "one",
  label: "One",
  type,
  options,
  position: 0,
  archivedAt: null,
});
const OPTIONS = ["Gold", "Silver", "Early bird"];
const read = (type: FieldType, raw: unknown) =>
  readCustomValue(field(type, type.includes("select") ? OPTIONS : []), raw);

test.each([
  ["number", "1,234.50", 1234.5],
  ["number", "1.234,50", 1234.5],
  ["number", "12,5", 12.5],
  ["number", " -7 ", -7],
  ["number", 3, 3],
  ["boolean", "Ja", true],
  ["boolean", "no", false],
  ["boolean", false, false],
  ["date", "2026-03-02", "2026-03-02"],
  ["date", "31.12.2026", "2026-12-31"],
  ["url", "example.com/pricing", "https://example.com/pricing"],
  ["select", "gold", "Gold"],
  ["multi_select", "silver; GOLD", ["Gold", "Silver"]],
  ["multi_select", ["Early bird"], ["Early bird"]],
  ["text", "  as it is  ", "as it is"],
  ["text", "", null],
  ["number", null, null],
] as const)("a %s is read from %j as %j", (type, raw, value) => {
  expect(read(type, raw)).toEqual({ ok: true, value });
});

test.each([
  ["number", "twelve"],
  ["number", Number.NaN],
  ["boolean", "perhaps"],
  ["date", "2026-02-30"],
  ["date", "3/4/2026"],
  ["url", "not an address"],
  ["select", "Bronze"],
  ["multi_select", "Gold; Bronze"],
  ["text", "x".repeat(2_001)],
] as const)("a %s does not take %j, and says why", (type, raw) => {
  expect(read(type, raw)).toMatchObject({ ok: false, reason: expect.stringMatching(/\.$/) });
});

test("a value that a field holds is read again from its own text as the same value", () => {
  const raw = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.string(),
    fc.webUrl(),
    fc.constantFrom(...OPTIONS),
    fc.subarray(OPTIONS),
    fc
      .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...FIELD_TYPES), raw, (type, given) => {
      const once = read(type, given);
      if (!once.ok || once.value === null) return;
      expect(read(type, customText(once.value))).toEqual(once);
    }),
    { numRuns: 300 },
  );
});

test("a condition of a filter is read as it is written, and what cannot be asked is no condition", () => {
  for (const text of ["plan:is:gold", "link:has:a:b", "renews_on:before:2026-03-02", "seats:above:5", "plan:unset"])
    expect(conditionText(readCondition(text) ?? { key: "", operator: "is", value: "" })).toBe(text);
  for (const text of [
    "plan",
    "plan:is",
    "plan:set:x",
    "Plan:is:x",
    "on:before:soon",
    "seats:above:many",
    "plan:like:x",
  ])
    expect(readCondition(text)).toBeUndefined();
});
