import { expect, test } from "vitest";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectSendgrid, sendgridPost, post } from "#test/vendors.ts";
import { connectTwilio } from "#test/vendors.ts";
import { updateIntegration } from "#platform/integrations/commands/update.ts";

test("a touch that waits for its next try goes out from the number that the workspace has by then", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  vendor.answer(() => ({ status: 500 }));
  const lead = await world.make.lead({ phone: "+4915112345678", country: "DE" });
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), lead);
  await world.drain();
  const row = await world.ctx.db.selectFrom("integrationConfigs").select("id").executeTakeFirstOrThrow();
  await updateIntegration(world.runtime, world.ctx, row.id, { fromNumber: "+12125550111" });
  vendor.answer(vendor.accept);
  await world.advance(10);
  expect(vendor.taken.map(({ body }) => new URLSearchParams(body).get("From"))).toEqual([
    "+12125550100",
    "+12125550111",
  ]);
  expect(await messagesOf(world)).toMatchObject([{ status: "sent", from: "+12125550111", provider: "twilio" }]);
});

test("a touch that waits for its next try goes out through the vendor that the workspace has by then, and is found by its reports", async () => {
  const world = await readyWorld();
  // Nobody listens at this port: the first try cannot have gone out.
  await connectIntegration(world.runtime, world.ctx, {
    provider: "smtp",
    credentials: { host: "127.0.0.1", port: 1, fromEmail: "old@former.example" },
  });
  const lead = await world.make.lead();
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]), lead);
  await world.drain();
  expect(await messagesOf(world)).toMatchObject([{ status: "queued", tries: 1, provider: "smtp" }]);
  const vendor = await connectSendgrid(world);
  await world.advance(10);
  expect(vendor.taken).toHaveLength(1);
  expect(JSON.parse(vendor.taken[0]?.body ?? "")).toMatchObject({ from: { email: "hello@maple.example" } });
  const [sent] = await messagesOf(world);
  expect(sent).toMatchObject({ status: "sent", provider: "sendgrid", from: "hello@maple.example" });
  const event = {
    event: "delivered",
    sg_event_id: "e1",
    sg_message_id: `${sent?.providerRef}.recv`,
    email: lead.email,
  };
  expect(await post(world, sendgridPost(world, [{ ...event, timestamp: 1_772_452_800 }]))).toBe(200);
  await world.drain();
  expect(await executionsOf(world)).toMatchObject([{ status: "DELIVERED" }]);
});
