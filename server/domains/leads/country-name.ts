/** "in the United States", "in the Netherlands": places whose English names are never without it. */
const TAKES_ARTICLE = new Set([
  "AE",
  "BS",
  "CF",
  "DO",
  "FO",
  "GB",
  "GM",
  "IM",
  "KM",
  "KY",
  "MH",
  "MV",
  "NL",
  "PH",
  "SB",
  "SC",
  "TC",
  "US",
  "VG",
  "VI",
]);

const english = new Intl.DisplayNames("en", { type: "region" });

/** How people call the place of an alpha-2 code within a sentence: "Germany", "the United States". */
export function countryName(code: string): string {
  const name = english.of(code) ?? code;
  return TAKES_ARTICLE.has(code) ? `the ${name}` : name;
}
