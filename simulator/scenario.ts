import { createWorkspaceWithOwner, getWorkspaceSettings, updateSettings } from "#domains/accounts/index.ts";
import type { Context } from "#platform/context.ts";
import { createCustomField, upsertLeads } from "#domains/leads/index.ts";
import { CHANNELS, type Channel, createSender } from "#domains/messaging/index.ts";
import {
  type Condition,
  activateCampaign,
  activateSequence,
  createCampaign,
  createScript,
  createSequence,
  putSteps,
} from "#domains/outreach/index.ts";
import type { SenderRule } from "./budgets.ts";
import { type Chance, pick } from "./chance.ts";
import { type Cast, deedsOf } from "./deeds.ts";
import type { LeadRule, Rules, SequenceRule } from "./invariants.ts";
import type { Life } from "./life.ts";
import { nextDate } from "./oracle.ts";
import type { Stage } from "./run.ts";

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

/** `days`: that the run has. */
export type Size = { leads: number; start: Date; days: number };

/**
 * A workspace of invented people in many zones: three sequences by hand, one for new leads, one for those of a campaign, one for those who were
 * left alone, with channels, delays, windows, conditions, priorities, limits and senders that the seed chooses; and staff who do what staff do
 * (`deeds.ts`). Everything is made through the commands that people use.
 */
export async function synthetic(life: Life, chance: Chance, size: Size): Promise<Stage> {
  const { ctx, workspaceId: workspace } = await createWorkspaceWithOwner(life.app.runtime, {
    workspaceName: "Simulation",
    name: "Simulator",
    email: "simulator@simulation.invalid",
  });
  await furnish(ctx, chance, size);
  const senders = await addSenders(ctx, chance, size);
  await createCustomField(ctx, { label: "Tier", type: "text", options: [] });
  const { rules: leads, ids } = await takeIn(ctx, chance, { from: 0, count: size.leads, source: "API" });
  const campaignId = await createCampaign(ctx, { name: "Autumn", channels: [...CHANNELS] });
  await activateCampaign(ctx, campaignId);
  const sequences = new Map<string, SequenceRule>();
  const idOf = new Map<Role, string>();
  for (const [place, role] of ROLES.entries()) {
    const { id, ...rule } = await makeSequence(ctx, chance, { place, role, campaignId });
    sequences.set(id, rule);
    idOf.set(role, id);
  }
  const settings = await getWorkspaceSettings(ctx);
  const rules: Rules = { leads, sequences, senders, settings, earlier: [] };
  const byRole = (role: Role) => idOf.get(role) ?? "";
  const cast: Cast = {
    leadIds: ids,
    leads,
    byHand: BY_HAND.map(byRole),
    forNew: byRole("for new leads"),
    ofCampaign: byRole("of the campaign"),
    all: [...sequences.keys()],
    campaignId,
    takeIn: async (own, from, count) => {
      const taken = await takeIn(own, chance, { from, count, source: "META" });
      for (const [id, lead] of taken.rules) leads.set(id, lead);
      return taken.ids;
    },
    script: (own, channel, name) => scriptOf(own, channel, name, 1),
  };
  return { workspace, rules, ...deedsOf(chance, size, cast) };
}

const BY_HAND = ["first by hand", "second by hand", "third by hand"] as const;
const ROLES = [...BY_HAND, "for new leads", "of the campaign", "for the silent"] as const;
type Role = (typeof ROLES)[number];

/** Some channels have a pool, so small that its days and minutes are used up now and then. */
async function addSenders(ctx: Context, chance: Chance, { leads }: Size): Promise<Map<string, SenderRule>> {
  const senders = new Map<string, SenderRule>();
  for (const channel of ["EMAIL", "SMS"] as const) {
    if (chance(channel, "pool") < 0.4) continue;
    const count = 2 + Math.floor(chance(channel, "senders") * 3);
    for (let place = 0; place < count; place++) {
      const address = channel === "EMAIL" ? `us-${place}@pool.invalid` : `+1212555010${place}`;
      const hasRamp = chance(channel, place, "ramp") < 0.5;
      const perMinute = 2 + Math.floor(chance(channel, place, "minute") * 20);
      const perDay = Math.ceil((leads / count) * (0.06 + chance(channel, place, "day") * 0.3));
      const wanted = { channel, address, perMinute, perDay, hasRamp, takesNew: true };
      await createSender(ctx, { ...wanted, displayName: "Us", integrationId: null, dkimSelector: null });
      senders.set(address, { channel, perMinute, perDay, rampFrom: hasRamp ? ctx.now() : null });
    }
  }
  return senders;
}

/** A limit of the day that bites when many are due at once, for every second channel; some of them grow from day to day. */
function dayLimitOf(chance: Chance, channel: Channel, { leads, start }: Size) {
  if (chance(channel, "has a limit") < 0.5) return undefined;
  const perDay = Math.ceil(leads * (0.15 + chance(channel, "limit") * 0.3));
  const since = start.toISOString().slice(0, 10);
  const ramp = { start: Math.ceil(perDay / 4), step: Math.ceil(perDay / 10), since };
  return { perDay, ramp: chance(channel, "limit grows") < 0.5 ? ramp : null };
}

async function furnish(ctx: Context, chance: Chance, size: Size): Promise<void> {
  const { start } = size;
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
    channelLimits: {
      EMAIL: dayLimitOf(chance, "EMAIL", size),
      SMS: dayLimitOf(chance, "SMS", size),
      CALL: dayLimitOf(chance, "CALL", size),
    },
  });
}

async function takeIn(
  ctx: Context,
  chance: Chance,
  { from: first, count, source }: { from: number; count: number; source: "API" | "META" },
) {
  const rules = new Map<string, LeadRule>();
  const ids: string[] = [];
  for (let from = first; from < first + count; from += BATCH) {
    const people = Array.from({ length: Math.min(BATCH, first + count - from) }, (_, place) =>
      personOf(from + place, chance),
    );
    const outcomes = await upsertLeads(
      ctx,
      people.map(({ row }) => ({ ...row, source })),
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

/** Of ten people three work for one company, two for another; those who may turn out to be one person for none. */
function companyOf(number: number): string | null {
  const place = number % 10;
  const decade = Math.floor(number / 10);
  if (place === 2 || place === 3 || place === 4) return `mill-${decade}`;
  return place === 5 || place === 6 ? `forge-${decade}` : null;
}

function personOf(number: number, chance: Chance) {
  const { zone, country, area } = pick(PLACES, chance(number, "place"));
  // Whoever has an address at a domain of its own is nobody's colleague.
  const company = companyOf(number);
  const email = `person-${number}@${company ?? `home-${number}`}.invalid`;
  const phone = `${area}${5_000_000 + number}`;
  const lacks = chance(number, "lacks");
  const tier = pick(["gold", "silver"], chance(number, "tier"));
  const identities = [
    ...(lacks < 0.03 ? [] : [{ kind: "EMAIL" as const, value: email, raw: email }]),
    ...(lacks > 0.95 ? [] : [{ kind: "PHONE" as const, value: phone, raw: phone }]),
  ];
  return {
    rule: { key: `person ${number}`, zone, country, tier, ...(company !== null && lacks >= 0.03 && { company }) },
    row: {
      firstName: lacks > 0.9 ? "" : "Ada",
      lastName: `Example ${number}`,
      identities,
      country,
      timeZone: { timeZone: zone, source: "explicit" as const },
      custom: { tier },
      meta: {},
      raw: {},
    },
  };
}

/** Whom a step may be meant for: what the engine is asked, and the same for the watch. */
const MEANT_FOR: readonly { condition: Condition; holds: (lead: LeadRule) => boolean }[] = [
  {
    condition: { on: "field", field: "country", op: "is", value: ["US"] },
    holds: ({ country }: LeadRule) => country === "US",
  },
  {
    condition: { on: "custom", key: "tier", op: "is", value: ["gold"] },
    holds: ({ tier }: LeadRule) => tier === "gold",
  },
  { condition: { on: "converted", is: false }, holds: () => true },
  { condition: { on: "step", step: 0, outcome: "replied", is: false }, holds: () => true },
];

async function makeSequence(
  ctx: Context,
  chance: Chance,
  { place, role, campaignId }: { place: number; role: Role; campaignId: string },
): Promise<SequenceRule & { id: string }> {
  const window = pick(WINDOWS, chance(place, "window"));
  const stopOnReply = chance(place, "stops") < 0.8;
  const sameCompany = chance(place, "for the company") < 0.6;
  const silentDays = role === "for the silent" ? 4 + Math.floor(chance("silent") * 6) : 0;
  const settings = {
    stopOnReply,
    sameCompany,
    onFailure: chance(place, "on failure") < 0.7 ? ("continue" as const) : ("stop" as const),
    priority: place,
    reentry: { rule: "never" as const },
    ...(window && { sendWindow: { ...window, days: [...window.days] } }),
  };
  const named = { name: `Sequence ${place + 1}`, settings };
  const id = await createSequence(ctx, { ...named, ...triggerOf(role, campaignId, silentDays) });
  const length = 2 + Math.floor(chance(place, "steps") * 5);
  const steps: Parameters<typeof putSteps>[2][number][] = [];
  const meantFor = new Map<number, (lead: LeadRule) => boolean>();
  for (let order = 0; order < length; order++) {
    const channel = pick(CHANNELS, chance(place, order, "channel"));
    const isHours = chance(place, order, "unit") < 0.4;
    const meant = order > 0 && chance(place, order, "meant for some") < 0.3;
    const some = meant ? pick(MEANT_FOR, chance(place, order, "meant for")) : null;
    if (some) meantFor.set(order, some.holds);
    steps.push({
      channel,
      scriptId: await scriptOf(ctx, channel, `${place}.${order}`, chance(place, order, "script")),
      delayValue: order === 0 ? 0 : 1 + Math.floor(chance(place, order, "delay") * (isHours ? 60 : 5)),
      delayUnit: isHours ? "HOURS" : "DAYS",
      conditions: some ? { version: 1, all: [some.condition], else: "skip" } : {},
      isActive: true,
    });
  }
  await putSteps(ctx, id, steps);
  await activateSequence(ctx, id);
  return { id, key: `sequence ${place}`, window, stopOnReply, sameCompany, silentDays, meantFor };
}

function triggerOf(role: Role, campaignId: string, silentDays: number) {
  if (role === "for new leads")
    return { triggerType: "new_lead", triggerConfig: { sources: ["META"], campaigns: [] } } as const;
  if (role === "of the campaign")
    return { triggerType: "new_lead", triggerConfig: { sources: [], campaigns: [campaignId] } } as const;
  if (role === "for the silent") {
    const triggerConfig = { minDaysSinceLastContact: silentDays, excludeStatus: ["CONVERTED", "LOST"] };
    return { triggerType: "no_conversion", triggerConfig } as const;
  }
  return { triggerType: "manual" } as const;
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
