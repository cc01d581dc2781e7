import { expect, test } from "vitest";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { updateLead } from "#domains/leads/commands/update-lead.ts";
import { createLead, suppress } from "#domains/leads/index.ts";
import { newId } from "#platform/ids.ts";
import { assignLeads } from "./commands/assign-leads.ts";
import { startAssigningMatching } from "./commands/auto-assign.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign } from "./commands/move-campaign.ts";
import { updateCampaign } from "./commands/update-campaign.ts";
import { findCampaign, listCampaignLeadRows } from "./queries/campaign-rows.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

const inCampaign = async (world: Awaited<ReturnType<typeof sendingWorld>>, id: string) =>
  (await listCampaignLeadRows(world.ctx, id, { limit: 5_000 })).map(({ leadId }) => leadId).toSorted();

test("an active campaign takes in by itself whom its rule finds, when they are created and when they are changed, and nobody else", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const rule = { autoAssign: { filter: { source: ["META" as const], hasEmail: true } } };
  const id = await createCampaign(ctx, { name: "Spring", ...rule });
  const early = await make.lead({ source: "META" });
  await world.advance(1);
  expect(await inCampaign(world, id)).toEqual([]);
  await activateCampaign(ctx, id);
  const fitting = await make.lead({ source: "META" });
  await make.lead({ source: "API" });
  await world.advance(1);
  expect(await inCampaign(world, id)).toEqual([fitting.id]);
  await startAssigningMatching(ctx, id);
  await world.advance(1);
  expect(await inCampaign(world, id)).toEqual([early.id, fitting.id].toSorted());
});

test("a campaign with room for ten takes in ten of forty, however many bring them at once, and the database lets in nobody more", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const id = await createCampaign(ctx, { name: "Spring", maxLeads: 10 });
  const leads = await Promise.all(Array.from({ length: 40 }, () => make.lead()));
  const answers = await Promise.all(leads.map((lead) => assignLeads(ctx, id, [lead.id])));
  expect(answers.flatMap(({ added }) => added)).toHaveLength(10);
  expect(answers.filter(({ isFull }) => isFull).length).toBeGreaterThanOrEqual(31);
  const inside = await inCampaign(world, id);
  expect(inside).toHaveLength(10);
  const outsider = leads.find((lead) => !inside.includes(lead.id));
  await expect(
    ctx.db
      .insertInto("campaignLeads")
      .values({ id: newId("cl"), workspaceId: ctx.workspace, campaignId: id, leadId: outsider?.id ?? "" })
      .execute(),
  ).rejects.toMatchObject({ constraint: "campaign_leads_within_limit" });
  await updateCampaign(ctx, id, { maxLeads: 11 });
  expect(await assignLeads(ctx, id, [outsider?.id ?? ""])).toEqual({
    added: [outsider?.id],
    refused: [],
    isFull: true,
  });
});

test("a rule that finds more leads than there are places fills the campaign and stops", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  for (let count = 0; count < 5; count += 1) await make.lead({ source: "API" });
  const id = await createCampaign(ctx, { name: "Spring", autoAssign: { filter: { source: ["API"] } }, maxLeads: 3 });
  await activateCampaign(ctx, id);
  await startAssigningMatching(ctx, id);
  await world.advance(1);
  await createLead(ctx, { email: "late@example.com", source: "API" });
  await world.advance(1);
  expect(await inCampaign(world, id)).toHaveLength(3);
});

test("neither ticked leads nor those whom a campaign's rule finds come in where they were erased or closed every address of its channels, and the preview says why", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const rule = { autoAssign: { filter: { source: ["META" as const] } } };
  const id = await createCampaign(ctx, { name: "Spring", channels: ["EMAIL"], ...rule });
  const [open, shut, erased] = [
    await make.lead({ source: "META" }),
    await make.lead({ source: "META", email: "no@example.com" }),
    await make.lead({ source: "META", email: "gone@example.com" }),
  ];
  await suppress(ctx, { kind: "EMAIL", value: "no@example.com", reason: "MANUAL" });
  const ask = { leadId: erased.id, reason: "asked for it", confirm: "gone@example.com" };
  await eraseLead(ctx, ask, world.runtime.config.dataDir);
  const leadIds = [open.id, shut.id, erased.id];
  const refusals = [
    { code: "shut_off", reason: "Their addresses are closed for every channel of the campaign.", count: 1 },
    { code: "erased", reason: "This person's data was erased.", count: 1 },
  ];
  const asked = { body: { leadIds } };
  const { body: preview } = await world.request("POST", `/campaigns/${id}/bulk-assignments/preview`, asked);
  expect(preview).toMatchObject({ count: 3, wouldAdd: 1, inside: 0, refusals });
  const { body } = await world.request("POST", `/campaigns/${id}/leads`, asked);
  expect(body).toMatchObject({ assigned: 1, leadIds: [open.id], refusals });
  expect(await inCampaign(world, id)).toEqual([open.id]);
  await activateCampaign(ctx, id);
  await startAssigningMatching(ctx, id);
  await updateLead(ctx, shut.id, { company: "Mill" });
  await world.advance(1);
  expect(await inCampaign(world, id)).toEqual([open.id]);
});

test("who is enrolled for a full campaign is refused with the reason, and who is in it already comes in", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const id = await createCampaign(ctx, { name: "Spring", maxLeads: 2 });
  await activateCampaign(ctx, id);
  const sequenceId = await activeSequence(ctx);
  const [inside, next, late] = [await make.lead(), await make.lead(), await make.lead()];
  await assignLeads(ctx, id, [inside.id]);
  const ask = { sequenceId, leadIds: [next.id, late.id, inside.id], campaignId: id, by: "person" as const };
  const outcomes = await enrollLeads(ctx, ask);
  expect(outcomes.toSorted((a, b) => a.kind.localeCompare(b.kind))).toMatchObject([
    { kind: "enrolled" },
    { kind: "enrolled" },
    { kind: "refused", leadId: late.id, code: "campaign_full" },
  ]);
});

test("a campaign's touches wait for its first day, and at its end it is completed and nothing follows", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const day = 24 * 60;
  const at = (days: number) => new Date(world.clock.now().getTime() + days * 86_400_000).toISOString();
  const id = await createCampaign(ctx, { name: "Spring", startDate: at(2), endDate: at(5) });
  await activateCampaign(ctx, id);
  const sequenceId = await activeSequence(ctx, [
    { channel: "EMAIL" },
    { channel: "EMAIL", delayValue: 1, delayUnit: "DAYS" },
    { channel: "EMAIL", delayValue: 4, delayUnit: "DAYS" },
  ]);
  const lead = await make.lead();
  await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], campaignId: id, by: "person" });
  const begun = world.clock.now().getTime();
  await world.advance(day * 2 - 1);
  expect(await world.sandbox.emails()).toHaveLength(0);
  await world.advance(day * 6);
  const sent = (await world.sandbox.emails()).map(({ at: sentAt }) => (sentAt.getTime() - begun) / 86_400_000);
  expect(sent).toEqual([2, 3]);
  expect((await findCampaign(ctx, id))?.status).toBe("COMPLETED");
});

test("a touch over a channel that its campaign does not use is skipped, and the next goes out", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const id = await createCampaign(ctx, { name: "Letters only", channels: ["EMAIL"] });
  await activateCampaign(ctx, id);
  const sequenceId = await activeSequence(ctx, [{ channel: "SMS" }, { channel: "EMAIL", delayValue: 1 }]);
  const lead = await make.lead();
  await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], campaignId: id, by: "person" });
  await world.advance(24 * 60);
  expect(await world.sandbox.sms()).toHaveLength(0);
  expect(await world.sandbox.emails()).toHaveLength(1);
});
