import { createWorkspaceWithOwner, getWorkspaceSettings, updateSettings } from "#domains/accounts/index.ts";
import type { Context } from "#platform/context.ts";
import { upsertLeads } from "#domains/leads/index.ts";
import { CHANNELS, type Channel } from "#domains/messaging/index.ts";
import {
  activateSequence,
  createScript,
  createSequence,
  enrollLeads,
  pauseSequence,
  putSteps,
  resumeSequence,
} from "#domains/outreach/index.ts";
import { type Chance, pick } from "./chance.ts";
import type { Rules } from "./invariants.ts";
import type { Life } from "./life.ts";
import { nextDate } from "./oracle.ts";
import type { Deed, Stage } from "./run.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WORKDAYS = [1, 2, 3, 4, 5];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** Leads of one statement. */
const BATCH = 1_000;

/** Zones whose clocks change on different days, by different amounts, or not at all. */
const PLACES = [
  { country: "US", zone: "America/New_York", area: "+1212" },
  { country: "US", zone: "America/Los_Angeles", area: "+1415" },
  { country: "US", zone: "America/Phoenix", area: "+1602" },
  { country: "DE", zone: "Europe/Berlin", area: "+4930" },
  { country: "FR", zone: "Europe/Paris", area: "+331" },
  { country: "GB", zone: "Europe/London", area: "+4420" },
  { country: "AU", zone: "Australia/Lord_Howe", area: "+612" },
  { country: "IN", zone: "Asia/Kolkata", area: "+9122" },
] as const;

const WINDOWS = [
  null,
  { days: WORKDAYS, start: "09:00", end: "18:00" },
  { days: EVERY_DAY, start: "07:00", end: "23:00" },
  { days: [1, 2, 3, 4, 6], start: "20:00", end: "02:00" },
  { days: EVERY_DAY, start: "08:30", end: "12:00", zone: "America/New_York" },
] as const;

/** A few days before clocks change somewhere, so that a run lives through it, and one in the middle of a summer. */
export const STARTS = [
  "2026-03-04T15:00Z",
  "2026-03-25T09:00Z",
  "2026-10-01T06:00Z",
  "2026-10-22T15:00Z",
  "2026-07-06T12:00Z",
].map((text) => new Date(text));

type Size = { leads: number; start: Date; days: number };

/**
 * A workspace of invented people in many zones, with three sequences whose channels, delays, windows, priorities and rules the seed chooses,
 * and staff who take people in over the first week and pause things. Everything is made through the commands that people use.
 */
export async function synthetic(life: Life, chance: Chance, size: Size): Promise<Stage> {
  const { ctx, workspaceId: workspace } = await createWorkspaceWithOwner(life.app.runtime, {
    workspaceName: "Simulation",
    name: "Simulator",
    email: "simulator@simulation.invalid",
  });
  await furnish(ctx, chance, size.start);
  const { rules: leads, ids } = await takeIn(ctx, chance, size.leads);
  const sequences = new Map<string, { key: string; window: (typeof WINDOWS)[number]; stopOnReply: boolean }>();
  for (let place = 0; place < 3; place++) {
    const made = await makeSequence(ctx, chance, place);
    sequences.set(made.id, made);
  }
  const settings = await getWorkspaceSettings(ctx);
  const rules: Rules = { leads, sequences, settings, earlier: [] };
  return { workspace, rules, deeds: deedsOf(chance, size, [...sequences.keys()], ids) };
}

async function furnish(ctx: Context, chance: Chance, start: Date): Promise<void> {
  const today = start.toISOString().slice(0, 10);
  await updateSettings(ctx, {
    senderName: "Simulation",
    senderEmail: "hello@simulation.invalid",
    postalAddress: "1 Main Street, Springfield",
    sendWindow: { days: WORKDAYS, start: "09:00", end: "18:00" },
    holidays: [nextDate(today, 2 + Math.floor(chance("holiday") * 5))],
    capPerChannelPerDay: 1 + Math.floor(chance("cap of the day") * 2),
    capPerWeek: 3 + Math.floor(chance("cap of the week") * 3),
    capPerDay: pick([null, null, 1, 2], chance("cap of all channels")),
    minGapMinutes: pick([null, null, 90, 240], chance("gap")),
    emailPerMinute: pick([40, 600, 5_000], chance("mails a minute")),
    smsPerMinute: pick([30, 600, 5_000], chance("texts a minute")),
    callPerMinute: pick([10, 60, 500], chance("calls a minute")),
  });
}

async function takeIn(ctx: Context, chance: Chance, count: number) {
  const rules = new Map<string, { key: string; zone: string; country: string }>();
  const ids: string[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const people = Array.from({ length: Math.min(BATCH, count - from) }, (_, place) => personOf(from + place, chance));
    const outcomes = await upsertLeads(
      ctx,
      people.map(({ row }) => row),
      { policy: "fill" },
    );
    for (const [place, outcome] of outcomes.entries()) {
      const person = people[place];
      if (!person || outcome.kind !== "created")
        throw new Error(`A person of the simulation was not taken in: ${outcome.kind}`);
      rules.set(outcome.leadId, person.rule);
      ids.push(outcome.leadId);
    }
  }
  return { rules, ids };
}

function personOf(number: number, chance: Chance) {
  const { zone, country, area } = pick(PLACES, chance(number, "place"));
  const email = `person-${number}@simulation.invalid`;
  const phone = `${area}${5_000_000 + number}`;
  const lacks = chance(number, "lacks");
  const identities = [
    ...(lacks < 0.03 ? [] : [{ kind: "EMAIL" as const, value: email, raw: email }]),
    ...(lacks > 0.95 ? [] : [{ kind: "PHONE" as const, value: phone, raw: phone }]),
  ];
  return {
    rule: { key: `person ${number}`, zone, country },
    row: {
      source: "API" as const,
      firstName: lacks > 0.9 ? "" : "Ada",
      lastName: `Example ${number}`,
      identities,
      country,
      timeZone: { timeZone: zone, source: "explicit" as const },
      meta: {},
      raw: {},
    },
  };
}

async function makeSequence(ctx: Context, chance: Chance, place: number) {
  const window = pick(WINDOWS, chance(place, "window"));
  const stopOnReply = chance(place, "stops") < 0.8;
  const id = await createSequence(ctx, {
    name: `Sequence ${place + 1}`,
    triggerType: "manual",
    settings: {
      stopOnReply,
      sameCompany: false,
      onFailure: chance(place, "on failure") < 0.7 ? "continue" : "stop",
      priority: place,
      reentry: { rule: "never" },
      ...(window && { sendWindow: { ...window, days: [...window.days] } }),
    },
  });
  const length = 2 + Math.floor(chance(place, "steps") * 5);
  const steps: Parameters<typeof putSteps>[2][number][] = [];
  for (let order = 0; order < length; order++) {
    const channel = pick(CHANNELS, chance(place, order, "channel"));
    const isHours = chance(place, order, "unit") < 0.4;
    steps.push({
      channel,
      scriptId: await scriptOf(ctx, channel, `${place}.${order}`, chance(place, order, "script")),
      delayValue: order === 0 ? 0 : 1 + Math.floor(chance(place, order, "delay") * (isHours ? 60 : 5)),
      delayUnit: isHours ? "HOURS" : "DAYS",
      conditions: {},
      isActive: true,
    });
  }
  await putSteps(ctx, id, steps);
  await activateSequence(ctx, id);
  return { id, key: `sequence ${place}`, window, stopOnReply };
}

function scriptOf(ctx: Context, channel: Channel, name: string, chance: number): Promise<string> {
  // Some texts lack a default: whoever has no first name misses that touch.
  const greeting = chance < 0.2 ? "Hi {{ firstName }}" : 'Hi {{ firstName | default: "there" }}';
  if (channel === "EMAIL")
    return createScript(ctx, {
      name,
      type: "EMAIL",
      subject: `${greeting}, an idea`,
      preheader: "",
      content: greeting,
    });
  if (channel === "SMS") return createScript(ctx, { name, type: "SMS", content: `${greeting}, it is us.` });
  const speaks = { model: "gpt-4o", voice: "alloy", temperature: 0.7, instructions: "Be kind." };
  return createScript(ctx, { name, type: "CALL", vapiConfig: { ...speaks, firstMessage: greeting } });
}

/** People come in over the first week, some into two sequences; each sequence stands still for a while. */
function deedsOf(chance: Chance, { start }: Size, sequences: readonly string[], leadIds: readonly string[]): Deed[] {
  const at = (ms: number) => new Date(start.getTime() + ms);
  const deeds: Deed[] = [];
  for (const [place, sequenceId] of sequences.entries()) {
    const chosen = leadIds.flatMap((leadId, number) =>
      chance(number, place, "enrolled") < 0.6 ? [{ leadId, day: Math.floor(chance(number, place, "day") * 7) }] : [],
    );
    for (const [day, people] of Map.groupBy(chosen, (one) => one.day)) {
      const ofDay = people.map(({ leadId }) => leadId);
      const hours = Math.floor(chance(place, day, "hour") * 24);
      for (let from = 0; from < ofDay.length; from += BATCH) {
        const leadIdsOfBatch = ofDay.slice(from, from + BATCH);
        deeds.push({
          at: at(day * DAY_MS + hours * HOUR_MS),
          act: async (ctx) => void (await enrollLeads(ctx, { sequenceId, leadIds: leadIdsOfBatch, by: "person" })),
        });
      }
    }
    // After the last have come in: nobody may be taken into what stands still.
    const from = (7.5 + chance(place, "pause") * 3) * DAY_MS;
    deeds.push({ at: at(from), act: (ctx) => pauseSequence(ctx, sequenceId) });
    deeds.push({
      at: at(from + chance(place, "pause ends") * 2 * DAY_MS),
      act: (ctx) => resumeSequence(ctx, sequenceId),
    });
  }
  return deeds;
}
