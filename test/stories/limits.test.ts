import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { channelDay } from "#domains/messaging/channel-days.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { enroll, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectTwilio } from "#test/vendors.ts";

test("with a cap of 2 a day and 4 h between channels, three one-step sequences all due at 10:00 local go at 10:00, 14:00 and the next day at 09:00", async () => {
  const world = await readyWorld({ start: new Date("2026-03-02T15:00:00Z") });
  await updateSettings(world.ctx, { capPerDay: 2, minGapMinutes: 240 });
  const lead = await world.make.lead({ timeZone: "America/New_York", country: "US" });
  for (const channel of ["EMAIL", "SMS", "CALL"] as const)
    await enroll(world, await sequenceOf(world, [{ channel, value: 0, unit: "HOURS" }], { settings: {} }), lead);
  await world.advance(60 * 24 * 2);
  expect((await world.sandbox.sent()).map(({ at }) => at.toISOString())).toEqual([
    "2026-03-02T15:00:00.000Z",
    "2026-03-02T19:00:00.000Z",
    "2026-03-03T14:00:00.000Z",
  ]);
});

test("a touch that was withheld before any hand-over counts toward no cap, and one that waits for its hour neither", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  // Nothing is handed over: the vendor is switched off after the touch was prepared, and the lead is lost while it waits.
  vendor.answer(() => ({ status: 503 }));
  const lead = await world.make.lead({ phone: "+4915112345678", country: "DE", timeZone: "Europe/Berlin" });
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), lead);
  await world.drain();
  await world.request("PATCH", `/leads/${lead.id}`, { body: { status: "LOST" } });
  await world.advance(10);
  const attempts = () =>
    world.ctx.db.selectFrom("contactAttempts").select(["status", "handedAt"]).orderBy("startedAt").execute();
  expect(await attempts()).toEqual([{ status: "FAILED", handedAt: null }]);
  vendor.answer(vendor.accept);
  await world.request("PATCH", `/leads/${lead.id}`, { body: { status: "NEW" } });
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), lead);
  await world.drain();
  // The cap of one text a day is free.
  expect(vendor.taken).toHaveLength(2);
});

test("a channel with a limit of 30 a day sends 30 on each day of the workspace, and the others wait for its midnight", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 70, at: world.clock.now() });
  await updateSettings(world.ctx, {
    timeZone: "America/New_York",
    channelLimits: { SMS: { perDay: 30, ramp: null } },
  });
  await world.drain();
  expect(vendor.taken).toHaveLength(30);
  await world.advance({ to: new Date("2026-03-03T04:59:00Z") });
  expect(vendor.taken).toHaveLength(30);
  await world.advance({ to: new Date("2026-03-03T06:30:00Z") });
  expect(vendor.taken).toHaveLength(60);
  await world.advance({ to: new Date("2026-03-04T06:30:00Z") });
  expect(vendor.taken).toHaveLength(70);
});

test("a ramp begins with what it says, grows by its step each day, and ends at the limit of the day", () => {
  const ramp = { start: 20, step: 2, since: "2026-03-02" };
  const limitOn = (at: string, perDay: number | null) =>
    channelDay({ timeZone: "America/New_York", channelLimits: { EMAIL: { perDay, ramp } } }, "EMAIL", new Date(at));
  expect(limitOn("2026-03-02T15:00:00Z", 25)).toMatchObject({ limit: 20, day: "2026-03-02" });
  // Still the second in New York.
  expect(limitOn("2026-03-03T04:00:00Z", 25)).toMatchObject({ limit: 20, until: new Date("2026-03-03T05:00:00Z") });
  expect(limitOn("2026-03-03T15:00:00Z", 25)).toMatchObject({
    limit: 22,
    detail: "the channel's 22 a day are used up (day 2 of its ramp)",
  });
  expect(limitOn("2026-03-09T15:00:00Z", 25)).toMatchObject({
    limit: 25,
    detail: "the channel's 25 a day are used up",
  });
  expect(limitOn("2026-03-12T15:00:00Z", null)).toMatchObject({ limit: 40 });
  // Before its first day it allows what it begins with.
  expect(limitOn("2026-02-27T15:00:00Z", null)).toMatchObject({ limit: 20 });
  expect(channelDay({ timeZone: "UTC", channelLimits: {} }, "EMAIL", new Date("2026-03-02T15:00:00Z"))).toBeNull();
});
