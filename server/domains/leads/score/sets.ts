/*
 * The closed sets of the score, without schemas: the address line of every page reads them.
 */

/** COLD below 40, WARM from 40, HOT from 70. */
export const SCORE_LABELS = ["COLD", "WARM", "HOT"] as const;
export type ScoreLabel = (typeof SCORE_LABELS)[number];
export const WARM_FROM = 40;
export const HOT_FROM = 70;

export const labelOf = (score: number): ScoreLabel =>
  score >= HOT_FROM ? "HOT" : score >= WARM_FROM ? "WARM" : "COLD";

/** What a person does that shows interest. */
export const INTEREST_KINDS = ["reply", "click", "booking"] as const;
export type InterestKind = (typeof INTEREST_KINDS)[number];

/** The fields of a lead that points may be given for. */
export const SCORE_FIELDS = [
  "email",
  "phone",
  "linkedin",
  "company",
  "jobTitle",
  "website",
  "region",
  "country",
  "notes",
] as const;
export type ScoreField = (typeof SCORE_FIELDS)[number];

export const SCORE_TESTS = ["isSet", "is", "contains"] as const;
export type ScoreTest = (typeof SCORE_TESTS)[number];
