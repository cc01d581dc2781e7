import * as fc from "fast-check";
import { expect, test } from "vitest";

import { ENDED_REASONS, callOutcome, endedKind } from "./vapi-ended-reasons.ts";

test.each([
  ["customer-ended-call", 61, "SUCCESS"],
  ["assistant-ended-call-after-message-spoken", 30, "SUCCESS"],
  ["assistant-said-end-call-phrase", 30, "SUCCESS"],
  ["assistant-forwarded-call", 12, "SUCCESS"],
  ["silence-timed-out", 40, "SUCCESS"],
  ["exceeded-max-duration", 600, "SUCCESS"],
  ["call.in-progress.twilio-completed-call", 20, "SUCCESS"],
  ["call.in-progress.error-warm-transfer-max-duration", 90, "SUCCESS"],
  ["customer-ended-call", 0, "NO_ANSWER"],
  ["customer-did-not-answer", 25, "NO_ANSWER"],
  ["customer-busy", 0, "NO_ANSWER"],
  ["voicemail", 18, "NO_ANSWER"],
  ["call.in-progress.error-providerfault-outbound-sip-480-temporarily-unavailable", 0, "NO_ANSWER"],
  ["call.in-progress.error-assistant-did-not-receive-customer-audio", 20, "NO_ANSWER"],
  ["twilio-failed-to-connect-call", 0, "FAILED"],
  ["twilio-reported-customer-misdialed", 0, "FAILED"],
  ["vonage-rejected", 0, "FAILED"],
  ["assistant-not-found", 0, "FAILED"],
  ["assistant-join-timed-out", 5, "FAILED"],
  ["pipeline-error-openai-llm-failed", 44, "FAILED"],
  ["pipeline-no-available-llm-model", 0, "FAILED"],
  ["call.in-progress.error-vapifault-worker-died", 44, "FAILED"],
  ["call.in-progress.error-providerfault-outbound-sip-503-service-unavailable", 0, "FAILED"],
  ["call.start.error-subscription-frozen", 0, "FAILED"],
  ["call-start-error-neither-assistant-nor-server-set", 0, "FAILED"],
  ["phone-call-provider-closed-websocket", 44, "FAILED"],
  ["manually-canceled", 3, "FAILED"],
  ["worker-shutdown", 3, "FAILED"],
] as const)("%s after %i s is %s", (reason, seconds, outcome) => {
  expect(callOutcome(reason, seconds)).toBe(outcome);
});

test("a reason that Vapi invents tomorrow goes by whether the call lasted", () => {
  expect(endedKind("customer-was-delighted")).toBeNull();
  expect(callOutcome("customer-was-delighted", 30)).toBe("SUCCESS");
  expect(callOutcome("customer-was-delighted", 0)).toBe("FAILED");
});

test("no call without a duration is ever a success, whatever the reason", () => {
  const anyReason = fc.oneof(fc.string(), fc.constantFrom(...ENDED_REASONS.map(([pattern]) => pattern)));
  fc.assert(fc.property(anyReason, (reason) => callOutcome(reason, 0) !== "SUCCESS"));
});

test("every line of the table decides for the reason it names", () => {
  for (const [pattern, kind] of ENDED_REASONS) {
    const reason = pattern.replaceAll("*", "x");
    expect([pattern, endedKind(reason)]).toEqual([pattern, kind]);
  }
});
