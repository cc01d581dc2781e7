import { zoneName } from "#web/ui/format.ts";
import type { Option } from "#web/ui/select.tsx";

/** Every IANA zone that this browser knows, and the chosen one where it is of another spelling. */
export function zoneOptions(chosen?: string): Option[] {
  const zones = new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...(chosen ? [chosen] : [])]);
  return [...zones].toSorted().map((zone) => ({ value: zone, label: zoneName(zone) }));
}

// CLDR names these regions too, and none of them is a country.
const NO_COUNTRIES = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);
const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index));

/** Every country by its English name; the value is its ISO 3166-1 alpha-2 code. */
export function countryOptions(): Option[] {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const countries = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((value): Option[] => {
    const label = NO_COUNTRIES.has(value) ? undefined : names.of(value);
    // A code that was withdrawn stands for another one: DD became DE.
    const isCurrent = new Intl.Locale(`und-${value}`).region === value;
    return label && isCurrent ? [{ value, label }] : [];
  });
  return countries.toSorted((a, b) => a.label.localeCompare(b.label, "en"));
}
