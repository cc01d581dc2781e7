import { describe, expect, test } from "vitest";

import { DEFAULT_CAPS, type Touch } from "./caps.ts";
import { legalFloor } from "./floors.ts";
import { CHECKS, type GateFacts, runGate } from "./gate.ts";
import { ALWAYS_OPEN, DEFAULT_SEND_WINDOW } from "./window.ts";

const NOON = new Date("2026-03-03T17:00:00Z");
const lead = { status: "NEW", erasedAt: null, zone: "America/New_York" };

const facts = (changes: Partial<GateFacts> = {}): GateFacts => ({
  channel: "SMS",
  lead,
  address: { value: "+12125550142", fault: null },
  suppression: null,
  consent: { required: null, held: [] },
  caps: { touches: [], rules: DEFAULT_CAPS },
  window: { window: DEFAULT_SEND_WINDOW, floor: legalFloor("SMS", "US"), holidays: [] },
  channelLimit: null,
  vendor: null,
  ...changes,
});

const result = (changes: Partial<GateFacts>, now = NOON) => runGate(facts(changes), now).result;
const outcomes = (changes: Partial<GateFacts>, now = NOON) =>
  Object.fromEntries(runGate(facts(changes), now).checks.map(({ check, outcome }) => [check, outcome]));

describe("the gate", () => {
  test("sends when nothing stands in the way, and keeps what it asked", () => {
    const verdict = runGate(facts(), NOON);
    expect(verdict.result).toEqual({ kind: "send" });
    expect(verdict.checks.map(({ check }) => check)).toEqual([...CHECKS]);
    expect(outcomes({})).toMatchObject({
      active: "not_applicable",
      conditions: "not_applicable",
      window: "pass",
      vendor: "pass",
    });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  test.each<[string, Partial<GateFacts>, object]>([
    ["a lead that is gone", { lead: null }, { kind: "stop", check: "lead" }],
    ["an erased lead", { lead: { ...lead, erasedAt: NOON } }, { kind: "stop", check: "lead" }],
    ["a converted lead", { lead: { ...lead, status: "CONVERTED" } }, { kind: "stop", check: "status" }],
    ["a lost lead", { lead: { ...lead, status: "LOST" } }, { kind: "stop", check: "status" }],
    ["a status the sequence leaves out", { allowStatuses: ["LOST"] }, { kind: "stop", check: "status" }],
    ["no address", { address: null }, { kind: "skip", check: "address" }],
    [
      "a bad address",
      { address: { value: "+1", fault: "too short" } },
      { kind: "skip", check: "address", reason: "+1: too short" },
    ],
    ["an opt-out", { suppression: { reason: "STOP_REPLY", scope: "SMS" } }, { kind: "stop", check: "suppression" }],
    [
      "a hard bounce of this channel",
      { suppression: { reason: "HARD_BOUNCE", scope: "EMAIL" } },
      { kind: "skip", check: "suppression" },
    ],
    [
      "a channel that its person turned off",
      { suppression: { reason: "UNSUBSCRIBE", scope: "EMAIL" } },
      { kind: "skip", check: "suppression" },
    ],
    ["missing consent", { consent: { required: ["CONSENT"], held: ["CONTRACT"] } }, { kind: "skip", check: "consent" }],
    [
      "an unknown zone",
      { lead: { ...lead, zone: "Nowhere" } },
      { kind: "skip", check: "window", reason: '"Nowhere" is not a time zone' },
    ],
    [
      "a window that never opens",
      { window: { window: { ...ALWAYS_OPEN, days: [] }, floor: null, holidays: [] } },
      { kind: "skip", check: "window" },
    ],
  ])("refuses %s", (_, changes, expected) => {
    expect(result(changes)).toMatchObject(expected);
  });

  test("passes a status that the sequence asks for, and a basis that is on record", () => {
    expect(result({ lead: { ...lead, status: "LOST" }, allowStatuses: ["LOST"] })).toEqual({ kind: "send" });
    expect(result({ consent: { required: ["CONSENT"], held: ["CONSENT"] } })).toEqual({ kind: "send" });
  });

  test("lets the first refusal decide, and still shows the later ones", () => {
    const changes: Partial<GateFacts> = {
      lead: { ...lead, status: "LOST" },
      suppression: { reason: "UNSUBSCRIBE", scope: "ALL" },
      vendor: { detail: "paused after 12 failures", until: new Date("2026-03-03T17:05:00Z") },
    };
    expect(result(changes)).toMatchObject({ kind: "stop", check: "status" });
    expect(outcomes(changes)).toMatchObject({ status: "stop", suppression: "stop", window: "pass", vendor: "wait" });
  });

  test("takes the strictest answer of the higher domains, in their own slots", () => {
    const paused = {
      outcome: "wait",
      detail: "the sequence is paused",
      until: new Date("2026-03-03T18:00:00Z"),
    } as const;
    const over = { outcome: "stop", detail: "the lead has replied" } as const;
    const fine = { outcome: "pass", detail: "the campaign is active" } as const;
    expect(result({ extra: { active: [fine, paused] } })).toMatchObject({
      kind: "wait",
      check: "active",
      until: "2026-03-03T18:00:00.000Z",
    });
    expect(result({ extra: { active: [paused, over, fine] } })).toMatchObject({
      kind: "stop",
      check: "active",
      reason: "the lead has replied",
    });
    expect(result({ extra: { conditions: [{ outcome: "skip", detail: "has converted" }] } })).toMatchObject({
      kind: "skip",
      check: "conditions",
    });
  });
});

describe("a message that waits", () => {
  const touches: Touch[] = [{ channel: "SMS", at: new Date("2026-03-03T15:00:00Z") }];

  test("for a cap is due when the window next opens after it, not at midnight", () => {
    const verdict = runGate(facts({ caps: { touches, rules: DEFAULT_CAPS } }), NOON);
    expect(verdict.result).toMatchObject({ kind: "wait", check: "caps", until: "2026-03-04T14:00:00.000Z" });
    expect(verdict.checks.find(({ check }) => check === "caps")).toMatchObject({
      outcome: "wait",
      until: "2026-03-04T05:00:00.000Z",
    });
  });

  test("for the window passes it when it is due, and not a minute before", () => {
    const evening = new Date("2026-03-07T02:30:00Z");
    expect(result({}, evening)).toMatchObject({ kind: "wait", check: "window", until: "2026-03-09T13:00:00.000Z" });
    expect(result({}, new Date("2026-03-09T12:59:00Z"))).toMatchObject({ kind: "wait" });
    expect(result({}, new Date("2026-03-09T13:00:00Z"))).toEqual({ kind: "send" });
  });

  test("for a channel or a vendor is due when both are free, inside the window", () => {
    const channelLimit = { detail: "100 today", until: new Date("2026-03-04T05:00:00Z") };
    const vendor = { detail: "tripped", until: new Date("2026-03-04T15:30:00Z") };
    expect(result({ channelLimit })).toMatchObject({ check: "channel_limit", until: "2026-03-04T14:00:00.000Z" });
    expect(result({ channelLimit, vendor })).toMatchObject({
      check: "channel_limit",
      until: "2026-03-04T15:30:00.000Z",
    });
    expect(result({ vendor: { ...vendor, until: NOON } })).toEqual({ kind: "send" });
  });
});

describe("a person's decision to send anyway", () => {
  const touches: Touch[] = [{ channel: "SMS", at: new Date("2026-03-03T15:00:00Z") }];
  const override = { checks: ["caps", "window", "status", "conditions"] as const, reason: "asked me to write tonight" };
  const caps = { touches, rules: DEFAULT_CAPS };

  test("overrules caps, window, status and conditions, and says so", () => {
    const evening = new Date("2026-03-04T00:30:00Z");
    const verdict = runGate(facts({ caps, override, lead: { ...lead, status: "LOST" } }), evening);
    expect(verdict.result).toEqual({ kind: "send" });
    expect(verdict.checks.find(({ check }) => check === "caps")?.detail).toBe(
      "overruled (asked me to write tonight): already written to as often as the limits allow: 1 per channel a day",
    );
  });

  test("does not overrule the legal hours", () => {
    const night = new Date("2026-03-04T03:00:00Z");
    expect(result({ caps, override }, night)).toMatchObject({
      kind: "wait",
      check: "window",
      until: "2026-03-04T13:00:00.000Z",
    });
  });

  test("does not overrule suppression or consent", () => {
    expect(result({ override, suppression: { reason: "MANUAL", scope: "ALL" } })).toMatchObject({
      kind: "stop",
      check: "suppression",
    });
    expect(result({ override, consent: { required: ["CONSENT"], held: [] } })).toMatchObject({
      kind: "skip",
      check: "consent",
    });
  });
});
