import { expect, test } from "vitest";
import { z } from "zod";
import { elapsed } from "#platform/clock.ts";
import { countEvents, enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { type Vendor, connectSendgrid, connectTwilio, post, sendgridPost, twilioStatus, until } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const VENDORS = [
  ["Twilio", "SMS", connectTwilio],
  ["SendGrid", "EMAIL", connectSendgrid],
] as const;

/** A lead in Germany, where texts may go at any hour, in a sequence whose first step is due and whose second comes two days later. */
async function begin(world: World, channel: "SMS" | "EMAIL") {
  const lead = await world.make.lead({ country: "DE", timeZone: "Europe/Berlin" });
  const sequenceId = await sequenceOf(world, [
    { channel, value: 0, unit: "HOURS" },
    { channel, value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
}

async function onlyMessage(world: World) {
  const [message] = await messagesOf(world);
  if (!message) throw new Error("There is no message.");
  return message;
}

const afterwards = (world: World, ms: number) => world.advance({ to: new Date(world.clock.now().getTime() + ms) });
const handOvers = (vendor: Vendor) => vendor.taken.map(({ messageId }) => messageId);

test.each(VENDORS)(
  "%s at its limit that asks for 120 seconds is called again after them, and not before",
  async (_name, channel, connect) => {
    const world = await readyWorld();
    const vendor = await connect(world);
    vendor.answer((one, index) =>
      index === 0 ? { status: 429, headers: { "retry-after": "120" } } : vendor.accept(one, index),
    );
    await begin(world, channel);
    await world.drain();
    expect(await onlyMessage(world)).toMatchObject({ status: "queued", attemptStatus: "PENDING", tries: 1 });
    await afterwards(world, 119 * SECOND);
    expect(vendor.taken).toHaveLength(1);
    await afterwards(world, 30 * SECOND);
    const { id } = await onlyMessage(world);
    expect(handOvers(vendor)).toEqual([id, id]);
    expect(await onlyMessage(world)).toMatchObject({ status: "sent", attemptStatus: "IN_PROGRESS", tries: 2 });
    expect((await executionsOf(world))[0]).toMatchObject({ status: "SENT", executedAt: expect.any(Date) });
  },
);

test.each(VENDORS)(
  "%s that answers five times with 500 gets no sixth call: FAILED with the five tries listed, and the sequence goes on",
  async (_name, channel, connect) => {
    const world = await readyWorld();
    const vendor = await connect(world);
    vendor.answer(() => ({ status: 500, body: "<h1>oops</h1>" }));
    await begin(world, channel);
    await afterwards(world, 36 * 60 * MINUTE);
    expect(vendor.taken).toHaveLength(5);
    const { id } = await onlyMessage(world);
    const shown = z
      .object({ status: z.string(), attempt: z.object({ status: z.string(), tries: z.array(z.looseObject({})) }) })
      .parse((await world.request("GET", `/messages/${id}`)).body);
    expect(shown).toMatchObject({ status: "failed", attempt: { status: "FAILED" } });
    expect(shown.attempt.tries).toHaveLength(5);
    for (const tried of shown.attempt.tries) {
      expect(tried).toMatchObject({
        outcome: "failed",
        detail: expect.stringContaining("HTTP 500"),
        at: expect.any(String),
      });
    }
    expect(new Set(shown.attempt.tries.map(({ at }) => at)).size).toBe(5);
    expect(await executionsOf(world)).toMatchObject([{ status: "FAILED" }, { status: "SCHEDULED" }]);
    expect(await countEvents(world, "outreach.step-failed")).toBe(1);
  },
);

test("a vendor that takes a message and never answers leaves it UNKNOWN, is not called again, and its callback settles it", async () => {
  const world = await readyWorld();
  const [twilio, sendgrid] = [await connectTwilio(world), await connectSendgrid(world)];
  for (const vendor of [twilio, sendgrid]) vendor.answer(() => "hang");
  await begin(world, "SMS");
  await begin(world, "EMAIL");
  // Both are given up after their ten seconds.
  await world.drain();
  const unknown = await messagesOf(world);
  expect(unknown).toHaveLength(2);
  for (const message of unknown)
    expect(message).toMatchObject({ status: "unknown", attemptStatus: "UNKNOWN", tries: 1 });
  await afterwards(world, 36 * 60 * MINUTE);
  expect([twilio.taken.length, sendgrid.taken.length]).toEqual([1, 1]);
  expect((await executionsOf(world)).map(({ status }) => status)).toEqual(["SCHEDULED", "SCHEDULED"]);

  const idOf = (channel: string) => unknown.find((message) => message.channel === channel)?.id ?? "";
  const told = { sid: "SM9", messageId: idOf("SMS"), status: "delivered" };
  expect(await post(world, twilioStatus(world, told))).toBe(200);
  const event = { event: "delivered", sg_event_id: "e1", sg_message_id: "SG9.x", messageId: idOf("EMAIL") };
  expect(await post(world, sendgridPost(world, [event]))).toBe(200);
  await world.drain();
  for (const message of (await messagesOf(world)).slice(0, 2))
    expect(message).toMatchObject({
      status: "delivered",
      attemptStatus: "SUCCESS",
      providerRef: expect.stringMatching(/^S[MG]9$/),
    });
  const steps = await executionsOf(world);
  expect(steps.map(({ stepOrder, status }) => [stepOrder, status])).toEqual([
    [0, "DELIVERED"],
    [0, "DELIVERED"],
    [1, "SCHEDULED"],
    [1, "SCHEDULED"],
  ]);
  expect([twilio.taken.length, sendgrid.taken.length]).toEqual([1, 1]);
}, 60_000);

test("of fifty calls the seventh hangs: the other 49 are SENT within 15 seconds, while it still does", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const { promise: hung, resolve: hangUp } = Promise.withResolvers<"hang-up">();
  vendor.answer((one, index) => (index === 6 ? hung : vendor.accept(one, index)));
  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]);
  const rows = Array.from({ length: 50 }, (_, place) => ({
    phone: `+4915112345${String(place).padStart(3, "0")}`,
    firstName: "Ada",
    country: "DE",
  }));
  await world.request("POST", "/leads/upsert", { body: { rows } });
  await enroll(world, sequenceId, ...(await world.ctx.db.selectFrom("leads").select("id").execute()));

  const begun = elapsed();
  const work = world.drain();
  const withStatus = async (status: string) =>
    (await executionsOf(world)).filter((execution) => execution.status === status).length;
  await until(async () => (await withStatus("SENT")) === 49);
  expect(elapsed() - begun).toBeLessThan(15 * SECOND);
  expect((await messagesOf(world)).filter(({ status }) => status === "sending")).toMatchObject([
    { id: vendor.taken[6]?.messageId },
  ]);
  hangUp("hang-up");
  await work;
  expect(vendor.taken).toHaveLength(50);
  expect((await messagesOf(world)).filter(({ status }) => status !== "sent")).toMatchObject([
    { id: vendor.taken[6]?.messageId, status: "unknown" },
  ]);
});

test("a vendor that fails and yet says that it has the message is not given it again, and the sequence goes on", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 503, body: "oops" }));
  await begin(world, "SMS");
  await world.drain();
  const { id } = await onlyMessage(world);
  expect(await onlyMessage(world)).toMatchObject({ status: "queued", tries: 1 });
  vendor.answer(vendor.accept);
  expect(await post(world, twilioStatus(world, { sid: "SM-late", messageId: id, status: "queued" }))).toBe(200);
  await afterwards(world, 12 * 60 * MINUTE);
  expect(handOvers(vendor)).toEqual([id]);
  expect(await onlyMessage(world)).toMatchObject({ status: "sent", providerRef: "SM-late" });
  expect((await executionsOf(world)).map(({ status }) => status)).toEqual(["SENT", "SCHEDULED"]);
});
