import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { CapRules, Touch } from "./caps.ts";
import { CHANNELS, type Channel } from "./channels.ts";
import { legalFloor } from "./floors.ts";
import { type GateFacts, runGate } from "./gate.ts";
import { inside, lawful, nextDate, read } from "../../../simulator/oracle.ts";
import type { SendWindow } from "./window.ts";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 24 * 60 * MINUTE;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const workdays = [1, 2, 3, 4, 5];

const ZONES = [
  "America/New_York",
  "America/St_Johns",
  "America/Santiago",
  "America/Havana",
  "Europe/London",
  "Europe/Paris",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Australia/Sydney",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "UTC",
];

/** Instants near which clocks change in one of those zones in 2026: half of the runs start there. */
const CHANGES = [
  "2026-02-15T02:00Z",
  "2026-03-08T07:00Z",
  "2026-03-22T02:00Z",
  "2026-03-29T01:00Z",
  "2026-04-04T15:00Z",
  "2026-04-23T22:00Z",
  "2026-10-03T15:30Z",
  "2026-10-25T01:00Z",
  "2026-11-01T05:00Z",
].map((text) => Date.parse(text));

type World = {
  at: number;
  channel: Channel;
  country: string | null;
  zone: string;
  window: SendWindow;
  holidays: string[];
  touches: Touch[];
  rules: CapRules;
};

type DatedTouch = Touch & { date: string };

function withinCaps({ rules, channel }: World, dated: DatedTouch[], at: number, today: string): boolean {
  const todays = dated.filter(({ date }) => date === today);
  const weeks = dated.filter(({ date }) => date <= today && date >= nextDate(today, -6));
  return (
    (rules.perChannelPerDay === null ||
      todays.filter((touch) => touch.channel === channel).length < rules.perChannelPerDay) &&
    (rules.perDay === null || todays.length < rules.perDay) &&
    (rules.perWeek === null || weeks.length < rules.perWeek) &&
    dated.every((touch) => rules.minGapMinutes === null || at - touch.at.getTime() >= rules.minGapMinutes * MINUTE)
  );
}

function mayGo(world: World, dated: DatedTouch[], at: number): boolean {
  const { window, zone, holidays, channel, country } = world;
  const there = read(zone, at);
  const office = window.zone ? read(window.zone, at) : there;
  return (
    inside(window, office) &&
    !holidays.includes(office.date) &&
    lawful(channel, country, there) &&
    withinCaps(world, dated, at, there.date)
  );
}

/** Quarters of an hour: every one is met, and none hides between the oracle's steps. */
const clock = fc
  .integer({ min: 0, max: 95 })
  .map(
    (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`,
  );

const anyWindow: fc.Arbitrary<SendWindow> = fc
  .record(
    {
      days: fc.oneof(fc.constant(everyDay), fc.constant(workdays), fc.subarray(everyDay, { minLength: 2 })),
      start: clock,
      end: fc.oneof(clock, fc.constant("24:00")),
      zone: fc.constantFrom(...ZONES),
    },
    { requiredKeys: ["days", "start", "end"] },
  )
  .filter(({ start, end }) => start !== end);

const limit = (max: number) => fc.option(fc.integer({ min: 1, max }));

const anyWorld: fc.Arbitrary<World> = fc
  .record({
    at: fc.oneof(
      fc
        .integer({ min: Date.parse("2026-01-01") / MINUTE, max: Date.parse("2026-12-31") / MINUTE })
        .map((count) => count * MINUTE),
      fc
        .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -2_000, max: 600 }))
        .map(([change, offset]) => change + offset * MINUTE),
    ),
    channel: fc.constantFrom(...CHANNELS),
    country: fc.constantFrom("US", "FR", "DE", null),
    zone: fc.constantFrom(...ZONES),
    window: anyWindow,
    holidayOffsets: fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 2 }),
    touchOffsets: fc.array(
      fc.record({ channel: fc.constantFrom(...CHANNELS), ago: fc.integer({ min: 0, max: 8 * 1_440 }) }),
      { maxLength: 5 },
    ),
    rules: fc.record({
      perChannelPerDay: limit(2),
      perDay: limit(3),
      perWeek: limit(5),
      minGapMinutes: fc.option(fc.constantFrom(15, 240, 1_440)),
    }),
  })
  .map(({ holidayOffsets, touchOffsets, ...world }) => ({
    ...world,
    holidays: holidayOffsets.map((days) => nextDate(read(world.zone, world.at).date, days)),
    touches: touchOffsets.map(({ channel, ago }) => ({ channel, at: new Date(world.at - ago * MINUTE) })),
  }));

function factsOf({ channel, country, zone, window, holidays, touches, rules }: World): GateFacts {
  return {
    channel,
    lead: { status: "NEW", erasedAt: null, zone },
    address: { value: "ada@lead.example", fault: null },
    suppression: null,
    consent: { required: null, held: [] },
    caps: { touches, rules },
    window: { window, floor: legalFloor(channel, country), holidays },
    channelLimit: null,
    vendor: null,
  };
}

describe("over zones, windows, caps and holidays", () => {
  test("nothing is ever sent outside, and nothing waits longer than it must", { timeout: 60_000 }, () => {
    const seen = { send: 0, wait: 0, skip: 0 };
    fc.assert(
      fc.property(anyWorld, (world) => {
        const dated = world.touches.map((touch) => ({ ...touch, date: read(world.zone, touch.at.getTime()).date }));
        const { result, checks } = runGate(factsOf(world), new Date(world.at));
        if (result.kind === "stop") expect.fail("nothing here stops a message");
        seen[result.kind] += 1;
        expect(mayGo(world, dated, world.at), JSON.stringify(result)).toBe(result.kind === "send");
        if (result.kind === "send") return;

        // Minute by minute for the first and the last hours, by quarters between: windows open on quarters. "Never" is
        // watched for two weeks.
        const until = result.kind === "wait" ? Date.parse(result.until) : world.at + 14 * DAY;
        const step = (at: number) =>
          at < world.at + DAY / 2 || at > until - DAY / 8 || at % QUARTER !== 0 ? MINUTE : QUARTER;
        for (let at = world.at; at < until; at += step(at)) {
          if (mayGo(world, dated, at))
            expect.fail(`could have gone at ${new Date(at).toISOString()}, waits: ${JSON.stringify(result)}`);
        }
        // A window that never opens skips the message once the cap before it has passed.
        const never = checks.some(({ check, outcome }) => check === "window" && outcome === "skip");
        expect(mayGo(world, dated, until)).toBe(!never);
        if (!never) expect(runGate(factsOf(world), new Date(until)).result).toEqual({ kind: "send" });
      }),
      { numRuns: 1_200 },
    );
    // The runs must have met both answers often, or they prove little.
    expect(seen.send).toBeGreaterThan(100);
    expect(seen.wait).toBeGreaterThan(400);
  });
});
