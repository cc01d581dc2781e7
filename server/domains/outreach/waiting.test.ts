import { expect, test } from "vitest";
import { type PlannedTouch, whyItWaits } from "./waiting.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const LATER = new Date("2026-03-02T15:00:00Z");
const ACTIVE = { status: "ACTIVE", pausedBy: null, campaignStatus: null } as const;
const touch: PlannedTouch = {
  status: "SCHEDULED",
  dueAt: LATER,
  scheduledAt: LATER,
  verdict: {},
  result: {},
  messageStatus: null,
  messageDueAt: null,
  messageTries: null,
  failure: null,
};
const wait = (until: Date) => ({ result: { kind: "wait", check: "caps", reason: "one a day", until }, checks: [] });
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("a touch waits for its delay, then for the sending hours, and at last is due", () => {
  expect(whyItWaits(touch, ACTIVE, NOW)).toMatchObject({ kind: "delay", until: LATER });
  expect(whyItWaits({ ...touch, dueAt: NOW }, ACTIVE, NOW)).toMatchObject({ kind: "window", until: LATER });
  expect(whyItWaits(touch, ACTIVE, LATER)).toMatchObject({ kind: "due" });
});

test("the gate's answer counts only for the instant that it named", () => {
  const held = { ...touch, dueAt: NOW, verdict: stored(wait(LATER)) };
  expect(whyItWaits(held, ACTIVE, NOW)).toEqual({ kind: "gate", reason: "one a day", until: LATER });
  const moved = { ...held, scheduledAt: new Date(LATER.getTime() + 1) };
  expect(whyItWaits(moved, ACTIVE, NOW).kind).toBe("window");
  expect(whyItWaits({ ...held, verdict: stored({ result: { kind: "send" } }) }, ACTIVE, NOW).kind).toBe("window");
});

test("a pause names who paused, and comes before everything but a hand-over", () => {
  const paused = (pausedBy: "person" | "sequence" | null) =>
    whyItWaits(
      { ...touch, status: "PENDING", scheduledAt: null },
      { status: "PAUSED", pausedBy, campaignStatus: null },
      NOW,
    );
  expect(paused("person")).toEqual({ kind: "paused", reason: "it was paused by a person", until: null });
  expect(paused("sequence").reason).toBe("its sequence is paused");
  expect(whyItWaits(touch, { ...ACTIVE, campaignStatus: "PAUSED" }, NOW)).toMatchObject({
    kind: "paused",
    reason: "its campaign is paused",
  });
  const sent = { ...touch, scheduledAt: null, messageStatus: "sending" };
  expect(whyItWaits(sent, { ...ACTIVE, status: "PAUSED" }, NOW).kind).toBe("sending");
});

test("a touch that is with its vendor says whether it is tried again or nobody knows", () => {
  const queued = { ...touch, scheduledAt: null, messageStatus: "queued", messageDueAt: LATER, messageTries: 0 };
  expect(whyItWaits(queued, ACTIVE, NOW)).toMatchObject({ kind: "sending", until: LATER });
  expect(whyItWaits({ ...queued, messageTries: 2, failure: "429" }, ACTIVE, NOW)).toEqual({
    kind: "retry",
    reason: "429",
    until: LATER,
  });
  expect(whyItWaits({ ...queued, messageStatus: "unknown" }, ACTIVE, NOW)).toMatchObject({ kind: "unknown" });
});

test("a touch that a person moved says so until the gate holds it for another instant", () => {
  const moved = { ...touch, result: { moved: { to: LATER.toISOString(), reason: "on holiday", by: "user_x" } } };
  expect(whyItWaits(moved, ACTIVE, NOW)).toEqual({
    kind: "moved",
    reason: "it was moved by a person: on holiday",
    until: LATER,
  });
  const held = { ...moved, scheduledAt: new Date(LATER.getTime() + 60_000) };
  expect(whyItWaits({ ...held, verdict: stored(wait(held.scheduledAt)) }, ACTIVE, NOW).kind).toBe("gate");
});
