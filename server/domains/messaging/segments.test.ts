import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { countSegments } from "./segments.ts";

const count = (text: string) => {
  const { encoding, units, segments, perSegment, remaining } = countSegments(text);
  return [encoding, units, segments, perSegment, remaining];
};

describe("a text in the GSM alphabet", () => {
  test.each([
    [0, ["GSM-7", 0, 0, 160, 160]],
    [1, ["GSM-7", 1, 1, 160, 159]],
    [160, ["GSM-7", 160, 1, 160, 0]],
    [161, ["GSM-7", 161, 2, 153, 145]],
    [306, ["GSM-7", 306, 2, 153, 0]],
    [307, ["GSM-7", 307, 3, 153, 152]],
  ])("of %i characters", (length, expected) => {
    expect(count("a".repeat(length))).toEqual(expected);
  });

  test("pays two for each of ^ { } \\ [ ~ ] | € and form feed", () => {
    for (const character of "^{}\\[~]|€\f") expect(count(character)).toEqual(["GSM-7", 2, 1, 160, 158]);
    expect(count("€".repeat(80))).toEqual(["GSM-7", 160, 1, 160, 0]);
    expect(count("€".repeat(81))).toEqual(["GSM-7", 162, 2, 153, 143]);
  });

  test("never splits an extension character over two parts", () => {
    // 152 letters and a euro: the euro does not fit into the 153rd septet and opens the next part.
    expect(count(`${"a".repeat(152)}€${"a".repeat(150)}`)).toEqual(["GSM-7", 304, 2, 153, 1]);
    expect(count(`${"a".repeat(152)}€${"a".repeat(152)}`)).toEqual(["GSM-7", 306, 3, 153, 152]);
  });

  test("holds every character of the table and no other", () => {
    const accented = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r";
    expect(countSegments(accented)).toMatchObject({ encoding: "GSM-7", units: accented.length, offenders: [] });
    const basic = Array.from({ length: 0x500 }, (_, code) => String.fromCharCode(code)).filter((c) => {
      const { encoding, units } = countSegments(c);
      return encoding === "GSM-7" && units === 1;
    });
    // 128 places, one of which is the escape to the extension table.
    expect(basic).toHaveLength(127);
  });
});

describe("a text outside it", () => {
  test("counts as UCS-2 and names the characters that force it", () => {
    expect(countSegments("Hi 👋 there — “you”")).toMatchObject({
      encoding: "UCS-2",
      units: 19,
      segments: 1,
      remaining: 51,
      offenders: ["👋", "—", "“", "”"],
    });
  });

  test.each([
    [`${"a".repeat(160)}👋`, ["UCS-2", 162, 3, 67, 39]],
    ["я".repeat(70), ["UCS-2", 70, 1, 70, 0]],
    ["я".repeat(71), ["UCS-2", 71, 2, 67, 63]],
    ["👋".repeat(35), ["UCS-2", 70, 1, 70, 0]],
    ["👋".repeat(36), ["UCS-2", 72, 2, 67, 61]],
  ])("%#", (text, expected) => {
    expect(count(text)).toEqual(expected);
  });

  test("never splits a surrogate pair over two parts", () => {
    // 66 letters and a pair: the pair moves to the second part.
    expect(count(`${"я".repeat(66)}👋${"я".repeat(65)}`)).toEqual(["UCS-2", 133, 2, 67, 0]);
  });
});

test("parts always hold the text, and one part fewer never would", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "€", "я", "👋", "\n"), maxLength: 600 }), (text) => {
      const { units, segments, perSegment, remaining, encoding } = countSegments(text);
      const room = segments * perSegment;
      expect(units).toBeLessThanOrEqual(Math.max(room, 0));
      expect(remaining).toBeGreaterThanOrEqual(0);
      // At most one unit is lost at the end of each part but the last.
      expect(units).toBeGreaterThanOrEqual(room - remaining - Math.max(0, segments - 1));
      expect(encoding).toBe(/[я👋]/u.test(text) ? "UCS-2" : "GSM-7");
    }),
  );
});
