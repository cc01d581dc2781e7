import type { ScoreRule } from "#domains/leads/contract.ts";
import type { InterestKind, ScoreLabel, ScoreTest } from "#domains/leads/score/sets.ts";
import { fieldName, sourceWords } from "#web/leads/words.ts";
import type { Tone } from "#web/ui/badge.tsx";
import type { Noun } from "#web/ui/format.ts";

export const scoreLook: Record<ScoreLabel, { label: string; tone: Tone }> = {
  COLD: { label: "Cold", tone: "neutral" },
  WARM: { label: "Warm", tone: "warning" },
  HOT: { label: "Hot", tone: "danger" },
};

export const interestWords: Record<InterestKind, Noun> = {
  reply: { one: "reply", other: "replies" },
  click: { one: "link followed", other: "links followed" },
  booking: { one: "booking", other: "bookings" },
};

export const testWords: Record<ScoreTest, string> = { isSet: "is known", is: "is", contains: "contains" };

/** A rule as a person would say it. */
export function scoreRuleWords(rule: ScoreRule): string {
  switch (rule.kind) {
    case "field":
      return `${fieldName(rule.field)} ${testWords[rule.test]}${rule.test === "isSet" ? "" : ` “${rule.value}”`}`;
    case "tag":
      return `Tag “${rule.tag}”`;
    case "source":
      return `From ${sourceWords[rule.source]}${rule.label ? `, ${rule.label}` : ""}`;
    case "interest":
      return { reply: "Replied", click: "Followed a link", booking: "Booked a call" }[rule.interest];
  }
}
