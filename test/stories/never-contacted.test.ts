import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import type { SettingsInput } from "#domains/accounts/settings.ts";
import { suppress } from "#domains/leads/index.ts";
import { dice } from "#domains/leads/test-volume.ts";
import type { Channel } from "#domains/messaging/channels.ts";
import { type Reading, inside, lawful, nextDate, read } from "../../simulator/oracle.ts";
import { type StepOf, enroll, enrollmentsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

type SendWindow = SettingsInput["sendWindow"];

const HOUR = 3_600_000;
const LEADS = 16;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const PEOPLE = [
  { country: "US", timeZone: "America/New_York" },
  { country: "US", timeZone: "America/Los_Angeles" },
  { country: "DE", timeZone: "Europe/Berlin" },
  { country: "FR", timeZone: "Europe/Paris" },
  { country: "AU", timeZone: "Australia/Lord_Howe" },
] as const;
const WINDOWS: readonly SendWindow[] = [
  { days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00" },
  { days: EVERY_DAY, start: "07:00", end: "23:00" },
  { days: [1, 2, 3, 4, 6], start: "20:00", end: "02:00" },
  { days: EVERY_DAY, start: "08:30", end: "12:00", zone: "America/New_York" },
];

type Person = { id: string; email: string; phone: string; country: string; timeZone: string };
/** What closed which channels of a lead, from when on: for everything, or for the sequences it was in. */
type No = { leadId: string; from: number; channels: readonly Channel[]; sequences?: readonly string[]; why: string };
type Touch = { leadId: string; channel: Channel; at: number; sequenceId: string; executionId: string };

const json = (value: unknown) => JSON.stringify(value);

/** Sequence touches as the sandbox vendors were given them, in order. */
async function touchesOf({ ctx }: World): Promise<Touch[]> {
  const rows = await ctx.db
    .selectFrom("sandboxDeliveries as d")
    .innerJoin("messages as m", "m.id", "d.messageId")
    .innerJoin("sequenceStepExecutions as e", "e.id", "m.executionId")
    .innerJoin("sequenceEnrollments as n", "n.id", "e.enrollmentId")
    .select(["m.leadId", "d.channel", "d.at", "n.sequenceId", "e.id as executionId"])
    .where("d.direction", "=", "outbound")
    .orderBy("d.at")
    .execute();
  return rows.map(({ leadId, at, ...row }) => ({ ...row, leadId: leadId ?? "", at: at.getTime() }));
}

/** Every rule that a touch breaks, by the plainest reading of the rules; empty when it was right to send it. */
function faultsOf(touch: Touch, all: readonly Touch[], about: About): string[] {
  const { people, nos, windows, settings } = about;
  const person = people.find(({ id }) => id === touch.leadId);
  if (!person) return ["nobody"];
  const there = read(person.timeZone, touch.at);
  const window = windows.get(touch.sequenceId) ?? settings.sendWindow;
  const office: Reading = window.zone ? read(window.zone, touch.at) : there;
  const before = all.filter((other) => other.leadId === touch.leadId && other.at < touch.at);
  const dates = before.map((other) => ({ ...other, date: read(person.timeZone, other.at).date }));
  const today = dates.filter((other) => other.date === there.date && other.channel === touch.channel);
  const week = dates.filter(({ date }) => date >= nextDate(there.date, -6));
  return [
    ...nos
      .filter((no) => no.leadId === touch.leadId && no.from < touch.at && no.channels.includes(touch.channel))
      .filter(({ sequences }) => sequences?.includes(touch.sequenceId) ?? true)
      .map(({ why }) => why),
    ...(inside(window, office) ? [] : ["outside the window"]),
    ...(lawful(touch.channel, person.country, there) ? [] : ["outside the legal hours"]),
    ...(settings.holidays.includes(office.date) ? ["on a holiday"] : []),
    ...(today.length < settings.capPerChannelPerDay ? [] : ["over the cap of the day"]),
    ...(week.length < settings.capPerWeek ? [] : ["over the cap of the week"]),
    ...(all.filter(({ executionId }) => executionId === touch.executionId).length === 1 ? [] : ["twice"]),
  ];
}
type About = {
  people: readonly Person[];
  nos: readonly No[];
  windows: ReadonlyMap<string, SendWindow>;
  settings: Pick<SettingsInput, "sendWindow" | "holidays" | "capPerChannelPerDay" | "capPerWeek">;
};

test.each([
  ["forward in America", "2026-03-04T15:00Z"],
  ["back in Europe and America", "2026-10-22T15:00Z"],
])(
  "over ten days in which clocks are set %s, nobody is written to outside window, law, caps and holidays, or after saying no",
  async (_, from) => {
    const seed = randomInt(2 ** 31);
    const random = dice(seed);
    const pick = <T>(list: readonly T[]): T => {
      const one = list[Math.floor(random() * list.length)];
      if (one === undefined) throw new Error("There is nothing to choose from.");
      return one;
    };
    const world = await readyWorld({ start: new Date(from) });
    const settings = {
      sendWindow: pick(WINDOWS),
      holidays: [nextDate(from.slice(0, 10), 3)],
      capPerChannelPerDay: 1 + Math.floor(random() * 2),
      capPerWeek: 3 + Math.floor(random() * 3),
    };
    await updateSettings(world.ctx, { ...settings, emailPerMinute: 1_000, smsPerMinute: 1_000, callPerMinute: 1_000 });

    const people: Person[] = [];
    for (let place = 0; place < LEADS; place++) {
      const where = PEOPLE[place % PEOPLE.length] ?? PEOPLE[0];
      const lead = await world.make.lead(where);
      people.push({ id: lead.id, email: lead.email ?? "", phone: lead.phone ?? "", ...where });
    }
    const windows = new Map<string, SendWindow>();
    const sequences: string[] = [];
    for (const window of WINDOWS) {
      const steps: StepOf[] = Array.from({ length: 3 }, (_none, place) => ({
        channel: pick(["EMAIL", "SMS", "CALL"] as const),
        value: place === 0 ? 0 : 1 + Math.floor(random() * 30),
        unit: place === 2 ? "DAYS" : "HOURS",
      }));
      const last = steps[2];
      if (last) last.value = 1 + (last.value % 3);
      const id = await sequenceOf(world, steps, { settings: { sendWindow: window, priority: sequences.length } });
      sequences.push(id);
      windows.set(id, window);
    }

    const nos: No[] = [];
    const now = () => world.clock.now().getTime();
    const ALL: readonly Channel[] = ["EMAIL", "SMS", "CALL"];
    /** After this the lead's sequences are over; new ones may begin. */
    const acts: readonly ((person: Person) => Promise<void>)[] = [
      async (person) => {
        const [sms] = (await world.sandbox.sms()).filter(({ to }) => to === person.phone);
        if (!sms) return;
        await world.request("POST", `/sandbox/deliveries/${sms.id}/reply`, { body: { text: "STOP" } });
        nos.push({ leadId: person.id, from: now(), channels: ["SMS", "CALL"], why: "after STOP" });
      },
      async (person) => {
        const message = await world.ctx.db
          .selectFrom("messages")
          .select("headers")
          .where("leadId", "=", person.id)
          .where("channel", "=", "EMAIL")
          .where("status", "=", "sent")
          .executeTakeFirst();
        const [, link] = /<(http[^>]+)>/.exec(String(message?.headers["List-Unsubscribe"])) ?? [];
        if (!link) return;
        await world.app.server.inject({ method: "POST", url: new URL(link).pathname, payload: "" });
        nos.push({ leadId: person.id, from: now(), channels: ["EMAIL"], why: "after the unsubscribe" });
      },
      async (person) => {
        await suppress(world.ctx, { kind: "PHONE", value: person.phone, reason: "MANUAL", scope: "CALL" });
        nos.push({ leadId: person.id, from: now(), channels: ["CALL"], why: "after the suppression of calls" });
      },
      async (person) => {
        await world.request("PATCH", `/leads/${person.id}`, { body: { status: "LOST" } });
        nos.push({ leadId: person.id, from: now(), channels: ALL, why: "after the lead was lost" });
      },
    ];

    const until = now() + 10 * 24 * HOUR;
    while (now() < until) {
      for (const sequenceId of sequences) await enroll(world, sequenceId, ...people.filter(() => random() < 0.12));
      if (random() < 0.7) await pick(acts)(pick(people));
      await world.advance(60 * (3 + Math.floor(random() * 15)));
    }

    const touches = await touchesOf(world);
    const about = { people, nos, windows, settings };
    const faults = touches.flatMap((touch) =>
      faultsOf(touch, touches, about).map((fault) => `${fault}: ${json(touch)}`),
    );
    expect(faults, `seed ${seed}`).toEqual([]);
    // It must have had something to refuse, and something to send.
    expect(touches.length, `seed ${seed}`).toBeGreaterThan(LEADS);
    expect((await enrollmentsOf(world)).length, `seed ${seed}`).toBeGreaterThan(LEADS);
  },
  120_000,
);
