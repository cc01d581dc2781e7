import type { CrossOverView } from "#domains/outreach/contract/versions.ts";
import { leadNoun } from "#web/leads/words.ts";
import { countOf, type Noun } from "#web/ui/format.ts";

export const changeNoun: Noun = { one: "change", other: "changes" };

type Counts = CrossOverView["counts"];
export type Turn = keyof Counts;

/** How many would go over to the new version. */
export const movingOf = ({ inside, counts }: Pick<CrossOverView, "inside" | "counts">): number => inside - counts.stays;

const SENTENCES: readonly [Turn, (people: string) => string][] = [
  ["same", (people) => `${people}: the next touch stays as it is`],
  ["earlier", (people) => `${people}: the next touch comes earlier`],
  ["later", (people) => `${people}: the next touch comes later`],
  ["chosen", (people) => `${people}: the next touch keeps the time that a person chose`],
  ["finishes", (people) => `${people}: nothing is left to come, they are through`],
  ["stays", (people) => `${people}: they have had a changed step, or are getting one, and finish their version`],
];

/** What becomes of everybody inside, a sentence for each outcome that somebody has. */
export const outcomesOf = (counts: Counts): { turn: Turn; words: string }[] =>
  SENTENCES.flatMap(([turn, sentence]) =>
    counts[turn] > 0 ? [{ turn, words: sentence(countOf(counts[turn], leadNoun)) }] : [],
  );

/** Which version, for people: the draft has no number. */
export const versionName = (number: number | undefined): string =>
  number === undefined ? "the draft" : `version ${number}`;
