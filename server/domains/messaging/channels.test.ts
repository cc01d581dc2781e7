import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  ATTEMPT_OUTCOMES,
  ATTEMPT_STATUSES,
  type AttemptFact,
  MESSAGE_FACTS,
  MESSAGE_STATUSES,
  type MessageFact,
  nextAttemptStatus,
  nextMessageStatus,
} from "./channels.ts";

const after = (...facts: MessageFact[]) => facts.reduce(nextMessageStatus, "queued" as const);

describe("the status of a message", () => {
  test("follows the facts as they come", () => {
    expect(after("handed_over")).toBe("sending");
    expect(after("handed_over", "accepted")).toBe("sent");
    expect(after("handed_over", "accepted", "delivered")).toBe("delivered");
    expect(after("handed_over", "accepted", "failed")).toBe("failed");
  });

  test("stays delivered when 'sent' comes late, and through 46 repeats", () => {
    const facts: MessageFact[] = ["delivered", "accepted", ...Array<MessageFact>(46).fill("delivered"), "handed_over"];
    expect(after(...facts)).toBe("delivered");
  });

  test("is unknown after a time-out until a callback settles it, and not unknown again", () => {
    expect(after("handed_over", "timed_out")).toBe("unknown");
    expect(after("handed_over", "timed_out", "delivered")).toBe("delivered");
    expect(after("handed_over", "timed_out", "bounced")).toBe("failed");
    expect(after("handed_over", "accepted", "timed_out")).toBe("sent");
  });

  test("is failed after a late bounce of a delivered e-mail, whichever of the two is told first", () => {
    expect(after("accepted", "delivered", "bounced")).toBe("failed");
    expect(after("accepted", "bounced", "delivered")).toBe("failed");
  });

  test("of a cancelled or an inbound message is moved by nobody", () => {
    for (const fact of MESSAGE_FACTS) {
      expect(nextMessageStatus("cancelled", fact)).toBe("cancelled");
      expect(nextMessageStatus("received", fact)).toBe("received");
    }
  });

  test("is the same for every order and number of the same facts", () => {
    const facts = fc.uniqueArray(fc.constantFrom(...MESSAGE_FACTS), { minLength: 1 });
    const start = fc.constantFrom(...MESSAGE_STATUSES);
    const shuffled = facts.chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray([...set, ...set], { minLength: set.length })),
    );
    fc.assert(
      fc.property(start, shuffled, (from, [set, order]) => {
        const complete = [...order, ...set];
        expect(complete.reduce(nextMessageStatus, from)).toBe(set.reduce(nextMessageStatus, from));
      }),
    );
  });
});

const anyAttemptFact: fc.Arbitrary<AttemptFact> = fc.oneof(
  fc.constantFrom<AttemptFact>({ kind: "handed_over" }, { kind: "timed_out" }, { kind: "bounced" }),
  fc.record({
    kind: fc.constantFrom("outcome" as const, "call_report" as const),
    status: fc.constantFrom(...ATTEMPT_OUTCOMES),
  }),
);

describe("the status of an attempt", () => {
  test("goes from PENDING over IN_PROGRESS to an outcome", () => {
    expect(nextAttemptStatus("PENDING", { kind: "handed_over" })).toBe("IN_PROGRESS");
    expect(nextAttemptStatus("IN_PROGRESS", { kind: "outcome", status: "SUCCESS" })).toBe("SUCCESS");
    expect(nextAttemptStatus("IN_PROGRESS", { kind: "outcome", status: "NO_ANSWER" })).toBe("NO_ANSWER");
  });

  test("is UNKNOWN after a time-out, and settled by a later outcome", () => {
    expect(nextAttemptStatus("IN_PROGRESS", { kind: "timed_out" })).toBe("UNKNOWN");
    expect(nextAttemptStatus("UNKNOWN", { kind: "handed_over" })).toBe("UNKNOWN");
    expect(nextAttemptStatus("UNKNOWN", { kind: "outcome", status: "FAILED" })).toBe("FAILED");
    expect(nextAttemptStatus("SUCCESS", { kind: "timed_out" })).toBe("SUCCESS");
  });

  test("once ended, is changed only by the call's own report or a late bounce", () => {
    expect(nextAttemptStatus("NO_ANSWER", { kind: "outcome", status: "SUCCESS" })).toBe("NO_ANSWER");
    expect(nextAttemptStatus("NO_ANSWER", { kind: "call_report", status: "SUCCESS" })).toBe("SUCCESS");
    expect(nextAttemptStatus("SUCCESS", { kind: "bounced" })).toBe("FAILED");
  });

  test("does not change when the same fact is told again, and never goes back to an open one", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ATTEMPT_STATUSES), anyAttemptFact, anyAttemptFact, (from, fact, later) => {
        const once = nextAttemptStatus(from, fact);
        expect(nextAttemptStatus(once, fact)).toBe(once);
        const ended = ATTEMPT_OUTCOMES.some((outcome) => outcome === once);
        if (ended) expect(ATTEMPT_OUTCOMES).toContain(nextAttemptStatus(once, later));
      }),
    );
  });
});
