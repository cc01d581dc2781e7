import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { resumeSequence } from "#domains/outreach/commands/activate-sequence.ts";
import { pauseSequence } from "#domains/outreach/commands/pause-sequence.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const NEW_YORK = "America/New_York";
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const at = (text: string) => ({ to: new Date(text) });
const instants = (sent: readonly { channel: string; at: Date }[]) =>
  sent.map(({ channel, at }) => `${channel} ${at.toISOString().slice(0, 16)}Z`);
const planned = async (world: World) =>
  (await executionsOf(world)).map(({ dueAt }) => dueAt?.toISOString().slice(0, 16));

test("steps of 0 h, 12 h and 2 days are moved by the send window alone, forward, and the time they were due stays visible", async () => {
  const world = await readyWorld();
  // A Monday, seven in the morning in New York; the workspace sends on weekdays from nine to six.
  const lead = await world.make.lead({ country: "US" });
  const sequenceId = await sequenceOf(
    world,
    [
      { channel: "EMAIL", value: 0, unit: "HOURS" },
      { channel: "SMS", value: 12, unit: "HOURS" },
      { channel: "CALL", value: 2, unit: "DAYS" },
    ],
    { settings: {} },
  );
  await enroll(world, sequenceId, lead);
  await world.advance(at("2026-03-08T00:00Z"));
  expect(instants(await world.sandbox.sent())).toEqual([
    "EMAIL 2026-03-02T14:00Z",
    "SMS 2026-03-03T14:00Z",
    "CALL 2026-03-05T14:00Z",
  ]);
  expect(await planned(world)).toEqual(["2026-03-02T12:00", "2026-03-03T02:00", "2026-03-05T14:00"]);
});

test.each([
  ["forward", "2026-03-06T15:00Z", "2026-03-09T14:00Z", "2026-03-16T14:00Z"],
  ["back", "2026-10-30T14:00Z", "2026-11-02T15:00Z", "2026-11-09T15:00Z"],
])("days and weeks keep ten in the morning when the clocks are set %s", async (_, first, second, third) => {
  const world = await readyWorld({ start: new Date(first) });
  const lead = await world.make.lead();
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 3, unit: "DAYS" },
    { channel: "EMAIL", value: 1, unit: "WEEKS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(60 * 24 * 12);
  expect(instants(await world.sandbox.sent())).toEqual([`EMAIL ${first}`, `SMS ${second}`, `EMAIL ${third}`]);
});

test("steps of 0 h, 12 h, 2 d and 1 w go out at T0, +12 h, +2 d 12 h and +9 d 12 h: four calls to the vendor, and the lead is done", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE", timeZone: "UTC" });
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 12, unit: "HOURS" },
    { channel: "EMAIL", value: 2, unit: "DAYS" },
    { channel: "SMS", value: 1, unit: "WEEKS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(60 * 24 * 12);
  expect(instants(await world.sandbox.sent())).toEqual([
    "EMAIL 2026-03-02T12:00Z",
    "SMS 2026-03-03T00:00Z",
    "EMAIL 2026-03-05T00:00Z",
    "SMS 2026-03-12T00:00Z",
  ]);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "COMPLETED", currentStep: 4 }]);
});

test("a window of New York's weekdays sends on Friday before six, and what is due at six waits for Monday at nine, as the same execution", async () => {
  const world = await readyWorld({ start: new Date("2026-03-06T22:30Z") });
  const settings = { sendWindow: { days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00", zone: NEW_YORK } };
  const sequenceId = await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }], { settings });
  const [early, late] = [await world.make.lead(), await world.make.lead()];
  await enroll(world, sequenceId, early);
  await world.drain();
  expect(await world.sandbox.emails()).toMatchObject([{ to: early.email, at: new Date("2026-03-06T22:30Z") }]);

  await world.advance(at("2026-03-06T23:00Z"));
  await enroll(world, sequenceId, late);
  // The clocks of New York are set forward on that Sunday.
  await world.advance(at("2026-03-09T12:59Z"));
  expect(await world.sandbox.emails()).toHaveLength(1);
  expect(await messagesOf(world)).toHaveLength(1);
  await world.advance(at("2026-03-10T00:00Z"));
  expect((await world.sandbox.emails())[1]).toMatchObject({ to: late.email, at: new Date("2026-03-09T13:00Z") });
  expect(await executionsOf(world)).toHaveLength(2);
  expect(await messagesOf(world)).toHaveLength(2);
});

test("a window from 22:00 to 06:00 is open at 23:30 and at 05:59, and closed at 06:00", async () => {
  const world = await readyWorld({ start: new Date("2026-03-03T04:30Z") });
  const settings = { sendWindow: { days: EVERY_DAY, start: "22:00", end: "06:00", zone: NEW_YORK } };
  const sequenceId = await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }], { settings });
  const leads = [await world.make.lead(), await world.make.lead(), await world.make.lead()] as const;
  await enroll(world, sequenceId, leads[0]);
  await world.advance(at("2026-03-03T10:59Z"));
  await enroll(world, sequenceId, leads[1]);
  await world.advance(at("2026-03-03T11:00Z"));
  await enroll(world, sequenceId, leads[2]);
  await world.advance(60 * 24);
  expect((await world.sandbox.emails()).map(({ to, at }) => [to, at.toISOString().slice(0, 16)])).toEqual([
    [leads[0].email, "2026-03-03T04:30"],
    [leads[1].email, "2026-03-03T10:59"],
    [leads[2].email, "2026-03-04T03:00"],
  ]);
});

test("a hundred who are paused an hour before their step get it once, an hour after the resume three days later, and the next step counts from then", async () => {
  const world = await readyWorld();
  await updateSettings(world.ctx, { emailPerMinute: 1_000 });
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 1, unit: "HOURS" },
    { channel: "EMAIL", value: 2, unit: "DAYS" },
  ]);
  const rows = Array.from({ length: 100 }, (_, place) => ({ email: `p${place}@example.com`, firstName: "Ada" }));
  const { body } = await world.request("POST", "/leads/upsert", { body: { rows } });
  const leads = await world.ctx.db.selectFrom("leads").select("id").execute();
  expect(leads, JSON.stringify(body)).toHaveLength(100);
  await enroll(world, sequenceId, ...leads);
  await pauseSequence(world.ctx, sequenceId);
  await world.advance(at("2026-03-05T12:00Z"));
  expect(await world.sandbox.emails()).toEqual([]);

  await resumeSequence(world.ctx, sequenceId);
  await world.advance(60 * 24);
  const sent = await world.sandbox.emails();
  expect(new Set(sent.map(({ to }) => to)).size).toBe(100);
  expect(new Set(instants(sent))).toEqual(new Set(["EMAIL 2026-03-05T13:00Z"]));
  expect(sent).toHaveLength(100);
  const next = (await executionsOf(world)).filter(({ stepOrder }) => stepOrder === 1);
  expect(next).toHaveLength(100);
  expect(new Set(next.map(({ dueAt }) => dueAt?.toISOString()))).toEqual(new Set(["2026-03-07T13:00:00.000Z"]));
  expect((await enrollmentsOf(world)).filter(({ status }) => status !== "ACTIVE")).toEqual([]);
});

test("whoever widens the sending hours sees what waited for the old ones go out, but for what a person put off", async () => {
  const world = await readyWorld();
  const never = { days: [7], start: "03:00", end: "03:30" };
  await updateSettings(world.ctx, { sendWindow: never, smsPerMinute: 1_000 });
  const leads = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }], { settings: {} });
  await enroll(world, sequenceId, ...leads);
  await world.advance(10);
  expect(await world.sandbox.sms()).toHaveLength(0);
  const [later] = await executionsOf(world);
  const at = new Date(world.clock.now().getTime() + 3 * 24 * 60 * 60_000).toISOString();
  await world.request("POST", `/api/v1/executions/${later?.id}/reschedule`, {
    body: { at, reason: "They asked for it" },
  });

  await updateSettings(world.ctx, { sendWindow: ALWAYS });
  await world.drain();
  const other = leads.find(({ id }) => id !== later?.leadId);
  expect((await world.sandbox.sms()).map(({ to }) => to)).toEqual([other?.phone]);
});
