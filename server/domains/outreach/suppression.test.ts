import { expect, test } from "vitest";
import type { World } from "#test/world.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { findEnrollment } from "./queries/enrollments.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

const suppress = async (world: World, body: { kind: "EMAIL" | "PHONE"; address: string | null; scope: string }) => {
  const reply = await world.request("POST", "/suppressions", { body });
  expect(reply.status, reply.text).toBeLessThan(300);
  await world.drain();
};

async function enroll(world: World, leadId: string, channels: ("EMAIL" | "SMS" | "CALL")[]): Promise<string> {
  const steps = channels.map((channel) => ({ channel, delayValue: 24 }));
  const sequenceId = await activeSequence(world.ctx, steps);
  const [outcome] = await enrollLeads(world.ctx, { sequenceId, leadIds: [leadId], by: "person" });
  return outcome?.enrollmentId ?? "";
}

test("a person who suppresses an address ends at once what has no other way to the lead, and nothing else", async () => {
  const world = await sendingWorld();
  const lead = await world.make.lead({ country: "DE" });
  const other = await world.make.lead({ country: "DE" });
  const letters = await enroll(world, lead.id, ["EMAIL", "EMAIL"]);
  const mixed = await enroll(world, lead.id, ["EMAIL", "SMS"]);
  const texts = await enroll(world, lead.id, ["SMS"]);
  const elsewhere = await enroll(world, other.id, ["EMAIL"]);
  await suppress(world, { kind: "EMAIL", address: lead.email, scope: "EMAIL" });
  expect(await findEnrollment(world.ctx, letters)).toMatchObject({
    status: "CANCELLED",
    endReason: "may no longer be contacted: every address for the steps left is suppressed",
  });
  for (const id of [mixed, texts, elsewhere])
    expect(await findEnrollment(world.ctx, id), id).toMatchObject({ status: "ACTIVE" });

  await suppress(world, { kind: "PHONE", address: lead.phone, scope: "SMS" });
  expect(await findEnrollment(world.ctx, mixed)).toMatchObject({ status: "CANCELLED" });
  expect(await findEnrollment(world.ctx, texts)).toMatchObject({ status: "CANCELLED" });
  await world.advance(60 * 72);
  expect((await world.sandbox.sent()).map(({ to }) => to)).toEqual([other.email]);
});

test("a suppression of the phone for texts leaves calls, and steps that are done do not count", async () => {
  const world = await sendingWorld();
  const lead = await world.make.lead({ country: "DE" });
  const calls = await enroll(world, lead.id, ["SMS", "CALL"]);
  await world.advance(60 * 25);
  await suppress(world, { kind: "PHONE", address: lead.phone, scope: "SMS" });
  expect(await findEnrollment(world.ctx, calls)).toMatchObject({ status: "ACTIVE" });
  await suppress(world, { kind: "PHONE", address: lead.phone, scope: "CALL" });
  expect(await findEnrollment(world.ctx, calls)).toMatchObject({ status: "CANCELLED" });
});
