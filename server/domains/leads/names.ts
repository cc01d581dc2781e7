/** A name as a lead keeps it: either part may be empty, and a full name that was given is kept whole beside its parts. */
export type NameParts = { firstName: string; lastName: string };

/** Words that open a family name written in several: "van der Berg", "de la Cruz". */
const PARTICLES = new Set(
  (
    "van von der den ter ten te 't zu zur zum vom de del della dello delle degli dei di da das do dos du des la le las los lo " +
    "y e af av bin ibn bint abu ap st st. saint san santa mac mc"
  ).split(" "),
);
/** Particles that stand in a name only after another particle: alone they are as likely a second given name's part. */
const SECOND_ONLY = new Set("y e la le las los lo".split(" "));

/** Forms of address that are nobody's given name ("Don" and "Rev" are somebody's, so they stay). */
const TITLES = new Set(
  (
    "mr mrs ms miss mx dr prof professor sir herr frau dipl-ing monsieur madame mme mlle sr sra srta dra señor señora " +
    "dott dottssa dhr mevr"
  ).split(" "),
);
const SUFFIXES = new Set("jr sr ii iii iv phd md mba esq dds cpa msc bsc".split(" "));

const bare = (word: string) => word.toLowerCase().replace(/\./g, "");
const isTitle = (word: string) => TITLES.has(bare(word));
const isSuffix = (word: string) => SUFFIXES.has(bare(word));
const isParticle = (word: string) => PARTICLES.has(word.toLowerCase());

/** Trims, joins runs of white space, composes marks (NFC): the letters, their case and their marks stay as given. */
export function tidyName(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** What stands in a name cell to say that there is none. "None" and "Null" are people's names and stay. */
export function isNoName(text: string): boolean {
  return /^(?:#?n\/a|\(null\)|\(none\)|[-–—_.?*]+)$/i.test(text.trim());
}

/**
 * Splits a full name. "Last, First" is turned round; particles belong to the family name ("Jo de la Cruz" → Jo | de la Cruz);
 * of several plain words the last is the family name; one word is the first name, since it is what a greeting needs.
 * Titles before ("Dr.") and degrees behind ("PhD") go to neither part. Case and marks are kept.
 */
export function splitName(full: string): NameParts {
  const [beforeComma = "", ...afterComma] = tidyName(full)
    .split(",")
    .map((part) => part.trim());
  const rest = afterComma.filter((part) => part !== "" && !part.split(" ").every(isSuffix));
  const given = rest[0];
  if (given !== undefined && beforeComma !== "") return turnedRound(beforeComma, given);
  return inOrder((beforeComma === "" ? (given ?? "") : beforeComma).split(" ").filter(Boolean));
}

/** "Berg, Anna van der" and "van der Berg, Anna" are one name: particles behind the given names open the family name. */
function turnedRound(family: string, given: string): NameParts {
  const words = withoutTitles(given.split(" "));
  let end = words.length;
  while (end > 1 && isParticle(words[end - 1] ?? "")) end--;
  const particles = words.slice(end);
  return { firstName: words.slice(0, end).join(" "), lastName: [...particles, family].join(" ") };
}

function inOrder(allWords: string[]): NameParts {
  const words = withoutSuffixes(withoutTitles(allWords));
  const last = words.length - 1;
  if (last < 1) return { firstName: words.join(" "), lastName: "" };
  let start = last;
  for (let index = 1; index < last; index++) {
    const word = words[index] ?? "";
    if (isParticle(word) && !SECOND_ONLY.has(word.toLowerCase())) {
      start = index;
      break;
    }
  }
  return { firstName: words.slice(0, start).join(" "), lastName: words.slice(start).join(" ") };
}

function withoutTitles(words: string[]): string[] {
  let start = 0;
  while (start < words.length - 1 && isTitle(words[start] ?? "")) start++;
  return words.slice(start);
}

function withoutSuffixes(words: string[]): string[] {
  let end = words.length;
  // "Sam Md" is somebody's whole name, so two words always stay.
  while (end > 2 && isSuffix(words[end - 1] ?? "")) end--;
  return words.slice(0, end);
}
