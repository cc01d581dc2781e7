import { expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { testWorld } from "#test/world.ts";
import { assignLeads, removeLeads } from "./commands/assign-leads.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { createSequence } from "./commands/create-sequence.ts";
import { deleteCampaign } from "./commands/delete-campaign.ts";
import { activateCampaign, completeCampaign, pauseCampaign } from "./commands/move-campaign.ts";
import { updateCampaign } from "./commands/update-campaign.ts";
import { newSequenceSchema } from "./contract/sequences.ts";
import { countCampaignLeads, findCampaign, listCampaignLeadRows, listCampaignRows } from "./queries/campaign-rows.ts";
import { insertVersion } from "./queries/version-rows.ts";

const code = (text: string) => ({ definition: { code: text } });

test("a campaign is begun as a draft and changed, and cannot end before it starts", async () => {
  const { ctx } = await testWorld();
  const id = await createCampaign(ctx, {
    name: "Spring",
    channels: ["SMS", "EMAIL"],
    startDate: "2026-04-01T00:00:00Z",
  });
  expect(await findCampaign(ctx, id)).toMatchObject({
    status: "DRAFT",
    channels: ["SMS", "EMAIL"],
    startDate: new Date("2026-04-01T00:00:00Z"),
    endDate: null,
  });
  await expect(updateCampaign(ctx, id, { endDate: "2026-03-31T00:00:00Z" })).rejects.toMatchObject({
    errors: [{ pointer: "/endDate" }],
  });
  await updateCampaign(ctx, id, { name: "Summer", meta: { goal: 3 }, startDate: null });
  expect(await findCampaign(ctx, id)).toMatchObject({ name: "Summer", meta: { goal: 3 }, startDate: null });
  expect(await listCampaignRows(ctx, { search: "summ", limit: 10 })).toHaveLength(1);
});

test("a campaign goes from draft to active, may be paused, and stays completed", async () => {
  const { ctx } = await testWorld();
  const id = await createCampaign(ctx, { name: "Spring" });
  await expect(pauseCampaign(ctx, id)).rejects.toMatchObject(code("campaign-not-in-state"));
  await expect(completeCampaign(ctx, id)).rejects.toMatchObject(code("campaign-not-in-state"));
  await activateCampaign(ctx, id);
  await expect(deleteCampaign(ctx, id)).rejects.toMatchObject(code("campaign-not-in-state"));
  await pauseCampaign(ctx, id);
  await activateCampaign(ctx, id);
  await completeCampaign(ctx, id);
  expect((await findCampaign(ctx, id))?.status).toBe("COMPLETED");
  await expect(activateCampaign(ctx, id)).rejects.toMatchObject(code("campaign-not-in-state"));
  await expect(updateCampaign(ctx, id, { name: "x" })).rejects.toMatchObject(code("campaign-not-in-state"));
  await expect(assignLeads(ctx, id, ["lead_x"])).rejects.toMatchObject(code("campaign-not-in-state"));
  const late = await createCampaign(ctx, { name: "Late", endDate: "2026-01-01T00:00:00Z" });
  await expect(activateCampaign(ctx, late)).rejects.toMatchObject({ detail: expect.stringContaining("end date") });
});

test("leads are assigned once however often and by however many, and taken out again", async () => {
  const { ctx, make } = await testWorld();
  const id = await createCampaign(ctx, { name: "Spring" });
  const [a, b] = [await make.lead(), await make.lead()];
  const added = await Promise.all(
    Array.from({ length: 5 }, () => assignLeads(ctx, id, [a.id, b.id, b.id, "lead_none"])),
  );
  expect(added.flatMap((one) => one.added).toSorted()).toEqual([a.id, b.id].toSorted());
  expect(await countCampaignLeads(ctx, [id])).toEqual([{ campaignId: id, status: "PENDING", count: 2 }]);
  expect(await removeLeads(ctx, id, [a.id, "lead_none"])).toEqual([a.id]);
  expect(await listCampaignLeadRows(ctx, id, { limit: 10 })).toMatchObject([{ leadId: b.id, status: "PENDING" }]);
});

test("a campaign is not deleted under the leads who are under way in it", async () => {
  const { ctx, make } = await testWorld();
  const id = await createCampaign(ctx, { name: "Spring" });
  const lead = await make.lead();
  const sequenceId = await createSequence(ctx, newSequenceSchema.parse({ name: "Welcome" }));
  const { id: versionId } = await insertVersion(ctx, sequenceId, null);
  const values = {
    id: newId("enr"),
    workspaceId: ctx.workspace,
    sequenceId,
    versionId,
    leadId: lead.id,
    campaignId: id,
  };
  await ctx.db.insertInto("sequenceEnrollments").values(values).execute();
  await expect(deleteCampaign(ctx, id)).rejects.toMatchObject(code("campaign-in-use"));
  await ctx.db.updateTable("sequenceEnrollments").set({ status: "COMPLETED" }).where("id", "=", values.id).execute();
  await deleteCampaign(ctx, id);
  expect(await findCampaign(ctx, id)).toBeUndefined();
  const left = await ctx.db
    .selectFrom("sequenceEnrollments")
    .select("campaignId")
    .where("id", "=", values.id)
    .execute();
  expect(left).toEqual([{ campaignId: null }]);
});

test("a viewer changes no campaign", async () => {
  const world = await testWorld();
  const viewer = await world.as("VIEWER");
  await expect(createCampaign(viewer, { name: "x" })).rejects.toMatchObject(code("not-allowed"));
});
