import { SUPPRESSION_REASONS } from "#domains/leads/sets.ts";
import type { ExecutionStatus, EnrollmentStatus } from "#domains/outreach/states.ts";
import { reasonWords, statusLook } from "#web/leads/words.ts";
import { checkWords } from "#web/messaging/words.ts";
import type { Tone } from "#web/ui/badge.tsx";
import { clockTime, dayLabel } from "#web/ui/format.ts";

export const enrollmentLook: Record<EnrollmentStatus, { label: string; tone: Tone }> = {
  ACTIVE: { label: "Under way", tone: "info" },
  PAUSED: { label: "Paused", tone: "warning" },
  COMPLETED: { label: "Completed", tone: "neutral" },
  CANCELLED: { label: "Stopped", tone: "danger" },
  CONVERTED: { label: "Converted", tone: "positive" },
};

const ENDINGS: readonly (readonly [start: string, words: string])[] = [
  ["replied", "the lead replied"],
  ["a colleague replied", "somebody of the same organisation replied"],
  ["opted out", "the lead opted out"],
  ["cancelled by a person", "taken out by hand"],
  ["may no longer be contacted", "the lead may no longer be contacted"],
  ["a touch failed", "a touch failed"],
  ["a condition was not met", "a step asked for what is not so"],
  ["converted", "the lead became a customer"],
  ["sequence archived", "the sequence was archived"],
];

/** Why an enrollment ended, from what the server keeps of it: `replied` → `the lead replied`, with what came after the colon. */
export function endInWords(endReason: string): string {
  const colon = endReason.indexOf(": ");
  const start = colon < 0 ? endReason : endReason.slice(0, colon);
  const words = ENDINGS.find(([known]) => known === start)?.[1];
  if (words === undefined) return endReason;
  return colon < 0 ? words : `${words}: ${plainDetail(endReason.slice(colon + 2))}`;
}

/** The server's detail with the names of programs in words: `STOP_REPLY` → `replied STOP`, `the lead is LOST` → `the lead is Lost`. */
export function plainDetail(detail: string): string {
  const reason = SUPPRESSION_REASONS.find((known) => known === detail);
  if (reason) {
    const { label } = reasonWords[reason];
    return label.charAt(0).toLowerCase() + label.slice(1);
  }
  // As verdicts of earlier versions have it.
  let plain = detail.replace(/^touches: /, "already written to as often as the limits allow: ");
  for (const [code, { label }] of Object.entries(reasonWords)) {
    plain = plain.replace(`(${code})`, `(${label.charAt(0).toLowerCase()}${label.slice(1)})`);
  }
  for (const [status, { label }] of Object.entries(statusLook)) {
    plain = plain.replace(new RegExp(`\\b${status}\\b`), label);
  }
  return plain;
}

const isKnownCheck = (name: string): name is keyof typeof checkWords => Object.hasOwn(checkWords, name);

const recordIn = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null ? { ...value } : undefined;

const textIn = (record: Record<string, unknown>, key: string): string => {
  const value = record[key];
  return typeof value === "string" ? value : "";
};

/** Which question of the gate decided, and what it said; undefined where the gate let it pass or was not asked. */
export function decisionOf(verdict: unknown): { question: string; reason: string } | undefined {
  // By hand and not by a schema: these words come with the page of a lead, which has no room for a validator.
  const result = recordIn(recordIn(verdict)?.["result"]);
  const kind = result && textIn(result, "kind");
  if (!result || !kind || kind === "send") return undefined;
  const check = textIn(result, "check");
  return { question: isKnownCheck(check) ? checkWords[check] : check, reason: plainDetail(textIn(result, "reason")) };
}

export type ExplainedStep = {
  status: ExecutionStatus | null;
  result: Record<string, unknown>;
  verdict: unknown;
  message: { status: string; failure: string | null } | null;
};

/** What became of a step: one word with its tone, and the rule behind it as a sentence where there is one. */
export function stepInWords(step: ExplainedStep): { label: string; tone: Tone; rule: string | undefined } {
  const { status, result, verdict, message } = step;
  const reason = plainDetail(textIn(result, "reason"));
  const told = (label: string, tone: Tone, rule?: string) => ({ label, tone, rule: rule || undefined });
  switch (status) {
    case null:
      return told("Not reached yet", "neutral");
    case "PENDING":
      return told("Held", "neutral");
    case "SCHEDULED":
      if (message?.status === "unknown") return told("Outcome not known", "warning", textIn(result, "unknown"));
      if (message?.status === "sending") return told("Being handed over", "info");
      return told("Planned", "neutral", textIn(result, "waits") || decisionOf(verdict)?.reason);
    case "SENT":
      return told("Sent", "info");
    case "DELIVERED":
      return told("Delivered", "positive");
    case "FAILED":
      return told(result.bounced === true ? "Bounced" : "Failed", "danger", reason || (message?.failure ?? undefined));
    case "SKIPPED": {
      const decision = decisionOf(verdict);
      if (decision) return told("Withheld", "warning", decision.reason || reason);
      return told("Skipped", "neutral", endInWords(textIn(result, "reason")));
    }
  }
}

/** An instant to the minute on the lead's own clock: `Monday 23 November, 08:00 (America/Chicago)`. */
export function whenInZone(at: string, now: Date, zone: string): string {
  const instant = new Date(at);
  return `${dayLabel(instant, now, zone)}, ${clockTime(instant, zone)} (${zone})`;
}
