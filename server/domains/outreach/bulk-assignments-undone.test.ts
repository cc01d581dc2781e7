import { expect, test } from "vitest";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { undoMerge } from "#domains/leads/commands/undo-merge.ts";
import { type World, testWorld } from "#test/world.ts";
import { assignLeads, removeLeads } from "./commands/assign-leads.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign, completeCampaign } from "./commands/move-campaign.ts";
import { runBulkAssignments } from "./commands/run-bulk-assignments.ts";
import { cancelBulkAssignment, startBulkAssignment, undoBulkAssignment } from "./commands/start-bulk-assignment.ts";
import { findAssignment } from "./queries/bulk-assignments.ts";
import { listCampaignLeadRows } from "./queries/campaign-rows.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

const inside = async ({ ctx }: World, id: string) =>
  (await listCampaignLeadRows(ctx, id, { limit: 100 })).map(({ leadId }) => leadId).toSorted();

/** Does what was asked, and nothing else: the jobs that it queues wait. */
async function turn({ runtime }: World): Promise<void> {
  while (await runBulkAssignments(runtime));
}

async function assignAll(world: World, campaignId: string): Promise<string> {
  const id = await startBulkAssignment(world.ctx, { campaignId, filter: {} });
  await turn(world);
  return id;
}

async function undo(world: World, id: string): Promise<void> {
  await undoBulkAssignment(world.ctx, id);
  await turn(world);
}

/** An active campaign, and a sequence that waits for its leads. */
async function campaignWithSequence(world: Pick<World, "ctx" | "drain">): Promise<string> {
  const { ctx } = world;
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  await activeSequence(ctx, [{ channel: "SMS" }], {
    triggerType: "new_lead",
    triggerConfig: { campaigns: [campaignId] },
  });
  await world.drain();
  return campaignId;
}

test("whoever was taken out of a campaign before the sequence that waits for its leads took them in is not written to", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const [removed, stays] = [await make.lead(), await make.lead()];
  await make.lead();
  const campaignId = await campaignWithSequence(world);
  await assignLeads(ctx, campaignId, [removed.id, stays.id]);
  await removeLeads(ctx, campaignId, [removed.id]);
  const id = await assignAll(world, campaignId);
  await undo(world, id);
  await world.advance(60);
  expect(await inside(world, campaignId)).toEqual([stays.id]);
  const written = await ctx.db.selectFrom("messages").select("leadId").execute();
  expect(written).toEqual([{ leadId: stays.id }]);
});

test("for whoever is merged away between coming into a campaign and being taken into its sequence, the survivor is taken in, once", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const [first, second, survivor] = [await make.lead(), await make.lead(), await make.lead()];
  const campaignId = await campaignWithSequence(world);
  await assignLeads(ctx, campaignId, [first.id, second.id]);
  await mergeLeads(ctx, { survivorId: second.id, otherId: first.id });
  await mergeLeads(ctx, { survivorId: survivor.id, otherId: second.id });
  await world.advance(60);
  expect(await inside(world, campaignId)).toEqual([survivor.id]);
  const enrolled = await ctx.db.selectFrom("sequenceEnrollments").select(["leadId", "run"]).execute();
  expect(enrolled).toEqual([{ leadId: survivor.id, run: 1 }]);
  expect(await ctx.db.selectFrom("messages").select("leadId").execute()).toEqual([{ leadId: survivor.id }]);
});

test("an undo that is stopped half way leaves the rest to another one", async () => {
  const world = await testWorld();
  const { ctx, runtime, make } = world;
  for (let made = 0; made < 3; made += 1) await make.lead();
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const id = await assignAll(world, campaignId);
  const stopped = await undoBulkAssignment(ctx, id);
  await runBulkAssignments(runtime, 1);
  await cancelBulkAssignment(ctx, stopped);
  expect(await inside(world, campaignId)).toHaveLength(2);
  const next = await undoBulkAssignment(ctx, id);
  await turn(world);
  expect(await findAssignment(ctx, next)).toMatchObject({ status: "COMPLETED", total: 2, changedCount: 2 });
  expect(await inside(world, campaignId)).toEqual([]);
  await expect(undoBulkAssignment(ctx, id)).rejects.toMatchObject({ detail: "It was undone before." });
});

test("a sequence of the campaign that somebody had come to the end of before keeps nobody in it when the bulk assignment is undone", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const lead = await make.lead();
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  const sequenceId = await activeSequence(ctx, [{ channel: "SMS" }]);
  await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], campaignId, by: "person" });
  await world.advance(60);
  await removeLeads(ctx, campaignId, [lead.id]);
  const id = await assignAll(world, campaignId);
  expect(await inside(world, campaignId)).toEqual([lead.id]);
  await undo(world, id);
  expect(await inside(world, campaignId)).toEqual([]);
});

/** Two leads of whom one is put into a campaign by hand, and both by a bulk assignment; then they are one. */
async function merged(isOtherInByHand: boolean) {
  const world = await testWorld();
  const { ctx, make } = world;
  const survivor = await make.lead({ email: "ada@kestrel.example" });
  const other = await make.lead({ email: "bo@heron.example" });
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  if (isOtherInByHand) await assignLeads(ctx, campaignId, [other.id]);
  const id = await assignAll(world, campaignId);
  const { mergeId } = await mergeLeads(ctx, { survivorId: survivor.id, otherId: other.id });
  return { world, survivor, other, campaignId, id, part: () => undoMerge(ctx, mergeId ?? "") };
}

test("whoever became one with a lead that was in the campaign by hand stays in it when the bulk assignment is undone", async () => {
  const { world, survivor, campaignId, id } = await merged(true);
  await undo(world, id);
  expect(await inside(world, campaignId)).toEqual([survivor.id]);
});

test("once they are two again, the undo takes out the one that the bulk assignment put in, and the other stays", async () => {
  const { world, other, campaignId, id, part } = await merged(true);
  await part();
  await undo(world, id);
  expect(await inside(world, campaignId)).toEqual([other.id]);
});

test("what was undone while two leads were one is undone for both of them when they are two again", async () => {
  const { world, campaignId, id, part } = await merged(false);
  await undo(world, id);
  await part();
  expect(await inside(world, campaignId)).toEqual([]);
});

test("the preview of a bulk assignment into a campaign that is over says so, as the work itself would", async () => {
  const world = await testWorld();
  const { ctx, make } = world;
  await make.lead();
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  await completeCampaign(ctx, campaignId);
  const body = { filter: {} };
  for (const path of ["", "/preview"])
    expect(await world.request("POST", `/campaigns/${campaignId}/bulk-assignments${path}`, { body })).toMatchObject({
      status: 409,
      body: { code: "campaign-not-in-state" },
    });
});
