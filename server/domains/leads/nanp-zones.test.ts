import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, test } from "vitest";
import { areaCodeZone } from "./nanp-zones.ts";

/** Every code of the plan that the library's full numbering data calls a landline or mobile of some place. */
function assignedAreaCodes(): string[] {
  const places = new Set(["FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE"]);
  return Array.from({ length: 800 }, (_, index) => String(index + 200)).filter((code) =>
    ["2345678", "5550123"].some((rest) => {
      const number = parsePhoneNumberFromString(`+1${code}${rest}`);
      return number?.isValid() === true && places.has(number.getType() ?? "");
    }),
  );
}

describe("the zones of the North American area codes", () => {
  test("every area code that the numbering data assigns to a place has a zone", () => {
    const assigned = assignedAreaCodes();
    expect(assigned.length).toBeGreaterThan(400);
    expect(assigned.filter((code) => areaCodeZone(code) === undefined)).toEqual([]);
  });

  test.each([
    ["212", "America/New_York"],
    ["305", "America/New_York"],
    ["773", "America/Chicago"],
    ["512", "America/Chicago"],
    ["602", "America/Phoenix"],
    ["915", "America/Denver"],
    ["208", "America/Denver"],
    ["415", "America/Los_Angeles"],
    ["702", "America/Los_Angeles"],
    ["907", "America/Anchorage"],
    ["808", "Pacific/Honolulu"],
    ["416", "America/Toronto"],
    ["306", "America/Regina"],
    ["709", "America/St_Johns"],
    ["876", "America/Jamaica"],
    ["850", "America/Chicago"],
  ])("area code %s keeps the clock of %s", (code, zone) => {
    expect(areaCodeZone(code)).toBe(zone);
  });

  test("toll-free, premium and personal codes belong to no place and have no zone", () => {
    expect(["800", "833", "888", "900", "500", "521", "600"].map(areaCodeZone)).toEqual(Array(7).fill(undefined));
  });

  test("every zone named in the table is one that the runtime knows", () => {
    const zones = new Set(assignedAreaCodes().map(areaCodeZone));
    for (const zone of zones) expect(() => new Intl.DateTimeFormat("en", { timeZone: zone })).not.toThrow();
  });
});
