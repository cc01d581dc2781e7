import { expect, test } from "vitest";
import { z } from "zod";
import { updateSettings } from "#domains/accounts/index.ts";
import { importWorld } from "#domains/leads/imports/test-import.ts";
import { sendQueued } from "#domains/messaging/commands/send-queued.ts";
import { dispatchLoop } from "#domains/outreach/engine/dispatch.ts";
import { createApp } from "#server/app.ts";
import { seedDueSms } from "#test/due-sms.ts";
import {
  countEvents,
  enroll,
  enrollmentsOf,
  executionsOf,
  messagesOf,
  readyWorld,
  sequenceOf,
} from "#test/sequences.ts";
import { connectTwilio, post, twilioText, until } from "#test/vendors.ts";
import { type Method, type World, testDatabase } from "#test/world.ts";

const CALLERS = 20;
const atOnce = <T>(call: (place: number) => Promise<T>) =>
  Promise.all(Array.from({ length: CALLERS }, (_, place) => call(place)));

/** Twenty equal requests at once: how many got which status. */
async function race(world: World, method: Method, path: string, body?: unknown) {
  const replies = await atOnce(() => world.request(method, path, body === undefined ? {} : { body }));
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const idIn = (value: unknown) => z.object({ id: z.string() }).parse(value).id;
const rowsOf = async (
  { ctx }: World,
  table: "tags" | "leadTags" | "campaignLeads" | "suppressions" | "inboundEvents",
) => (await ctx.db.selectFrom(table).select("workspaceId").execute()).length;

test("twenty who make one tag, and put it on one lead, make it and put it there once", async () => {
  const world = await readyWorld();
  expect(await race(world, "POST", "/tags", { name: "Very important" })).toEqual({ 201: 1, 409: 19 });
  const lead = await world.make.lead();
  expect(await race(world, "POST", `/leads/${lead.id}/tags`, { names: ["new", "VERY important"] })).toEqual({
    200: 20,
  });
  expect([await rowsOf(world, "tags"), await rowsOf(world, "leadTags")]).toEqual([2, 2]);
  expect(await countEvents(world, "leads.lead-updated")).toBe(1);
});

test("of twenty who activate, pause, resume or archive a sequence one does it, and the others are told its state", async () => {
  const world = await readyWorld();
  const sequenceId = await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "DAYS" }]);
  await world.ctx.db.updateTable("retentionSequences").set({ status: "DRAFT" }).execute();
  for (const move of ["activate", "pause", "resume", "archive"]) {
    expect(await race(world, "POST", `/sequences/${sequenceId}/${move}`), move).toEqual({ 200: 1, 409: 19 });
    if (move === "activate") await enroll(world, sequenceId, await world.make.lead(), await world.make.lead());
  }
  expect(await countEvents(world, "outreach.sequence-changed")).toBe(4);
  for (const what of ["paused", "resumed", "cancelled"])
    expect(await countEvents(world, `outreach.enrollment-${what}`), what).toBe(2);
});

test("of twenty who assign a lead to a campaign, move it, or delete it, one does it", async () => {
  const world = await readyWorld();
  const id = idIn((await world.request("POST", "/campaigns", { body: { name: "Spring" } })).body);
  const lead = await world.make.lead();
  expect(await race(world, "POST", `/campaigns/${id}/leads`, { leadIds: [lead.id] })).toEqual({ 200: 20 });
  expect(await rowsOf(world, "campaignLeads")).toBe(1);
  for (const move of ["activate", "pause", "activate", "complete"])
    expect(await race(world, "POST", `/campaigns/${id}/${move}`), move).toEqual({ 200: 1, 409: 19 });
  expect(await race(world, "DELETE", `/campaigns/${id}`)).toEqual({ 204: 1, 404: 19 });
});

test("twenty who enrol one lead, cancel it, close its address, open it again, or delete it do each once", async () => {
  const world = await readyWorld();
  const sequenceId = await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "DAYS" }]);
  const lead = await world.make.lead();
  const enrolling = { leadIds: [lead.id] };
  expect(await race(world, "POST", `/sequences/${sequenceId}/enrollments`, enrolling)).toEqual({ 200: 20 });
  expect([(await enrollmentsOf(world)).length, (await executionsOf(world)).length]).toEqual([1, 1]);
  const [enrollment] = await enrollmentsOf(world);
  const cancelled = await race(world, "POST", `/enrollments/${enrollment?.id}/cancel`, {});
  // Who waited for the one that did it finds it done; who came later is refused.
  expect((cancelled[200] ?? 0) + (cancelled[409] ?? 0)).toBe(CALLERS);
  const closing = { kind: "EMAIL", address: lead.email };
  expect(await race(world, "POST", "/suppressions", closing)).toEqual({ 201: 20 });
  expect(await rowsOf(world, "suppressions")).toBe(1);
  const { id } = await world.ctx.db.selectFrom("suppressions").select("id").executeTakeFirstOrThrow();
  expect(await race(world, "POST", `/suppressions/${id}/lift`, { reason: "asked for it" })).toEqual({
    204: 1,
    409: 19,
  });
  expect(await race(world, "DELETE", `/leads/${lead.id}`)).toEqual({ 200: 1, 404: 19 });
  for (const type of [
    "outreach.lead-enrolled",
    "outreach.enrollment-cancelled",
    "leads.address-suppressed",
    "leads.suppression-lifted",
    "leads.lead-deleted",
  ])
    expect(await countEvents(world, type), type).toBe(1);
});

test("twenty who start one import run it once, and save its mapping under one name once", async () => {
  const world = await importWorld();
  const { importId } = await world.upload("Email,Name\nana@example.com,Ana\nleo@example.com,Leo\n");
  const columns = [
    { column: 0, header: "Email", field: "email" },
    { column: 1, header: "Name", field: "firstName" },
  ];
  expect(await race(world, "PUT", `/imports/${importId}/mapping`, { columns, saveAs: "List" })).toEqual({ 200: 20 });
  expect(await world.ctx.db.selectFrom("importMappings").select("name").execute()).toEqual([{ name: "List" }]);
  expect(await race(world, "POST", `/imports/${importId}/start`)).toEqual({ 200: 1, 409: 19 });
  await world.drain();
  expect(await world.show(importId)).toMatchObject({ status: "COMPLETED", created: 2, rowsRead: 2 });
  expect(await countEvents(world, "leads.import-finished")).toBe(1);
});

test("twenty who claim the same due steps, and then the same queued messages, hand each over once", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 503 }));
  // Fewer than would pause the vendor.
  await seedDueSms(world.app.ownerPool, { workspace: world.workspace, count: 19, at: world.clock.now() });
  await atOnce(() => dispatchLoop.turn(world.runtime));
  expect(vendor.taken).toHaveLength(19);
  vendor.answer(vendor.accept);
  world.clock.advance(2 * 60_000);
  await atOnce(() => sendQueued(world.ctx));
  expect(vendor.taken).toHaveLength(38);
  expect(new Set(vendor.taken.slice(19).map(({ messageId }) => messageId)).size).toBe(19);
  expect((await messagesOf(world)).filter(({ status, tries }) => status !== "sent" || tries !== 2)).toEqual([]);
});

test("of twenty who settle one unknown message one does it, and its sequence goes on once", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => "hang-up");
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, await world.make.lead({ country: "DE" }));
  await world.drain();
  const [message] = await messagesOf(world);
  expect(message?.status).toBe("unknown");
  expect(await race(world, "POST", `/messages/${message?.id}/settle`, { outcome: "sent" })).toEqual({
    200: 1,
    409: 19,
  });
  expect((await executionsOf(world)).map(({ status }) => status)).toEqual(["SENT", "SCHEDULED"]);
  expect(await countEvents(world, "outreach.step-sent")).toBe(1);
});

test("one STOP that a vendor posts twenty times at once is stored once and confirmed once", async () => {
  const world = await readyWorld();
  await updateSettings(world.ctx, { smsPerMinute: 1_000 });
  const vendor = await connectTwilio(world);
  const lead = await world.make.lead({ country: "DE" });
  const { url, database } = await testDatabase();
  // Another process works on the same jobs.
  const { config, clock } = world.runtime;
  const other = await createApp({ config, databaseUrl: url, database, clock });
  await Promise.all([world.app.start(), other.start()]);
  const stop = twilioText(world, { sid: "SM1", from: lead.phone ?? "", body: "STOP" });
  expect(new Set(await atOnce(() => post(world, stop)))).toEqual(new Set([200]));
  await until(() => vendor.taken.length > 0);
  await other.stop();
  await world.drain();
  expect(vendor.taken).toHaveLength(1);
  expect([await rowsOf(world, "inboundEvents"), await rowsOf(world, "suppressions")]).toEqual([1, 1]);
  expect(await countEvents(world, "messaging.message-received")).toBe(1);
});
