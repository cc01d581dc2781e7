import { sql } from "kysely";
import { expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import type { World } from "#test/world.ts";
import { deleteLead } from "#domains/leads/commands/delete-lead.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { createScript } from "./commands/create-script.ts";
import { deleteCampaign } from "./commands/delete-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign, completeCampaign } from "./commands/move-campaign.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

/** A campaign that has sent one text to one lead, with a script and a conversion of its own. */
async function livedCampaign(world: World) {
  const { ctx, make } = world;
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  const lead = await make.lead({ country: "DE" });
  await enrollLeads(ctx, { sequenceId: await activeSequence(ctx, [{}]), leadIds: [lead.id], campaignId, by: "person" });
  await world.advance(60);
  const scriptId = await createScript(ctx, { name: "Own", type: "SMS", content: "Hi", campaignId });
  const conversion = { id: newId("conv"), workspaceId: ctx.workspace, leadId: lead.id, campaignId };
  await ctx.db.insertInto("conversions").values(conversion).execute();
  await ctx.db
    .insertInto("abTests")
    .values({
      id: newId("ab"),
      workspaceId: ctx.workspace,
      campaignId,
      channel: "SMS",
      variantA: scriptId,
      variantB: scriptId,
    })
    .execute();
  return { campaignId, leadId: lead.id, scriptId };
}

const rowsOf = async ({ ctx }: World, table: string) => {
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(ctx.db);
  return rows;
};

test("deleting a campaign keeps its attempts, messages, conversions, scripts and enrollments, with campaignId null", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const { campaignId, leadId, scriptId } = await livedCampaign(world);
  expect(await rowsOf(world, "contact_attempts")).toMatchObject([{ leadId, campaignId, channel: "SMS" }]);
  await completeCampaign(ctx, campaignId);
  await deleteCampaign(ctx, campaignId);

  expect(await rowsOf(world, "contact_attempts")).toMatchObject([{ leadId, campaignId: null }]);
  expect(await rowsOf(world, "messages")).toMatchObject([{ leadId, campaignId: null, direction: "outbound" }]);
  expect(await rowsOf(world, "conversions")).toMatchObject([{ leadId, campaignId: null }]);
  expect(await rowsOf(world, "sequence_enrollments")).toMatchObject([{ leadId, campaignId: null }]);
  const script = (await rowsOf(world, "scripts")).find(({ id }) => id === scriptId);
  expect(script).toMatchObject({ campaignId: null });
  expect(await rowsOf(world, "campaign_leads")).toEqual([]);
  expect(await rowsOf(world, "ab_tests")).toEqual([]);
});

test("deleting a lead takes along attempts, messages, assignments, enrollments and executions, and leaves conversions without the lead", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const { campaignId, leadId } = await livedCampaign(world);
  expect(await rowsOf(world, "sequence_step_executions")).toHaveLength(1);
  await deleteLead(ctx, leadId);
  for (const table of [
    "contact_attempts",
    "messages",
    "campaign_leads",
    "sequence_enrollments",
    "sequence_step_executions",
    "lead_identities",
  ])
    expect(await rowsOf(world, table), table).toEqual([]);
  expect(await rowsOf(world, "conversions")).toMatchObject([{ leadId: null, campaignId }]);
  expect(await rowsOf(world, "campaigns")).toHaveLength(1);
  expect(await rowsOf(world, "retention_sequences")).toHaveLength(1);
  await world.advance(60 * 24);
});
