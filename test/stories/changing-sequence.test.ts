import { expect, test } from "vitest";
import { sendQueued } from "#domains/messaging/commands/send-queued.ts";
import { inTransaction } from "#platform/context.ts";
import { enroll, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectTwilio } from "#test/vendors.ts";

test("a queued touch does not wait for whoever is changing its sequence, who may be waiting for it: it is taken up a moment later", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 500 }));
  const lead = await world.make.lead({ phone: "+4915112345678", country: "DE" });
  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]);
  await enroll(world, sequenceId, lead);
  await world.drain();
  vendor.answer(vendor.accept);
  world.clock.advance(5 * 60_000);
  await inTransaction(world.ctx, async (tx) => {
    await tx.db.selectFrom("retentionSequences").select("id").where("id", "=", sequenceId).forUpdate().execute();
    await sendQueued(world.ctx);
    expect(await messagesOf(world)).toMatchObject([{ status: "queued", tries: 1 }]);
    // The one who changes it gets the message at once.
    await tx.db.selectFrom("messages").select("id").where("leadId", "=", lead.id).forUpdate().execute();
  });
  await world.advance(1);
  expect(await messagesOf(world)).toMatchObject([{ status: "sent", tries: 2 }]);
  expect(vendor.taken).toHaveLength(2);
});
