import type { ScoreRule } from "#domains/leads/contract.ts";

/** A rule while it is edited: its numbers are what was typed, which need not be numbers yet. `id` keeps the row's fields its own. */
export type RuleRow = { id: number; rule: ScoreRule; points: string; atMost: string };

/** What is wrong with a row, and at which of its fields. */
export type RuleFault = { at: "words" | "atMost" | "points"; detail: string };

export const rowOf = (rule: ScoreRule, id: number): RuleRow => ({
  id,
  rule,
  points: String(rule.points),
  atMost: rule.kind === "interest" ? String(rule.atMost) : "",
});

/** The rule with the numbers that were typed; asked only where `ruleFault` finds nothing. */
export const ruleOf = ({ rule, points, atMost }: RuleRow): ScoreRule =>
  rule.kind === "interest"
    ? { ...rule, points: Number(points), atMost: Number(atMost) }
    : { ...rule, points: Number(points) };

export function ruleFault({ rule, points, atMost }: RuleRow): RuleFault | undefined {
  if (rule.kind === "tag" && rule.tag.trim() === "") return { at: "words", detail: "Name the tag" };
  if (rule.kind === "field" && rule.test !== "isSet" && rule.value.trim() === "") {
    return { at: "words", detail: "Write what it is compared with" };
  }
  const isInterest = rule.kind === "interest";
  if (isInterest && !isWhole(atMost, 0, 100)) return { at: "atMost", detail: "At most: a whole number from 0 to 100" };
  if (isWhole(points, isInterest ? 0 : -100, 100)) return undefined;
  return { at: "points", detail: `Points: a whole number from ${isInterest ? "0" : "-100"} to 100` };
}

/** What is wrong with the half-life, in days. */
export const halfLifeFault = (text: string): string | undefined =>
  isWhole(text, 1, 365) ? undefined : "Write a whole number from 1 to 365";

function isWhole(text: string, least: number, most: number): boolean {
  return /^-?\d{1,3}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}
