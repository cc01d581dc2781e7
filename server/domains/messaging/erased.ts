import { type SendOutcome, rejected } from "#providers/outcome.ts";
import type { CallFact, StatusFact } from "#providers/webhook.ts";

/**
 * Its person was erased while a vendor had the message: that is the only way in which an outbound message loses its address. What becomes of it
 * is still counted, but nothing is written that a vendor says in words, nothing is tried again, and no address is closed by it: all of theirs are.
 */
export const isErased = ({ to }: { to: string }) => to === "";

const ERASED = "the person was erased";

export function withoutWordsOf(outcome: SendOutcome): SendOutcome {
  if (outcome.kind === "accepted") return outcome;
  return outcome.kind === "unknown" ? { kind: "unknown", detail: ERASED } : rejected("other", ERASED);
}

export function withoutWords<Fact extends StatusFact | CallFact>(fact: Fact): Fact {
  return fact.kind === "call"
    ? { ...fact, transcript: null, summary: null, recordingUrl: null }
    : { ...fact, detail: null, url: undefined, userAgent: undefined, hard: false };
}
