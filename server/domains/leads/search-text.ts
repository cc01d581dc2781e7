import type { IdentityKind } from "./address.ts";

/** Letters that have no decomposition in Unicode, as people type them who do not have them. */
const PLAIN: Record<string, string> = { ß: "ss", ø: "o", ł: "l", æ: "ae", œ: "oe", đ: "d", ð: "d", þ: "th", ı: "i" };

/** Lower case without marks, blanks joined: "Jørgensen  Peña" → "jorgensen pena". What is searched and sorted by is kept so. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[ßøłæœđðþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/\s+/gu, " ")
    .trim();
}

export type SearchFacts = {
  firstName: string;
  lastName: string;
  fullName: string | null;
  company: string | null;
  notes: string | null;
  addresses: readonly { kind: IdentityKind; value: string }[];
  tags: readonly string[];
};

const NOTES_LENGTH = 500;
const SEARCH_LENGTH = 4_000;
/** An index entry of PostgreSQL may have 2,704 bytes; a name of that length is no name. */
const NAME_LENGTH = 200;

const LINKEDIN_PREFIX = "https://www.linkedin.com/";

function searchable({ kind, value }: { kind: IdentityKind; value: string }): string {
  if (kind === "PHONE") return value.replace(/\D/g, "");
  return kind === "LINKEDIN" ? value.slice(LINKEDIN_PREFIX.length) : value;
}

/**
 * Everything that the search box looks at. It begins with a blank, so that `% an%` finds words by their beginning; phones are
 * digits alone, so that any part of them is found however it is typed.
 */
export function searchTextOf(facts: SearchFacts): string {
  const name = fold(`${facts.firstName} ${facts.lastName}`);
  const full = facts.fullName === null ? "" : fold(facts.fullName);
  const parts = [
    name,
    full === name ? "" : full,
    ...facts.addresses.map(searchable),
    fold(facts.company ?? ""),
    ...facts.tags.map(fold),
    fold((facts.notes ?? "").slice(0, NOTES_LENGTH)),
  ];
  return ` ${parts.filter((part) => part !== "").join(" ")}`.slice(0, SEARCH_LENGTH);
}

/** What a list sorted by name compares: the family name first; a lead without a name stands by its e-mail address or phone. */
export function nameKeyOf(facts: Pick<SearchFacts, "firstName" | "lastName" | "addresses">): string {
  const name = fold(`${facts.lastName} ${facts.firstName}`);
  const address = facts.addresses.find(({ kind }) => kind === "EMAIL") ?? facts.addresses[0];
  return (name === "" && address ? searchable(address) : name).slice(0, NAME_LENGTH);
}

/** The words of a name that a mistyped search is compared with. */
export function nameWordsOf(facts: Pick<SearchFacts, "firstName" | "lastName" | "fullName">): string[] {
  const words = fold(`${facts.firstName} ${facts.lastName} ${facts.fullName ?? ""}`).split(/[^\p{L}\p{N}]+/u);
  return [...new Set(words)].filter((word) => word.length >= 3 && word.length <= 40);
}

const MAX_WORDS = 8;
const escapeLike = (text: string) => text.replace(/[\\%_]/g, "\\$&");

/** A trigram index cannot look for fewer than three letters anywhere, but it can at the beginning of a word. */
const patternOf = (word: string) => (word.length < 3 ? `% ${escapeLike(word)}%` : `%${escapeLike(word)}%`);

/** Digits that only punctuation parts: a phone number, or a piece of one. */
function phoneDigits(text: string): string | undefined {
  if (!/^[\d\s()+\-./]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, "");
  if (digits.length < 3) return undefined;
  // E.164 knows neither the 0 that is dialled before a national number nor the 00 before an international one.
  return digits.length >= 7 ? digits.replace(/^0+/, "") : digits;
}

/**
 * What a search asks for, as LIKE patterns over `searchTextOf`: one pattern of each group must match. Empty when nothing was
 * asked for. The same text always gives the same patterns.
 */
export function searchPatterns(query: string): string[][] {
  const text = fold(query.replaceAll("\0", ""));
  const digits = phoneDigits(text);
  if (digits !== undefined) return [[patternOf(digits)]];
  return text
    .split(" ")
    .filter((word) => word !== "")
    .slice(0, MAX_WORDS)
    .map((word) => {
      const part = phoneDigits(word);
      return part === undefined || part === word ? [patternOf(word)] : [patternOf(word), patternOf(part)];
    });
}

/** The words of a search that may be mistyped names, by their place among the groups of `searchPatterns`. */
export function typoWords(query: string): { group: number; word: string }[] {
  if (phoneDigits(fold(query)) !== undefined) return [];
  return fold(query)
    .split(" ")
    .filter((word) => word !== "")
    .slice(0, MAX_WORDS)
    .map((word, group) => ({ group, word }))
    .filter(({ word }) => /^[\p{L}'-]{4,40}$/u.test(word));
}

/** How many slips of the finger a word of this length may have before it is another word. */
const allowedSlips = (length: number) => (length < 4 ? 0 : length < 6 ? 1 : 2);

/**
 * How many slips part `candidate` from `word`: a letter missing, too many, wrong, or two changed round. Undefined when there are
 * more than a finger makes: then it is another word.
 */
export function slipsOf(candidate: string, word: string): number | undefined {
  const allowed = allowedSlips(word.length);
  if (Math.abs(candidate.length - word.length) > allowed) return undefined;
  const found = slips(candidate, word);
  return found <= allowed ? found : undefined;
}

/** Optimal string alignment: Levenshtein's distance with neighbours changed round as one slip. */
function slips(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[other.length] ?? 0;
}

/** The pattern of a word of a name that stands for a mistyped one. */
export const correctedPattern = (word: string) => patternOf(word);
