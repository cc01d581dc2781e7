import { expect, test } from "vitest";
import { recordOutcomes } from "./record-outcomes.ts";
import { enroll, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";

test("a vendor's reference names one message: the database refuses it for a second one", async () => {
  const world = await readyWorld();
  const leads = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), ...leads);
  await world.advance(1);
  const [first, second] = await messagesOf(world);
  expect(first?.providerRef).not.toBe(second?.providerRef);
  const outcome = { kind: "accepted" as const, providerRef: first?.providerRef ?? "" };
  await expect(recordOutcomes(world.ctx, [{ messageId: second?.id ?? "", outcome }])).rejects.toMatchObject({
    code: "23505",
  });
});
