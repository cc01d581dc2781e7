import { describe, expect, test } from "vitest";
import { countryOf } from "./countries.ts";

describe("the country that a name stands for", () => {
  test.each([
    ["US", "US"],
    ["us", "US"],
    ["USA", "US"],
    ["U.S.", "US"],
    ["U.S.A.", "US"],
    ["United States", "US"],
    ["United States of America", "US"],
    [" the Netherlands ", "NL"],
    ["UK", "GB"],
    ["England", "GB"],
    ["Great Britain", "GB"],
    ["United Kingdom", "GB"],
    ["GBR", "GB"],
    ["Germany", "DE"],
    ["Deutschland", "DE"],
    ["ALLEMAGNE", "DE"],
    ["Österreich", "AT"],
    ["Osterreich", "AT"],
    ["Suisse", "CH"],
    ["España", "ES"],
    ["Brasil", "BR"],
    ["México", "MX"],
    ["Türkiye", "TR"],
    ["Turkey", "TR"],
    ["Côte d'Ivoire", "CI"],
    ["Ivory Coast", "CI"],
    ["Saint Lucia", "LC"],
    ["St. Lucia", "LC"],
    ["Trinidad & Tobago", "TT"],
    ["Hong Kong", "HK"],
    ["Kosovo", "XK"],
    ["Canada", "CA"],
    ["CA", "CA"],
    ["Georgia", "GE"],
  ])("%s is %s", (name, code) => {
    expect(countryOf(name)).toBe(code);
  });

  test("words that are no country are not taken for one", () => {
    expect(["", "  ", "Florida", "NY", "n/a", "Europe", "ZZ", "Mehr Kunden"].map(countryOf)).toEqual(
      Array(8).fill(undefined),
    );
  });

  test("no alias is claimed by a name of another country: the English name of every code leads back to it", () => {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    for (const code of [
      "AE",
      "CD",
      "CG",
      "GN",
      "GQ",
      "GW",
      "KP",
      "KR",
      "NE",
      "NG",
      "DM",
      "DO",
      "SX",
      "MF",
      "VG",
      "VI",
    ]) {
      expect(countryOf(names.of(code) ?? "")).toBe(code);
    }
  });
});
