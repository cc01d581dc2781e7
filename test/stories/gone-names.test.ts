import { expect, test } from "vitest";
import { z } from "zod";
import { createTag } from "#domains/leads/commands/create-tag.ts";
import { deleteTag } from "#domains/leads/commands/delete-tag.ts";
import { createCampaign } from "#domains/outreach/commands/create-campaign.ts";
import { activateCampaign } from "#domains/outreach/commands/move-campaign.ts";
import { ask, MAILS, only } from "#test/conditions.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";

test("a condition that asks for any of several tags goes on by those that are left when one is deleted, and says so; once none is left it holds everybody back", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const [warm, hot] = [await createTag(ctx, "Warm"), await createTag(ctx, "Hot")];
  const id = await sequenceOf(world, MAILS.slice(0, 1), { settings: { sendWindow: ALWAYS } });
  await ask(world, id, 0, only({ on: "tag", op: "has", tagIds: [warm, hot] }));
  const people = [await world.make.lead(), await world.make.lead(), await world.make.lead()] as const;
  for (const { id: leadId } of [people[0], people[2]])
    await world.request("POST", `/leads/${leadId}/tags`, { body: { names: ["Warm"] } });
  const warnings = async (path: string) =>
    z.object({ warnings: z.array(z.string()) }).parse((await world.request("GET", path)).body).warnings;
  const listed = async () =>
    z
      .object({ data: z.array(z.object({ warnings: z.array(z.string()) })) })
      .parse((await world.request("GET", "/sequences")).body).data[0]?.warnings;
  expect(await warnings(`/sequences/${id}`)).toEqual([]);

  await deleteTag(ctx, hot);
  const told = ["Step 1 (E-mail): a tag that the conditions name was deleted; the others still count."];
  expect([await warnings(`/sequences/${id}`), await listed()]).toEqual([told, told]);
  await enroll(world, id, people[0], people[1]);
  await world.drain();
  const outcomes = async () => (await executionsOf(world)).map(({ status }) => status).toSorted();
  expect(await outcomes()).toEqual(["SENT", "SKIPPED"]);

  await deleteTag(ctx, warm);
  expect(await warnings(`/sequences/${id}`)).toEqual([
    "Step 1 (E-mail) goes out to nobody: a tag that the conditions name was deleted.",
  ]);
  await enroll(world, id, people[2]);
  await world.drain();
  expect(await outcomes()).toEqual(["SENT", "SKIPPED", "SKIPPED"]);
});

test("where any of several tags keeps people out, one that was deleted holds everybody back", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const [left, gone] = [await createTag(ctx, "Left"), await createTag(ctx, "Gone")];
  const tagIds = [left, gone];
  const asked = [
    { on: "tag", op: "has_not", tagIds },
    { not: { on: "tag", op: "has", tagIds } },
    { not: { not: { on: "tag", op: "has_not", tagIds } } },
  ];
  await deleteTag(ctx, gone);
  for (const one of asked) {
    const id = await sequenceOf(world, MAILS.slice(0, 1), { settings: { sendWindow: ALWAYS } });
    await ask(world, id, 0, only(one));
    await enroll(world, id, await world.make.lead());
  }
  await world.drain();
  expect((await executionsOf(world)).map(({ status }) => status)).toEqual(["SKIPPED", "SKIPPED", "SKIPPED"]);
});

test("an active campaign whose rule asks for a tag that was deleted says so, on its own and in the list", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const tagId = await createTag(ctx, "Warm");
  const campaignId = await createCampaign(ctx, {
    name: "Spring",
    channels: ["EMAIL"],
    autoAssign: { filter: { tagsAny: [tagId] } },
  });
  await activateCampaign(ctx, campaignId);
  await deleteTag(ctx, tagId);
  const warnings = ["The rule by which it takes leads in asks for something that is gone. A tag of it was deleted."];
  const one = await world.request("GET", `/campaigns/${campaignId}`);
  const list = await world.request("GET", "/campaigns");
  expect([one.body, list.body]).toMatchObject([{ warnings }, { data: [{ warnings }] }]);
});
