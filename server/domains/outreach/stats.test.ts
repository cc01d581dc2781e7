import { expect, test } from "vitest";
import type { World } from "#test/world.ts";
import { changeManyLeads } from "#domains/leads/commands/change-leads.ts";
import { cancelEnrollment } from "./commands/cancel-enrollment.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { countFunnel, countSteps } from "./queries/stat-rows.ts";
import { ALWAYS, activeSequence, sendingWorld } from "./test-sequences.ts";

async function answer(world: World, to: string | null, text: string): Promise<void> {
  const sent = (await world.sandbox.sent()).findLast((one) => one.to === to);
  const reply = await world.request("POST", `/sandbox/deliveries/${sent?.id}/reply`, { body: { text } });
  expect(reply.status).toBe(200);
  await world.drain();
}

async function enroll(world: World, sequenceId: string, count: number) {
  const leads = [];
  for (let n = 0; n < count; n++) leads.push(await world.make.lead({ country: "DE" }));
  const leadIds = leads.map(({ id }) => id);
  const outcomes = await enrollLeads(world.ctx, { sequenceId, leadIds, by: "person" });
  return leads.map((lead) => ({
    ...lead,
    enrollmentId: outcomes.find(({ leadId }) => leadId === lead.id)?.enrollmentId ?? "",
  }));
}

test("the steps and the funnel count everybody once: sent, delivered, answered, converted, dropped", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx, [{}, { channel: "EMAIL", delayValue: 24 }, { delayValue: 24 }]);
  const [, keen, buyer, leaver] = await enroll(world, sequenceId, 4);
  await world.advance(60);
  expect(await countFunnel(ctx, sequenceId)).toEqual({
    entered: 4,
    executed: 4,
    responded: 0,
    converted: 0,
    dropped: 0,
  });

  await answer(world, keen?.phone ?? null, "Tell me more");
  await changeManyLeads(ctx, { leadIds: [buyer?.id ?? ""], status: "CONVERTED" });
  await cancelEnrollment(ctx, { enrollmentId: leaver?.enrollmentId ?? "" });
  await world.drain();
  await world.advance(60 * 24);
  expect(await countFunnel(ctx, sequenceId)).toEqual({
    entered: 4,
    executed: 4,
    responded: 1,
    converted: 1,
    dropped: 1,
  });
  const [first, second, third] = await countSteps(ctx, sequenceId);
  expect(first).toMatchObject({ stepOrder: 0, channel: "SMS", scriptName: "Text", sent: 4, skipped: 0, replied: 1 });
  expect(second).toMatchObject({ channel: "EMAIL", planned: 0, sent: 1, failed: 0, skipped: 3, replied: 0 });
  expect(third).toMatchObject({ planned: 1, sent: 0, skipped: 3 });
  const converted = await ctx.db
    .selectFrom("sequenceEnrollments")
    .select("endReason")
    .where("status", "=", "CONVERTED")
    .execute();
  expect(converted).toEqual([{ endReason: "converted" }]);

  const { body } = await world.request("GET", `/sequences/${sequenceId}/stats`, { as: "VIEWER" });
  expect(body).toMatchObject({ funnel: { entered: 4, responded: 1 }, steps: [{ sent: 4 }, {}, {}] });
});

test("an answer belongs to the touch whose thread it continues, else to the last one, and is counted once", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const settings = {
    sendWindow: ALWAYS,
    stopOnReply: false,
    sameCompany: false,
    onFailure: "continue",
    priority: 0,
  } as const;
  const sequenceId = await activeSequence(
    ctx,
    [{ channel: "EMAIL" }, { channel: "EMAIL", delayValue: 24 }, { delayValue: 24 }],
    { settings: { ...settings, reentry: { rule: "never" } } },
  );
  const [lead] = await enroll(world, sequenceId, 1);
  await world.advance(60 * 49);
  const letters = (await world.sandbox.sent()).filter(({ channel }) => channel === "EMAIL");
  expect(letters).toHaveLength(2);
  await world.request("POST", `/sandbox/deliveries/${letters[0]?.id}/reply`, { body: { text: "About your first" } });
  await world.drain();
  const replied = async () => (await countSteps(ctx, sequenceId)).map((step) => step.replied);
  expect(await replied()).toEqual([1, 0, 0]);
  await answer(world, lead?.phone ?? null, "And by phone");
  await answer(world, lead?.phone ?? null, "Once more");
  expect(await replied()).toEqual([1, 0, 1]);
  expect((await countFunnel(ctx, sequenceId)).responded).toBe(1);
});

test("a sequence without steps or people counts nothing", async () => {
  const { ctx } = await sendingWorld();
  expect(await countFunnel(ctx, "seq_none")).toEqual({
    entered: 0,
    executed: 0,
    responded: 0,
    converted: 0,
    dropped: 0,
  });
  expect(await countSteps(ctx, "seq_none")).toEqual([]);
});
