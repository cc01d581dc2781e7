import { expect, test } from "vitest";
import { z } from "zod";
import { applyFacts } from "#domains/messaging/commands/apply-facts.ts";
import { inTransaction } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectSendgrid, connectTwilio, twilioListed, twilioListing, type Vendor } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

const PHONE = "+4915112345678";
/** The message of `unknownText` as Twilio lists it, in these words. */
const asListed = (body: string) => twilioListed({ to: PHONE, body });

/** A text that Twilio took, without a word. */
async function unknownText(): Promise<{ world: World; vendor: Vendor }> {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => "hang-up");
  const lead = await world.make.lead({ phone: PHONE, country: "DE", timeZone: "Europe/Berlin" });
  const steps = [
    { channel: "SMS", value: 0, unit: "HOURS" } as const,
    { channel: "SMS", value: 2, unit: "DAYS" } as const,
  ];
  await enroll(world, await sequenceOf(world, steps), lead);
  await world.drain();
  vendor.answer(vendor.accept);
  return { world, vendor };
}

async function first(world: World) {
  const [message] = await messagesOf(world);
  if (!message) throw new Error("There is no message.");
  return message;
}

test("a message whose outcome is unknown is asked about after two minutes, and what the vendor says of it settles it without a second call", async () => {
  const { world, vendor } = await unknownText();
  const { text } = await first(world);
  vendor.tell(twilioListing([asListed(text)]));
  await world.advance(1);
  expect(vendor.questions).toEqual([]);
  await world.advance(1);
  expect(vendor.questions).toHaveLength(1);
  expect(await first(world)).toMatchObject({ status: "delivered", providerRef: "SM-found", attemptStatus: "SUCCESS" });
  expect((await executionsOf(world))[0]).toMatchObject({ status: "DELIVERED" });
  expect(vendor.taken).toHaveLength(1);
});

test("a vendor that never had the message is believed ten minutes after, not before, and nothing is sent again by itself", async () => {
  const { world, vendor } = await unknownText();
  vendor.tell(twilioListing([]));
  await world.advance(9);
  expect(vendor.questions).toHaveLength(1);
  expect(await first(world)).toMatchObject({ status: "unknown" });
  await world.advance(1);
  expect(await first(world)).toMatchObject({
    status: "failed",
    attemptStatus: "FAILED",
    failure: "the vendor was asked and never had it",
  });
  await world.advance(60);
  expect(vendor.taken).toHaveLength(1);
});

test("a vendor that does not answer is asked four times in all; after a day a person finds the message on the home page", async () => {
  const { world, vendor } = await unknownText();
  const attention = async () => (await world.request("GET", "/messages/overview")).body;
  await world.advance(24 * 60 - 1);
  expect(vendor.questions).toHaveLength(4);
  expect(await attention()).toMatchObject({ unknown: { count: 0 } });
  await world.advance(2);
  expect(vendor.questions).toHaveLength(4);
  expect(await attention()).toMatchObject({ unknown: { count: 1 } });
  expect(await first(world)).toMatchObject({ status: "unknown", dueAt: null });
});

test("a text that Twilio has changed is recognised; one in words that it cannot have from us leaves the outcome unknown, unless it is another message of ours", async () => {
  const { world, vendor } = await unknownText();
  const { id, text } = await first(world);
  const strange = { ...asListed("Quite other words"), sid: "SM-strange" };
  vendor.tell(twilioListing([strange]));
  await world.advance(61);
  expect(vendor.questions).toHaveLength(3);
  expect(await first(world)).toMatchObject({ id, status: "unknown" });
  vendor.tell(twilioListing([strange, asListed(`Sent from your Twilio trial account - ${text.trim()}`)]));
  await world.advance(60 * 5);
  expect(await first(world)).toMatchObject({ id, status: "delivered", providerRef: "SM-found" });
  expect(vendor.taken).toHaveLength(1);
});

test("another message of ours to the same person is no reason to doubt that a text never came", async () => {
  const { world, vendor } = await unknownText();
  const { id } = await first(world);
  await world.app.ownerPool.query(
    `insert into messages (id, workspace_id, direction, channel, status, purpose, "from", "to", text, provider, provider_ref, created_at)
     values ($1, $2, 'outbound', 'SMS', 'delivered', 'reply', '+12125550100', '+4915112345678', 'Quite other words', 'twilio', 'SM-other', $3)`,
    [newId("msg"), world.workspace, world.clock.now()],
  );
  vendor.tell(twilioListing([{ ...asListed("Quite other words"), sid: "SM-other" }]));
  await world.advance(11);
  const settled = (await messagesOf(world)).find((message) => message.id === id);
  expect(settled).toMatchObject({ status: "failed", failure: "the vendor was asked and never had it" });
});

test("a complaint about a message whose outcome is unknown does not keep its vendor from being asked", async () => {
  const { world, vendor } = await unknownText();
  vendor.tell(() => ({ status: 500, body: "out of order" }));
  const { id } = await first(world);
  const fact = {
    kind: "status" as const,
    externalId: "a complaint",
    providerRef: null,
    messageId: id,
    status: "complained" as const,
    hard: false,
    detail: "told the carrier",
    at: world.clock.now(),
  };
  await inTransaction(world.ctx, (tx) => applyFacts(tx, "twilio", [{ eventId: "evt", fact }]));
  expect(await first(world)).toMatchObject({ status: "unknown" });
  await world.advance(2);
  expect(vendor.questions).toHaveLength(1);
});

test("of two messages at the vendor's that look alike neither is taken for ours", async () => {
  const { world, vendor } = await unknownText();
  const { text } = await first(world);
  vendor.tell(twilioListing([asListed(text), { ...asListed(text), sid: "SM-other" }]));
  await world.advance(11);
  expect(await first(world)).toMatchObject({ status: "unknown" });
});

test("a vendor that cannot be asked is left alone", async () => {
  const world = await readyWorld();
  const vendor = await connectSendgrid(world);
  vendor.answer(() => "hang-up");
  await enroll(
    world,
    await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]),
    await world.make.lead(),
  );
  await world.advance(30);
  expect(vendor.questions).toEqual([]);
  expect(await first(world)).toMatchObject({ status: "unknown", dueAt: null });
});

test("a person may send it again: the former counts as failed, and the new touch is theirs", async () => {
  const { world, vendor } = await unknownText();
  const former = await first(world);
  const again = (as: "MEMBER" | "VIEWER" = "MEMBER") =>
    world.request("POST", `/messages/${former.id}/send-again`, { as });
  expect((await again("VIEWER")).status).toBe(403);
  await world.advance(24 * 60);
  const { status, body } = await again();
  expect(status).toBe(200);
  const { messageId } = z.object({ messageId: z.string(), waitsUntil: z.null() }).parse(body);
  const sent = (await messagesOf(world)).find(({ id }) => id === messageId);
  expect(sent).toMatchObject({ status: "sent", purpose: "one_off", text: former.text, to: former.to });
  expect(vendor.taken.map((one) => one.messageId)).toEqual([former.id, messageId]);
  expect(await first(world)).toMatchObject({ status: "failed", failure: `sent again by a person, as ${messageId}` });
  const event = await world.ctx.db
    .selectFrom("events")
    .select(["actorKind", "payload"])
    .where("type", "=", "messaging.message-sent-again")
    .executeTakeFirstOrThrow();
  expect(event).toMatchObject({ actorKind: "user", payload: { formerId: former.id, messageId } });
  expect((await again()).status).toBe(409);
});
