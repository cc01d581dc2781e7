import { expect, test } from "vitest";
import { CHECK_OUTCOMES, CHECKS } from "#domains/messaging/gate.ts";
import { readChecks, readTries } from "#web/messaging/verdict.ts";
import { checkWords, outcomeLook } from "#web/messaging/words.ts";

test("The words stand in the order in which the gate asks", () => {
  expect(Object.keys(checkWords)).toEqual([...CHECKS]);
  expect(Object.keys(outcomeLook)).toEqual([...CHECK_OUTCOMES]);
});

test("A stored verdict is read check by check, and checks that this page does not know are left out", () => {
  const stored = {
    result: { kind: "wait", check: "window", reason: "closed", until: "2026-03-04T14:00:00.000Z" },
    checks: [
      { check: "lead", outcome: "pass", detail: "there" },
      { check: "window", outcome: "wait", detail: "closed", until: "2026-03-04T14:00:00.000Z" },
      { check: "moon", outcome: "pass", detail: "full" },
    ],
  };
  expect(readChecks(stored)).toEqual([
    { check: "lead", outcome: "pass", detail: "there", until: undefined },
    { check: "window", outcome: "wait", detail: "closed", until: "2026-03-04T14:00:00.000Z" },
  ]);
});

test.each([null, {}, [], "pass", { checks: [] }])("Of %j there is no verdict to show", (stored) => {
  expect(readChecks(stored)).toBeUndefined();
});

test("Tries that cannot be read are no tries", () => {
  const one = { at: "2026-03-04T14:00:00.000Z", outcome: "unknown", detail: "timed out" };
  expect(readTries([one])).toEqual([one]);
  expect(readTries(null)).toEqual([]);
});
