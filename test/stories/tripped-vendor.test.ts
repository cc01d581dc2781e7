import { expect, test } from "vitest";
import { z } from "zod";
import { createApp } from "#server/app.ts";
import { handOver } from "#domains/messaging/commands/hand-over.ts";
import { vendorPauseSchema } from "#domains/messaging/contract.ts";
import { countEvents, messagesOf, readyWorld } from "#test/sequences.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { preparedText } from "#test/one-off.ts";
import { connectTwilio as connect, until, type Vendor } from "#test/vendors.ts";
import type { World } from "#test/world.ts";
import { testConfig, testDatabase } from "#test/world.ts";

const SECOND = 1_000;
const pausesSchema = z.object({ data: z.array(vendorPauseSchema) });

const pausesOf = async (world: World) => pausesSchema.parse((await world.request("GET", "/vendor-pauses")).body).data;
const afterwards = (world: World, ms: number) => world.advance({ to: new Date(world.clock.now().getTime() + ms) });
/** Connected, and the news of it heeded. */
async function connectTwilio(world: World): Promise<Vendor> {
  const vendor = await connect(world);
  await world.drain();
  return vendor;
}
const broken = () => ({ status: 500, body: "out of order" }) as const;

/** So many texts, one due each second from now. */
async function oneASecond(world: World, count: number): Promise<void> {
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count, at: world.clock.now() });
  await world.app.ownerPool.query(
    `update sequence_step_executions e set due_at = $2::timestamptz + n.place * interval '1 second', scheduled_at = $2::timestamptz + n.place * interval '1 second'
     from (select id, row_number() over (order by id) - 1 as place from sequence_step_executions where workspace_id = $1) n where n.id = e.id`,
    [world.workspace, world.clock.now()],
  );
}

const timesTaken = (vendor: Vendor) => {
  const times = new Map<string, number>();
  for (const { messageId } of vendor.taken) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  return times;
};

test("of 60 sends within a minute to a vendor that answers 500 about twenty reach it, then none until the probe; once it is well everything is delivered exactly once", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(broken);
  await oneASecond(world, 60);
  await afterwards(world, 75 * SECOND);
  // The twentieth trips it. Retries of the first may be among the twenty.
  expect(vendor.taken).toHaveLength(20);
  expect(await pausesOf(world)).toMatchObject([
    {
      provider: "twilio",
      label: "Twilio",
      channel: "SMS",
      since: "2026-03-02T12:00:19.000Z",
      retryAt: "2026-03-02T12:01:19.000Z",
      reason: expect.stringContaining("20 of 20 hand-overs failed within a minute, the last with: HTTP 500"),
    },
  ]);
  expect(await countEvents(world, "messaging.vendor-tripped")).toBe(1);

  // The first probe: a few, and again none until the next.
  await afterwards(world, 30 * SECOND);
  expect(vendor.taken).toHaveLength(25);
  await afterwards(world, 60 * SECOND);
  expect(vendor.taken).toHaveLength(25);
  const waiting = await messagesOf(world);
  expect(Math.max(...waiting.map(({ tries }) => tries))).toBeLessThanOrEqual(1);

  vendor.answer(vendor.accept);
  const before = vendor.taken.length;
  await world.advance(20);
  expect(await pausesOf(world)).toEqual([]);
  expect(await countEvents(world, "messaging.vendor-recovered")).toBe(1);
  const accepted = new Set(vendor.taken.slice(before).map(({ to }) => to));
  expect(accepted.size).toBe(60);
  expect(vendor.taken.length - before).toBe(60);
  const messages = await messagesOf(world);
  expect(messages.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => "sent"));
});

test("a vendor that stays broken is tried after 1, 2, 4, 8, 16 and then every 30 minutes, and nobody's tries are used up", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const calls: number[] = [];
  const begun = world.clock.now().getTime();
  vendor.answer(() => {
    calls.push(Math.floor((world.clock.now().getTime() - begun) / (60 * SECOND)));
    return broken();
  });
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 400, at: world.clock.now() });
  await world.advance(100);
  const tried = [...new Set(calls)];
  // What was under way when it tripped: at most what a vendor takes at once, in each of three lanes.
  expect(calls.filter((minute) => minute === 0).length).toBeLessThanOrEqual(3 * 128);
  expect(tried).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
  for (const minute of tried.slice(1)) expect(calls.filter((call) => call === minute).length).toBeLessThanOrEqual(5);
  const messages = await messagesOf(world);
  expect(new Set(messages.map(({ status }) => status))).toEqual(new Set(["queued"]));
  expect(Math.max(...messages.map(({ tries }) => tries))).toBeLessThanOrEqual(1);
  vendor.answer(vendor.accept);
  await world.advance(30);
  expect((await messagesOf(world)).every(({ status }) => status === "sent")).toBe(true);
});

test("a person who says 'try again now' need not wait for the probe, and once it succeeds everything goes at once", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(broken);
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 150, at: world.clock.now() });
  await world.drain();
  expect(await pausesOf(world)).toHaveLength(1);
  vendor.answer(vendor.accept);
  expect((await world.request("POST", "/vendor-pauses/twilio/try-again", { as: "MEMBER" })).status).toBe(403);
  expect((await world.request("POST", "/vendor-pauses/twilio/try-again")).status).toBe(200);
  await afterwards(world, 6 * SECOND);
  expect(await pausesOf(world)).toEqual([]);
  expect([...timesTaken(vendor).values()].every((times) => times <= 2)).toBe(true);
  // What failed before there were twenty keeps its own next try, a minute on: how many those are is the vendor's pace.
  const left = (await messagesOf(world)).filter(({ status }) => status !== "sent");
  expect(left.length).toBeLessThan(20);
  expect(left.every(({ status, tries }) => status === "queued" && tries === 1)).toBe(true);
  await world.advance(2);
  expect((await messagesOf(world)).every(({ status }) => status === "sent")).toBe(true);
  expect((await world.request("POST", "/vendor-pauses/twilio/try-again")).status).toBe(404);
});

test("a vendor is let go on after its try also where the clock runs while one transaction works", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const { now } = world.clock;
  let reads = 0;
  world.clock.now = () => new Date(now().getTime() + reads++);
  vendor.answer(broken);
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 60, at: now() });
  await world.drain();
  expect(await pausesOf(world)).toHaveLength(1);

  vendor.answer(vendor.accept);
  await afterwards(world, 10 * 60 * SECOND);
  expect(await pausesOf(world)).toEqual([]);
  expect((await messagesOf(world)).map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => "sent"));
});

test("refusals of single addresses do not pause a vendor", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 400, body: JSON.stringify({ code: 21_211, message: "invalid To number" }) }));
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 60, at: world.clock.now() });
  await world.drain();
  expect(vendor.taken).toHaveLength(60);
  expect(await pausesOf(world)).toEqual([]);
});

test("refused credentials pause a vendor, so that they fail no more touches than were under way", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 401, body: JSON.stringify({ code: 20_003, message: "Authenticate" }) }));
  await oneASecond(world, 60);
  await afterwards(world, 65 * SECOND);
  expect(vendor.taken).toHaveLength(20);
});

test("two processes agree that a vendor is paused, and one of them alone probes it", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(broken);
  const { url, database } = await testDatabase();
  const other = await createApp({ config: testConfig(url), databaseUrl: url, clock: world.clock, database });
  const dispatch = (app: typeof other) => app.loops.find(({ name }) => name === "outreach.dispatch")?.turn(app.runtime);
  await oneASecond(world, 60);
  // Each counts a half of what trips it.
  for (let second = 0; second < 20; second += 1) {
    await dispatch(second % 2 === 0 ? world.app : other);
    world.clock.set(new Date(world.clock.now().getTime() + SECOND));
  }
  expect(vendor.taken).toHaveLength(20);
  await Promise.all([dispatch(world.app), dispatch(other)]);
  expect(vendor.taken).toHaveLength(20);
  world.clock.set(new Date(world.clock.now().getTime() + 61 * SECOND));
  await Promise.all([dispatch(world.app), dispatch(other)]);
  expect(vendor.taken).toHaveLength(25);
  await other.stop();
});

test.each([
  ["accepted", (vendor: Vendor) => vendor.accept],
  ["refused", () => broken],
] as const)(
  "what a vendor answers late to a message from before its pause, %s, neither ends nor prolongs the pause: the probe's own answers do",
  async (_name, late) => {
    const world = await readyWorld();
    const vendor = await connectTwilio(world);
    const held: Record<"former" | "probes", (() => void)[]> = { former: [], probes: [] };
    // Of the first thirty one is not answered; of the probe, none yet.
    vendor.answer(async (taken, index) => {
      if (index > 0 && index < 30) return broken();
      await new Promise<void>((done) => held[index === 0 ? "former" : "probes"].push(done));
      return index === 0 ? late(vendor)(taken, index) : vendor.accept(taken, index);
    });
    await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 30, at: world.clock.now() });
    const turn = (loop: string) => world.app.loops.find(({ name }) => name === loop)?.turn(world.app.runtime);
    const former = turn("outreach.dispatch");
    await until(async () => (await pausesOf(world)).length === 1);
    world.clock.set(new Date(world.clock.now().getTime() + 75 * SECOND));
    const probe = turn("messaging.send-queued");
    await until(() => held.probes.length === 5);
    expect(await pausesOf(world)).toMatchObject([{ isBeingTried: true }]);
    const [before] = await pausesOf(world);

    for (const answer of held.former) answer();
    await former;
    expect(await pausesOf(world)).toEqual([before]);
    expect(await countEvents(world, "messaging.vendor-recovered")).toBe(0);

    for (const answer of held.probes) answer();
    await probe;
    expect(await pausesOf(world)).toEqual([]);
    expect(await countEvents(world, "messaging.vendor-recovered")).toBe(1);
  },
);

test("while a few messages try a paused vendor nothing else is handed to it, though it was judged before the pause", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const lead = await world.make.lead({ country: "DE", timeZone: "Europe/Berlin" });
  const { message, around } = await preparedText(world, lead.id);
  await world.app.ownerPool.query(
    `insert into vendor_trips (workspace_id, provider, channel, status, reason, tripped_at, trips, retry_at, probed_at)
     values ($1, 'twilio', 'SMS', 'half_open', 'out of order', $2, 1, $2, $2)`,
    [world.workspace, world.clock.now()],
  );
  await handOver(world.ctx, [message], around);
  expect(vendor.taken).toEqual([]);
  expect((await messagesOf(world)).map(({ status }) => status)).toEqual(["queued"]);
});
