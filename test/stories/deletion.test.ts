import { sql } from "kysely";
import { expect, test } from "vitest";
import { suppress } from "#domains/leads/index.ts";
import { enrollLeads } from "#domains/outreach/commands/enroll-leads.ts";
import { newId } from "#platform/ids.ts";
import { readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

/** A lead with an e-mail and a text sent to it for a campaign, in which it converted. */
async function leadWithHistory(world: World) {
  const { ctx } = world;
  const made = await world.request("POST", "/campaigns", { body: { name: "Spring", channels: ["EMAIL", "SMS"] } });
  expect(made.status).toBe(201);
  const campaign = await ctx.db.selectFrom("campaigns").select("id").executeTakeFirstOrThrow();
  const lead = await world.make.lead({ country: "DE", tags: ["vip"] });
  await world.request("POST", `/campaigns/${campaign.id}/leads`, { body: { leadIds: [lead.id] } });
  expect((await world.request("POST", `/campaigns/${campaign.id}/activate`)).status).toBe(200);
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 1, unit: "HOURS" },
    { channel: "EMAIL", value: 9, unit: "DAYS" },
  ]);
  await ctx.db.updateTable("scripts").set({ campaignId: campaign.id }).execute();
  await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], campaignId: campaign.id, by: "person" });
  await world.advance(90);
  expect(await world.sandbox.sent()).toHaveLength(2);
  const [attempt] = await ctx.db.selectFrom("contactAttempts").select("id").orderBy("startedAt").execute();
  await ctx.db
    .insertInto("conversions")
    .values({
      id: newId("conv"),
      workspaceId: ctx.workspace,
      leadId: lead.id,
      campaignId: campaign.id,
      contactAttemptId: attempt?.id ?? null,
    })
    .execute();
  return lead;
}

const TABLES = [
  "leads",
  "lead_identities",
  "lead_tags",
  "campaigns",
  "campaign_leads",
  "scripts",
  "contact_attempts",
  "messages",
  "sequence_enrollments",
  "sequence_step_executions",
  "conversions",
  "suppressions",
  "tags",
] as const;
type Counts = Record<(typeof TABLES)[number], number>;

async function countAll({ ctx }: World): Promise<Counts> {
  const columns = TABLES.map((table) => sql`(select count(*)::int from ${sql.table(table)}) as ${sql.ref(table)}`);
  const { rows } = await sql<Counts>`select ${sql.join(columns)}`.execute(ctx.db.withoutPlugins());
  const [row] = rows;
  if (!row) throw new Error("There are no counts.");
  return row;
}

test("deleting a lead takes its attempts, messages, assignments, enrollments and executions, keeps its conversion without it, and the suppression", async () => {
  const world = await readyWorld();
  const lead = await leadWithHistory(world);
  await suppress(world.ctx, { kind: "EMAIL", value: lead.email ?? "", reason: "UNSUBSCRIBE" });
  const before = await countAll(world);
  const expected = {
    deleted: {
      identities: 2,
      tags: 1,
      messages: 2,
      contactAttempts: 2,
      campaignAssignments: 1,
      sequenceEnrollments: 1,
      stepExecutions: 3,
    },
    kept: { conversions: 1, submissions: 0, suppressions: 1 },
  };
  expect((await world.request("GET", `/leads/${lead.id}/deletion`)).body).toMatchObject(expected);
  expect((await world.request("DELETE", `/leads/${lead.id}`)).body).toMatchObject(expected);
  expect(await countAll(world)).toEqual({
    ...before,
    leads: 0,
    lead_identities: 0,
    lead_tags: 0,
    campaign_leads: 0,
    contact_attempts: 0,
    messages: 0,
    sequence_enrollments: 0,
    sequence_step_executions: 0,
  });
  expect(await world.ctx.db.selectFrom("conversions").select(["leadId", "contactAttemptId"]).execute()).toEqual([
    { leadId: null, contactAttemptId: null },
  ]);
  // What was planned for the lead is gone with it, and nothing goes out any more.
  await world.advance(60 * 24 * 12);
  expect(await world.sandbox.sent()).toHaveLength(2);
});
