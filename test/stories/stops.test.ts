import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { dispatchBatch } from "#domains/outreach/engine/dispatch.ts";
import { newId } from "#platform/ids.ts";
import { drainJobs } from "#platform/job-worker.ts";
import { CONNECTIONS } from "#providers/http.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { type Vendor, connectTwilio, post, twilioText, until } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

const hear = async (world: World, from: string, body: string) =>
  expect(await post(world, twilioText(world, { sid: newId("inb"), from, body }))).toBe(200);

/** So many people with a German number each, in the order of their numbers. */
async function crowd(world: World, count: number) {
  const rows = Array.from({ length: count }, (_, place) => ({
    phone: `+4915112345${String(place).padStart(3, "0")}`,
    firstName: "Ada",
    country: "DE",
  }));
  expect((await world.request("POST", "/leads/upsert", { body: { rows } })).status).toBe(200);
  return world.ctx.db.selectFrom("leads").select(["id", "phone"]).orderBy("phone").execute();
}

const sentTo = ({ taken }: Vendor, phone: string) => taken.filter(({ to }) => to === phone).length;

test("a STOP, a reply and a cancellation that arrive between claim and hand-over keep the touch from being sent", async () => {
  const world = await readyWorld();
  await updateSettings(world.ctx, { smsPerMinute: 1_000 });
  const vendor = await connectTwilio(world);
  const leads = await crowd(world, CONNECTIONS + 22);
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, ...leads);

  // All are claimed; the vendor has as many as it takes at once, and answers none of them: the rest is not handed over.
  const { promise: answered, resolve: answerAll } = Promise.withResolvers<void>();
  vendor.answer(async (one, index) => {
    await answered;
    return vendor.accept(one, index);
  });
  const work = dispatchBatch(world.ctx);
  await until(() => vendor.taken.length === CONNECTIONS);
  const waiting = (await messagesOf(world)).filter(({ status }) => status === "queued");
  expect(waiting).toHaveLength(22);

  const [stopped, replied, cancelled] = waiting;
  await hear(world, stopped?.to ?? "", "Stop!");
  await hear(world, replied?.to ?? "", "I would rather call you");
  const enrollment = (await enrollmentsOf(world)).find(({ leadId }) => leadId === cancelled?.leadId);
  expect((await world.request("POST", `/enrollments/${enrollment?.id}/cancel`, { body: {} })).status).toBe(200);
  expect(await drainJobs(world.runtime, world.app.ownerPool)).toEqual([]);
  answerAll();
  await work;

  const touches = (await messagesOf(world)).filter(({ purpose }) => purpose === "sequence");
  const unsent = touches.filter(({ status }) => status !== "sent");
  expect(new Set(unsent.map(({ id }) => id))).toEqual(new Set([stopped?.id, replied?.id, cancelled?.id]));
  for (const message of unsent) expect(message).toMatchObject({ status: "cancelled", tries: 0, handedAt: null });
  expect(vendor.taken.filter(({ messageId }) => unsent.some(({ id }) => id === messageId))).toEqual([]);
  const steps = (await executionsOf(world)).filter(({ status }) => status === "SKIPPED");
  expect(Object.groupBy(steps, ({ result }) => String(result.reason))).toMatchObject({
    "opted out: STOP_REPLY": [{ stepOrder: 0, leadId: stopped?.leadId }, { stepOrder: 1 }],
    replied: [{ stepOrder: 0, leadId: replied?.leadId }, { stepOrder: 1 }],
    "cancelled by a person": [{ stepOrder: 0, leadId: cancelled?.leadId }, { stepOrder: 1 }],
  });
  await world.advance(60 * 24 * 3);
  expect(vendor.taken.filter(({ to }) => to === replied?.to || to === cancelled?.to)).toEqual([]);
  // The confirmation that the person asked for by stopping.
  expect(sentTo(vendor, stopped?.to ?? "")).toBe(1);
});

test("a STOP that comes while a touch waits for its next try ends it: the vendor is not called again for it", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 500 }));
  const [lead] = await crowd(world, 1);
  if (!lead?.phone) throw new Error("There is no lead.");
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), lead);
  await world.drain();
  const [waiting] = await messagesOf(world);
  expect(waiting).toMatchObject({ status: "queued", tries: 1 });
  vendor.answer(vendor.accept);
  await hear(world, lead.phone, "STOP");
  await world.advance(60 * 24);
  expect(vendor.taken.filter(({ messageId }) => messageId === waiting?.id)).toHaveLength(1);
  expect((await messagesOf(world))[0]).toMatchObject({ status: "cancelled" });
});

test("a STOP from a number outlives its lead: deleted and imported again, the person is still suppressed and gets nothing", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]);
  const [lead] = await crowd(world, 1);
  await hear(world, lead?.phone ?? "", "stop");
  await world.drain();
  const confirmations = vendor.taken.length;
  expect((await world.request("DELETE", `/leads/${lead?.id}`)).status).toBe(200);
  const [again] = await crowd(world, 1);
  expect(again?.id).not.toBe(lead?.id);
  expect(again?.phone).toBe(lead?.phone);

  await enroll(world, sequenceId, { id: again?.id ?? "" });
  await world.advance(60 * 24);
  expect(vendor.taken).toHaveLength(confirmations);
  expect((await world.request("GET", "/suppressions?active=true")).body).toMatchObject({
    data: [{ value: lead?.phone, reason: "STOP_REPLY", scope: "ALL" }],
  });
  expect(await executionsOf(world)).toMatchObject([
    { status: "SKIPPED", result: { reason: expect.stringMatching(/STOP_REPLY/) } },
  ]);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CANCELLED" }]);
});

test("a text from a phone that two leads share belongs to the one who was messaged last", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const phone = "+4915112345678";
  const [ana, leo] = [
    await world.make.lead({ phone, country: "DE", firstName: "Ana" }),
    await world.make.lead({ phone, country: "DE", firstName: "Leo" }),
  ];
  const settings = { sendWindow: ALWAYS, stopOnReply: false };
  const sequenceId = await sequenceOf(
    world,
    [
      { channel: "SMS", value: 0, unit: "HOURS" },
      { channel: "SMS", value: 2, unit: "DAYS" },
    ],
    { settings },
  );
  const whose = async () =>
    (
      await world.ctx.db
        .selectFrom("messages")
        .select("leadId")
        .where("direction", "=", "inbound")
        .orderBy("createdAt")
        .execute()
    ).map(({ leadId }) => leadId);

  await enroll(world, sequenceId, ana);
  await world.advance(60);
  await enroll(world, sequenceId, leo);
  await world.advance(60);
  expect(vendor.taken.map(({ to }) => to)).toEqual([phone, phone]);
  await hear(world, phone, "Who is this?");
  await world.drain();
  expect(await whose()).toEqual([leo.id]);
  // Two days later Ana is written to first, and answers before Leo is.
  await world.advance(60 * 46 + 30);
  expect(vendor.taken).toHaveLength(3);
  await hear(world, phone, "Yes, please");
  await world.drain();
  expect(await whose()).toEqual([leo.id, ana.id]);
});

test("a reply of one ends the sequence for their organisation where it says so: the same company or domain, and nobody else, in the reply's own transaction", async () => {
  const world = await readyWorld();
  await connectTwilio(world);
  const settings = { sendWindow: ALWAYS };
  const steps = [{ channel: "SMS", value: 2, unit: "DAYS" }] as const;
  const together = await sequenceOf(world, steps, { settings: { ...settings, sameCompany: true } });
  const apart = await sequenceOf(world, steps, { settings });
  const lead = (number: number, company: string | undefined, email: string) =>
    world.make.lead({ phone: `+4915112345${number}`, country: "DE", company, email });
  const who = await lead(100, "Kestrel, Inc.", "ana@kestrel-labs.example");
  const ends = [await lead(101, "KESTREL", "b@gmail.com"), await lead(102, undefined, "c@kestrel-labs.example")];
  const stays = [
    await lead(103, "Kestrel Partners", "d@partners.example"),
    await lead(104, "Kestrelle", "e@other-labs.example"),
    await lead(105, undefined, "f@gmail.com"),
  ];
  await enroll(world, together, who, ...ends, ...stays);
  await enroll(world, apart, who, ...ends);
  await hear(world, "+4915112345100", "Let us talk");
  expect(await drainJobs(world.runtime, world.app.ownerPool)).toEqual([]);
  const left = (await enrollmentsOf(world)).filter(({ status }) => status === "CANCELLED");
  expect(Object.groupBy(left, ({ endReason }) => String(endReason))).toMatchObject({
    replied: [{ leadId: who.id }, { leadId: who.id }],
  });
  const colleagues = left.filter(({ endReason }) => endReason === "a colleague replied");
  expect(colleagues.map(({ leadId }) => leadId).toSorted()).toEqual(ends.map(({ id }) => id).toSorted());
  expect(new Set(colleagues.map(({ sequenceId }) => sequenceId))).toEqual(new Set([together]));
  const told = (await executionsOf(world)).filter(({ result }) => result.reason === "a colleague replied");
  expect(told).toHaveLength(2);
});

test("one who has come to the end of the sequence still answers for their organisation; an out-of-office answer and a STOP answer for nobody", async () => {
  const world = await readyWorld();
  await connectTwilio(world);
  const settings = { sendWindow: ALWAYS, sameCompany: true };
  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }], { settings });
  const lead = (number: number) =>
    world.make.lead({ phone: `+4915112345${number}`, country: "DE", company: "Kestrel" });
  const [first, no, later] = [await lead(100), await lead(101), await lead(102)];
  await enroll(world, sequenceId, first, no);
  await world.drain();
  expect((await enrollmentsOf(world)).map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED"]);
  // Their touch is due; only what comes in is worked off below.
  await enroll(world, sequenceId, later);
  const read = async () => expect(await drainJobs(world.runtime, world.app.ownerPool)).toEqual([]);
  const fate = async () => (await enrollmentsOf(world)).find(({ leadId }) => leadId === later.id);
  await hear(world, "+4915112345101", "STOP");
  await read();
  expect(await fate()).toMatchObject({ status: "ACTIVE" });
  await hear(world, "+4915112345100", "We have signed with somebody else");
  await read();
  expect(await fate()).toMatchObject({ status: "CANCELLED", endReason: "a colleague replied" });
});
