import { countryOf } from "#domains/leads/countries.ts";
import type { Option } from "#web/ui/select.tsx";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
const names = new Intl.DisplayNames("en", { type: "region" });
let options: readonly Option[] | undefined;

/** The English name of a country's code. */
export const countryName = (code: string) => (countryOf(code) === code ? (names.of(code) ?? code) : code);

/** Every country the server knows, by name. */
export function countryOptions(): readonly Option[] {
  options ??= LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => countryOf(code) === code)
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, "en"));
  return options;
}
