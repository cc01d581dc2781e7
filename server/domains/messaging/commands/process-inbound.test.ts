import { expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { sandboxReceipt, sandboxReply } from "#providers/sandbox/port.ts";
import type { WebhookFact } from "#providers/webhook.ts";
import { type World, testWorld } from "#test/world.ts";
import { storeFacts } from "../queries/inbound.ts";
import { processInboundEvents } from "./process-inbound.ts";
import { tidyUp } from "./settle-stale.ts";

const store = (world: World, facts: readonly WebhookFact[]) =>
  storeFacts(
    world.ctx,
    "sandbox-sms",
    facts.map((fact) => ({ id: newId("inb"), externalId: fact.externalId, fact })),
  );

const text = (from: string, id: string, words = "Tell me more"): WebhookFact =>
  sandboxReply({ id, channel: "SMS", from, to: "+15005550006", text: words, at: null });

const messages = (world: World) =>
  world.ctx.db
    .selectFrom("messages")
    .select(["leadId", "text", "awaitsReply"])
    .where("workspaceId", "=", world.workspace)
    .orderBy("id")
    .execute();

const statuses = async (world: World) => {
  const rows = await world.ctx.db
    .selectFrom("inboundEvents")
    .select("status")
    .where("workspaceId", "=", world.workspace)
    .execute();
  return new Set(rows.map(({ status }) => status));
};

test("however many jobs process what came in at once, every message is taken in once and in order", async () => {
  const world = await testWorld();
  const leads = [await world.make.lead({}), await world.make.lead({}), await world.make.lead({})];
  const facts = Array.from({ length: 450 }, (_, place) =>
    text(leads[place % 3]?.phone ?? "", `in_${place}`, `${place}`),
  );
  for (let from = 0; from < facts.length; from += 50) await store(world, facts.slice(from, from + 50));

  await Promise.all(Array.from({ length: 8 }, () => processInboundEvents(world.ctx)));

  expect(await statuses(world)).toEqual(new Set(["processed"]));
  const taken = await messages(world);
  expect(taken.map((message) => message.text).toSorted()).toEqual(facts.map((_, place) => `${place}`).toSorted());
  // The latest words of each lead stand for all that waits.
  const waiting = taken.filter(({ awaitsReply }) => awaitsReply);
  expect(new Set(waiting.map(({ leadId }) => leadId))).toEqual(new Set(leads.map(({ id }) => id)));
  expect(waiting).toHaveLength(3);
});

test("of a STOP and a START that came together, the later one holds", async () => {
  const world = await testWorld();
  const [first, second] = [await world.make.lead({}), await world.make.lead({})];
  await store(world, [
    text(first.phone ?? "", "in_1", "STOP"),
    text(second.phone ?? "", "in_2", "START"),
    text(first.phone ?? "", "in_3", "START"),
    text(second.phone ?? "", "in_4", "STOP"),
  ]);
  await processInboundEvents(world.ctx);

  const inForce = await world.ctx.db
    .selectFrom("suppressions")
    .select("value")
    .where("workspaceId", "=", world.workspace)
    .where("liftedAt", "is", null)
    .execute();
  expect(inForce).toEqual([{ value: second.phone }]);
});

test("a receipt for a message that nobody knows is kept beside what people wrote in the same moment", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({});
  await store(world, [
    sandboxReceipt({ messageId: "msg_01m7ye2780ekzrcd8wtgwmt564", status: "delivered", at: null }),
    text(lead.phone ?? "", "in_1"),
  ]);
  await processInboundEvents(world.ctx);
  expect(await statuses(world)).toEqual(new Set(["processed", "unmatched"]));
  expect(await messages(world)).toMatchObject([{ leadId: lead.id, awaitsReply: true }]);
});

test("an event whose process died before it asked for the job is found within two minutes", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({});
  await store(world, [text(lead.phone ?? "", "in_1")]);
  await world.drain();
  expect(await statuses(world)).toEqual(new Set(["received"]));

  world.clock.advance(90_000);
  await tidyUp(world.ctx);
  await world.drain();
  expect(await statuses(world)).toEqual(new Set(["processed"]));
});
