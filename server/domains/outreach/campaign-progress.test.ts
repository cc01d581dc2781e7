import { expect, test } from "vitest";
import type { World } from "#test/world.ts";
import { assignLeads } from "./commands/assign-leads.ts";
import { cancelEnrollment } from "./commands/cancel-enrollment.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign, completeCampaign, pauseCampaign } from "./commands/move-campaign.ts";
import { pauseEnrollment, resumeEnrollment } from "./commands/pause-enrollment.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { resumeSequence } from "./commands/activate-sequence.ts";
import { findEnrollment } from "./queries/enrollments.ts";
import { HOUR, activeSequence, sendingWorld } from "./test-sequences.ts";

async function activeCampaign({ ctx }: World): Promise<string> {
  const id = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, id);
  return id;
}

const statusesIn = async ({ ctx }: World, campaignId: string) => {
  const rows = await ctx.db
    .selectFrom("campaignLeads")
    .select(["leadId", "status"])
    .where("campaignId", "=", campaignId)
    .execute();
  return Object.fromEntries(rows.map(({ leadId, status }) => [leadId, status]));
};

test("a lead of a campaign is under way with the first touch, and done when the last sequence of the campaign ends", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const campaignId = await activeCampaign(world);
  const lead = await make.lead({ country: "DE" });
  const short = await activeSequence(ctx, [{ delayValue: 1 }]);
  const long = await activeSequence(ctx, [{ delayValue: 1 }, { channel: "EMAIL", delayValue: 24 }]);
  for (const sequenceId of [short, long])
    await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], campaignId, by: "person" });
  expect(await statusesIn(world, campaignId)).toEqual({ [lead.id]: "PENDING" });
  await world.advance(90);
  expect(await statusesIn(world, campaignId)).toEqual({ [lead.id]: "IN_PROGRESS" });
  await world.advance(60 * 48);
  expect(await statusesIn(world, campaignId)).toEqual({ [lead.id]: "COMPLETED" });
});

test("who answers completes a campaign; who could not be reached, said no or was taken out fails it", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const campaignId = await activeCampaign(world);
  const sequenceId = await activeSequence(ctx, [{}, { delayValue: 24 }]);
  const [keen, phoneless, tired, out] = [
    await make.lead({ country: "DE" }),
    await make.lead({ phone: undefined, country: "DE" }),
    await make.lead({ country: "DE" }),
    await make.lead({ country: "DE" }),
  ];
  const outcomes = await enrollLeads(ctx, {
    sequenceId,
    leadIds: [keen.id, phoneless.id, tired.id, out.id],
    campaignId,
    by: "person",
  });
  await world.advance(60);
  const sent = await world.sandbox.sms();
  for (const [lead, text] of [
    [keen, "Sounds good"],
    [tired, "STOP"],
  ] as const) {
    const sms = sent.find(({ to }) => to === lead.phone);
    await world.request("POST", `/sandbox/deliveries/${sms?.id}/reply`, { body: { text } });
  }
  await cancelEnrollment(ctx, { enrollmentId: outcomes.find(({ leadId }) => leadId === out.id)?.enrollmentId ?? "" });
  await world.drain();
  await world.advance(60 * 48);
  expect(await statusesIn(world, campaignId)).toEqual({
    [keen.id]: "COMPLETED",
    [phoneless.id]: "FAILED",
    [tired.id]: "FAILED",
    [out.id]: "FAILED",
  });
  const { body } = await world.request("GET", `/campaigns/${campaignId}`);
  expect(body).toMatchObject({
    leads: { COMPLETED: 1, FAILED: 3 },
    sequences: [{ id: sequenceId, status: "ACTIVE", isTriggered: false, enrolled: { CANCELLED: 3, COMPLETED: 1 } }],
    touches: [{ channel: "SMS", sent: 3, failed: 0, replied: 1 }],
  });
});

test("a sequence that waits for a campaign lets in whoever is put into it, once, and nobody else", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const [campaignId, other] = [await activeCampaign(world), await activeCampaign(world)];
  const trigger = { triggerType: "new_lead", triggerConfig: { campaigns: [campaignId] } } as const;
  const sequenceId = await activeSequence(ctx, [{ delayValue: 1 }], trigger);
  const leads = await Promise.all(Array.from({ length: 20 }, () => make.lead({ country: "DE" })));
  const stranger = await make.lead();
  await world.drain();
  const leadIds = leads.map(({ id }) => id);
  await Promise.all([assignLeads(ctx, campaignId, leadIds), assignLeads(ctx, campaignId, leadIds)]);
  await assignLeads(ctx, other, [stranger.id]);
  await world.drain();
  await assignLeads(ctx, campaignId, leadIds);
  await world.drain();
  const enrolled = await ctx.db.selectFrom("sequenceEnrollments").select(["leadId", "campaignId", "run"]).execute();
  expect(enrolled.map(({ leadId }) => leadId).toSorted()).toEqual(leadIds.toSorted());
  expect(enrolled.every((one) => one.campaignId === campaignId && one.run === 1)).toBe(true);
  await world.advance(60);
  expect(await world.sandbox.sms()).toHaveLength(20);
  const { body } = await world.request("GET", `/campaigns/${campaignId}`);
  expect(body).toMatchObject({
    leads: { COMPLETED: 20 },
    sequences: [{ id: sequenceId, isTriggered: true, enrolled: { COMPLETED: 20 } }],
    touches: [{ channel: "SMS", sent: 20 }],
  });
});

test("nothing is sent for a campaign before it is activated", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const campaignId = await createCampaign(ctx, { name: "Autumn" });
  const lead = await make.lead({ country: "DE" });
  const sequenceId = await activeSequence(ctx, [{}]);
  await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], campaignId, by: "person" });
  await world.advance(60);
  expect(await world.sandbox.sent()).toEqual([]);
  const { body } = await world.request("GET", `/leads/${lead.id}/enrollments`);
  expect(body).toMatchObject({
    data: [{ campaignName: "Autumn", next: { waits: { reason: "its campaign has not been activated" } } }],
  });
  await activateCampaign(ctx, campaignId);
  await world.advance(60);
  expect(await world.sandbox.sent()).toHaveLength(1);
});

test("a paused campaign keeps what is left of each wait; whoever a person or the sequence holds as well stays held", async () => {
  const world = await sendingWorld();
  const { ctx, clock, make } = world;
  const campaignId = await activeCampaign(world);
  const [sequenceId, other] = [
    await activeSequence(ctx, [{ delayValue: 4 }]),
    await activeSequence(ctx, [{ delayValue: 4 }]),
  ];
  const enroll = async (into: string) => {
    const lead = await make.lead({ country: "DE" });
    const [outcome] = await enrollLeads(ctx, { sequenceId: into, leadIds: [lead.id], campaignId, by: "person" });
    return outcome?.enrollmentId ?? "";
  };
  const [plain, alone, elsewhere] = [await enroll(sequenceId), await enroll(sequenceId), await enroll(other)];
  await pauseEnrollment(ctx, alone);
  clock.set(new Date(clock.now().getTime() + HOUR));
  await pauseCampaign(ctx, campaignId);
  expect(await findEnrollment(ctx, plain)).toMatchObject({
    status: "PAUSED",
    pausedBy: "campaign",
    remainingMs: 3 * HOUR,
  });
  await expect(resumeEnrollment(ctx, plain)).rejects.toMatchObject({ detail: expect.stringContaining("campaign") });
  await expect(resumeEnrollment(ctx, alone)).rejects.toMatchObject({ detail: expect.stringContaining("PAUSED") });
  await pauseSequence(ctx, other);
  await world.advance(60 * 48);

  await activateCampaign(ctx, campaignId);
  const due = new Date(clock.now().getTime() + 3 * HOUR);
  expect(await findEnrollment(ctx, plain)).toMatchObject({ status: "ACTIVE", scheduledAt: due });
  expect(await findEnrollment(ctx, alone)).toMatchObject({ status: "PAUSED", pausedBy: "person" });
  expect(await findEnrollment(ctx, elsewhere)).toMatchObject({ status: "PAUSED", pausedBy: "sequence" });
  await resumeSequence(ctx, other);
  expect(await findEnrollment(ctx, elsewhere)).toMatchObject({ status: "ACTIVE", scheduledAt: due });
  await pauseSequence(ctx, other);
  await pauseCampaign(ctx, campaignId);
  await resumeSequence(ctx, other);
  expect(await findEnrollment(ctx, elsewhere)).toMatchObject({ status: "PAUSED", pausedBy: "campaign" });

  await completeCampaign(ctx, campaignId);
  for (const id of [plain, alone, elsewhere])
    expect(await findEnrollment(ctx, id)).toMatchObject({ status: "CANCELLED", endReason: "campaign completed" });
  expect(await world.sandbox.sent()).toEqual([]);
});
