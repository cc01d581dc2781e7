import { fold } from "../search-text.ts";
import type { LeadSource } from "../sets.ts";
import type { ScoreRule, ScoreRules } from "./rules.ts";
import { type InterestKind, labelOf, type ScoreField, type ScoreLabel } from "./sets.ts";

/** What of a lead its score is made of. */
export type ScoredLead = Record<ScoreField, string | null> & {
  source: LeadSource;
  sourceLabel: string | null;
  tags: readonly string[];
};
export type Interest = { kind: InterestKind; key: string; at: Date };

/** Points and where they come from: the rule, and for an interest what was done and when. */
export type ScorePart = {
  rule: ScoreRule;
  points: number;
  /** Each deed with what it still counts; empty for a rule about who the lead is. */
  deeds: { key: string; at: Date; points: number }[];
};
export type Score = { score: number; label: ScoreLabel; parts: ScorePart[] };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What is left of an interest: half after each half-life. What lies ahead counts in full. */
export const remaining = (points: number, at: Date, now: Date, halfLifeDays: number): number =>
  points * 2 ** (-Math.max(0, now.getTime() - at.getTime()) / (halfLifeDays * DAY_MS));

/** From 0 to 100, whatever the points add up to. */
export const clampScore = (points: number): number => Math.min(100, Math.max(0, Math.round(points)));

function fits(rule: Exclude<ScoreRule, { kind: "interest" }>, lead: ScoredLead): boolean {
  if (rule.kind === "source")
    return lead.source === rule.source && (rule.label === "" || fold(lead.sourceLabel ?? "") === fold(rule.label));
  if (rule.kind === "tag") return lead.tags.some((tag) => fold(tag) === fold(rule.tag));
  const value = fold(lead[rule.field] ?? "");
  if (rule.test === "isSet") return value !== "";
  return rule.test === "is" ? value === fold(rule.value) : value.includes(fold(rule.value));
}

/** The points that a lead has at an instant, by rule; rules that give none are left out. Pure. */
export function workOutScore(lead: ScoredLead, interests: readonly Interest[], rules: ScoreRules, now: Date): Score {
  return scoreOf(fitting(lead, rules), interests, rules.halfLifeDays, now);
}

/** The rules that may give this lead points, at whatever instant: what it is does not change with time. */
const fitting = (lead: ScoredLead, { rules }: ScoreRules): ScoreRule[] =>
  rules.filter((rule) => rule.kind === "interest" || fits(rule, lead));

function scoreOf(rules: readonly ScoreRule[], interests: readonly Interest[], halfLifeDays: number, now: Date): Score {
  const parts = rules.flatMap((rule): ScorePart[] => {
    if (rule.kind !== "interest") return [{ rule, points: rule.points, deeds: [] }];
    const deeds = interests
      .filter(({ kind }) => kind === rule.interest)
      .map(({ key, at }) => ({ key, at, points: remaining(rule.points, at, now, halfLifeDays) }));
    const sum = deeds.reduce((total, { points }) => total + points, 0);
    return sum > 0 ? [{ rule, points: Math.min(rule.atMost, sum), deeds }] : [];
  });
  const score = clampScore(parts.reduce((total, { points }) => total + points, 0));
  return { score, label: labelOf(score), parts };
}

/** Nobody is worked out more often: a score may be so long behind by one point. */
export const AT_MOST_EVERY_MS = HOUR_MS;
/** After so many half-lives nothing of an interest is left that rounding would show: 100 points are 0.0001. */
const FORGOTTEN_AFTER = 20;

/**
 * When the score next changes if nothing else happens: it only falls, so the instant is found by halving. Null: what is left of the interests
 * changes it no more. Never sooner than an hour from now.
 *
 * Scores cannot be kept in a form that needs no touching. Sums of interests that all halve at one pace keep their order for ever, but what
 * a lead is adds to them without halving: of two leads the one that fits less may lead today and trail next week. So the score is kept as it
 * stands, with the instant until which it is right, and only those whose instant has come are worked out again.
 */
export function nextChangeAt(
  lead: ScoredLead,
  interests: readonly Interest[],
  rules: ScoreRules,
  now: Date,
): Date | null {
  // Found by some twenty tries: what does not change with time is asked once.
  const fit = fitting(lead, rules);
  const scoreAt = (at: number) => scoreOf(fit, interests, rules.halfLifeDays, new Date(at)).score;
  const current = scoreAt(now.getTime());
  let from = now.getTime();
  let to = from + FORGOTTEN_AFTER * rules.halfLifeDays * DAY_MS;
  if (scoreAt(to) === current) return null;
  while (to - from > 60_000) {
    const middle = Math.floor((from + to) / 2);
    if (scoreAt(middle) === current) from = middle;
    else to = middle;
  }
  return new Date(Math.max(to, now.getTime() + AT_MOST_EVERY_MS));
}

/** Where scores lie, in tens: the last holds 90 to 100. */
export function histogramOf(scores: readonly number[]): number[] {
  const bars = Array.from({ length: 10 }, () => 0);
  for (const score of scores) {
    const place = Math.min(9, Math.floor(score / 10));
    bars[place] = (bars[place] ?? 0) + 1;
  }
  return bars;
}
