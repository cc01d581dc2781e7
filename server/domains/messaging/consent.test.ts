import { expect, test } from "vitest";

import { basesAsked, requiredBases } from "./consent.ts";

test("a call with an artificial voice needs express consent, in every country and where none is known", () => {
  for (const country of ["US", "DE", null])
    expect(requiredBases("CALL", country, { artificialVoice: true })).toEqual(["CONSENT"]);
});

test("a person's own voice, a text and an e-mail need no basis on record", () => {
  expect(requiredBases("CALL", "US", { artificialVoice: false })).toBeNull();
  expect(requiredBases("SMS", "US", { artificialVoice: true })).toBeNull();
  expect(requiredBases("EMAIL", "US", { artificialVoice: false })).toBeNull();
});

test("nothing is asked where the workspace asks for nothing; else any basis for a text, and consent for a call", () => {
  for (const channel of ["EMAIL", "SMS", "CALL"] as const) {
    expect(basesAsked(channel, "US", {})).toBeNull();
    expect(basesAsked(channel, "US", { [channel]: false })).toBeNull();
  }
  expect(basesAsked("EMAIL", "DE", { EMAIL: true })).toEqual(["CONSENT", "LEGITIMATE_INTEREST", "CONTRACT"]);
  expect(basesAsked("CALL", "US", { CALL: true })).toEqual(["CONSENT"]);
});
