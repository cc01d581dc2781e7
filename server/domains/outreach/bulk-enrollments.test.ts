import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { changeManyLeads } from "#domains/leads/commands/change-leads.ts";
import { addCrowd, dyingRuntime } from "#test/crowd.ts";
import { type World, testWorld } from "#test/world.ts";
import { cancelEnrollment } from "./commands/cancel-enrollment.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { completeCampaign, activateCampaign } from "./commands/move-campaign.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { previewBulkEnrollment } from "./commands/preview-bulk-enrollment.ts";
import { runBulkEnrollments } from "./commands/run-bulk-enrollments.ts";
import { cancelBulkEnrollment, startBulkEnrollment } from "./commands/start-bulk-enrollment.ts";
import { type NewBulkEnrollment, newBulkEnrollmentSchema } from "./contract/bulk-enrollments.ts";
import { findBulk } from "./queries/bulk-enrollments.ts";
import { countCampaignLeads } from "./queries/campaign-rows.ts";
import { gatherRefusals } from "./refusals.ts";
import { activeSequence } from "./test-sequences.ts";

const code = (text: string) => ({ definition: { code: text } });
const asked = (fields: Partial<NewBulkEnrollment> & { sequenceId: string }) => newBulkEnrollmentSchema.parse(fields);

/** A workspace with so many people, made directly in the tables. */
async function crowdedWorld(leads: number): Promise<World> {
  const world = await testWorld();
  await updateSettings(world.ctx, { timeZone: "America/New_York" });
  await addCrowd(world, leads);
  return world;
}

async function rowsOf({ ctx }: World): Promise<{ enrollments: number; executions: number }> {
  const count = async (table: "sequenceEnrollments" | "sequenceStepExecutions") => {
    const row = await ctx.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return row.count;
  };
  return { enrollments: await count("sequenceEnrollments"), executions: await count("sequenceStepExecutions") };
}

test("ten thousand leads of a filter come in within seconds, each once, and the refused are counted by reason", async () => {
  const world = await crowdedWorld(10_000);
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx, [{ delayValue: 24 }]);
  const preview = await previewBulkEnrollment(ctx, asked({ sequenceId, filter: {} }));
  const reply = await world.request("POST", `/sequences/${sequenceId}/bulk-enrollments`, { body: { filter: {} } });
  expect(reply).toMatchObject({ status: 201, body: { status: "QUEUED", total: 10_000, enrolled: 0 } });
  const { id }: { id: string } = JSON.parse(reply.text);

  const started = performance.now();
  await world.drain();
  const seconds = (performance.now() - started) / 1_000;
  expect(seconds).toBeLessThan(30);
  const { body } = await world.request("GET", `/bulk-enrollments/${id}`);
  expect(body).toMatchObject({
    status: "COMPLETED",
    enrolled: preview.wouldEnroll,
    refused: 10_000 - (preview.wouldEnroll ?? 0),
    failure: null,
    createdBy: ctx.actor.id,
  });
  const bulk = await findBulk(ctx, id);
  expect(bulk?.refusals.map(({ leadIds: _leadIds, ...one }) => one)).toEqual(preview.refusals);
  expect(bulk?.refusals.map(({ code: why }) => why)).toEqual(["lead_status", "lead_status"]);
  expect(bulk?.refusals.every(({ leadIds }) => leadIds.length > 0 && leadIds.length <= 20)).toBe(true);
  expect(await rowsOf(world)).toEqual({
    enrollments: bulk?.enrolledCount,
    executions: bulk?.enrolledCount,
  });
  const told = await ctx.db.selectFrom("events").select("type").where("subjectId", "=", id).execute();
  expect(told.filter(({ type }) => type === "outreach.bulk-enrollment-progressed")).toHaveLength(10);
  expect(told.filter(({ type }) => type === "outreach.bulk-enrollment-finished")).toHaveLength(1);
  const [entered] = await ctx.db
    .selectFrom("events")
    .select("actorId")
    .distinct()
    .where("type", "=", "outreach.lead-enrolled")
    .execute();
  expect(entered).toEqual({ actorId: ctx.actor.id });
}, 120_000);

test("any number of processes take each batch once, and a process that dies in a batch leaves no trace of it", async () => {
  const world = await crowdedWorld(2_500);
  const { ctx, runtime } = world;
  const sequenceId = await activeSequence(ctx, [{ delayValue: 24 }]);
  const id = await startBulkEnrollment(ctx, asked({ sequenceId, filter: { status: ["NEW"] } }));
  const total = (await findBulk(ctx, id))?.total ?? 0;
  expect(total).toBeGreaterThan(1_000);

  // The batch is made and never committed, as when the process is killed.
  await expect(runBulkEnrollments(dyingRuntime(runtime))).rejects.toThrow("killed");
  expect(await findBulk(ctx, id)).toMatchObject({ status: "QUEUED", enrolledCount: 0, cursor: null });
  expect((await rowsOf(world)).enrollments).toBe(0);

  await Promise.all([runBulkEnrollments(runtime), runBulkEnrollments(runtime), runBulkEnrollments(runtime)]);
  while ((await findBulk(ctx, id))?.status !== "COMPLETED") {
    await Promise.all([runBulkEnrollments(runtime), runBulkEnrollments(runtime)]);
  }
  expect(await findBulk(ctx, id)).toMatchObject({ enrolledCount: total, refusedCount: 0, finishedAt: ctx.now() });
  expect(await rowsOf(world)).toEqual({ enrollments: total, executions: total });
});

test("a bulk enrolment that an earlier version began, and left at the id of a lead, takes those behind it", async () => {
  const world = await testWorld();
  const { ctx, make } = world;
  const leads = [await make.lead(), await make.lead(), await make.lead()];
  const sequenceId = await activeSequence(ctx);
  const id = await startBulkEnrollment(ctx, asked({ sequenceId, filter: {} }));
  await ctx.db
    .updateTable("bulkEnrollments")
    .set({ cursor: leads[0]?.id, status: "RUNNING", enrolledCount: 1 })
    .where("id", "=", id)
    .execute();
  await world.drain();
  expect(await findBulk(ctx, id)).toMatchObject({ status: "COMPLETED", enrolledCount: 3 });
  const rows = await ctx.db.selectFrom("sequenceEnrollments").select("leadId").orderBy("leadId").execute();
  expect(rows.map(({ leadId }) => leadId)).toEqual(leads.slice(1).map((lead) => lead.id));
});

test("a bulk enrolment is cancelled between two batches, and only while it is not over", async () => {
  const world = await crowdedWorld(1_500);
  const { ctx, runtime } = world;
  const sequenceId = await activeSequence(ctx);
  const id = await startBulkEnrollment(ctx, asked({ sequenceId, filter: { status: ["NEW", "CONTACTED"] } }));
  expect(await runBulkEnrollments(runtime)).toBe(true);
  await cancelBulkEnrollment(ctx, id);
  await world.drain();
  expect(await findBulk(ctx, id)).toMatchObject({ status: "CANCELLED", enrolledCount: 1_000, finishedAt: ctx.now() });
  await expect(cancelBulkEnrollment(ctx, id)).rejects.toMatchObject(code("bulk-enrollment-not-in-state"));
  const { body } = await world.request("GET", `/bulk-enrollments?sequenceId=${sequenceId}&status=CANCELLED`);
  expect(body).toMatchObject({ data: [{ id, status: "CANCELLED", sequenceName: "Welcome" }], has_more: false });
});

test("a bulk enrolment whose sequence or campaign stops taking people in fails and says why", async () => {
  const world = await testWorld();
  const { ctx, make } = world;
  const leadIds = [(await make.lead()).id];
  const sequenceId = await activeSequence(ctx);
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  const late = await startBulkEnrollment(ctx, asked({ sequenceId, leadIds, campaignId }));
  await completeCampaign(ctx, campaignId);
  await world.drain();
  expect(await findBulk(ctx, late)).toMatchObject({ status: "FAILED", failure: expect.stringContaining("completed") });

  const paused = await startBulkEnrollment(ctx, asked({ sequenceId, leadIds }));
  await pauseSequence(ctx, sequenceId);
  await world.drain();
  expect(await findBulk(ctx, paused)).toMatchObject({ status: "FAILED", failure: expect.stringContaining("PAUSED") });
  await expect(startBulkEnrollment(ctx, asked({ sequenceId, leadIds }))).rejects.toMatchObject(
    code("sequence-not-in-state"),
  );
});

test("leads that are named come in for a campaign and are put into it; those who left come in again only when asked", async () => {
  const world = await testWorld();
  const { ctx, make } = world;
  const [a, b, gone] = [await make.lead(), await make.lead(), await make.lead()];
  await changeManyLeads(ctx, { leadIds: [b.id], status: "LOST" });
  const sequenceId = await activeSequence(ctx);
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const [before] = await enrollLeads(ctx, { sequenceId, leadIds: [gone.id], by: "person" });
  await cancelEnrollment(ctx, { enrollmentId: before?.enrollmentId ?? "" });

  const leadIds = [a.id, b.id, gone.id, a.id, "lead_none"];
  const first = await startBulkEnrollment(ctx, asked({ sequenceId, leadIds, campaignId }));
  await world.drain();
  expect(await findBulk(ctx, first)).toMatchObject({
    total: 3,
    enrolledCount: 1,
    refusals: [
      { code: "lead_status", count: 1, leadIds: [b.id] },
      { code: "no_reentry", count: 1, leadIds: [gone.id] },
    ],
  });
  expect(await countCampaignLeads(ctx, [campaignId])).toEqual([{ campaignId, status: "PENDING", count: 1 }]);

  const wanted = asked({ sequenceId, leadIds, campaignId, again: true });
  expect(await previewBulkEnrollment(ctx, wanted)).toMatchObject({ count: 3, wouldEnroll: 1 });
  const second = await startBulkEnrollment(ctx, wanted);
  await world.drain();
  expect(await findBulk(ctx, second)).toMatchObject({ enrolledCount: 1, refusedCount: 2 });
  const reopened = await ctx.db
    .selectFrom("sequenceEnrollments")
    .select(["status", "run", "endReason", "campaignId"])
    .where("leadId", "=", gone.id)
    .execute();
  expect(reopened).toEqual([{ status: "ACTIVE", run: 2, endReason: null, campaignId }]);
  const runs = await ctx.db
    .selectFrom("sequenceStepExecutions")
    .select(["run", "status"])
    .where("leadId", "=", gone.id)
    .orderBy("run")
    .orderBy("stepOrder")
    .execute();
  expect(runs).toEqual([
    { run: 1, status: "SKIPPED" },
    { run: 1, status: "SKIPPED" },
    { run: 2, status: "SCHEDULED" },
  ]);
});

test("a bulk enrolment names leads or gives a filter, and unknown sequences and campaigns are refused", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx);
  const path = `/sequences/${sequenceId}/bulk-enrollments`;
  expect((await world.request("POST", path, { body: {} })).status).toBe(422);
  expect((await world.request("POST", path, { body: { filter: {}, leadIds: ["x"] } })).status).toBe(422);
  expect((await world.request("POST", path, { body: { filter: { colour: "red", status: ["OLD"] } } })).status).toBe(
    422,
  );
  const other = { body: { filter: {}, campaignId: "camp_none" } };
  expect(await world.request("POST", path, other)).toMatchObject({ status: 404, body: { code: "campaign-not-found" } });
  expect((await world.request("POST", path, { body: { filter: {} }, as: "VIEWER" })).status).toBe(403);
  const preview = await world.request("POST", `${path}/preview`, { body: { filter: {} }, as: "VIEWER" });
  expect(preview.body).toEqual({ count: 0, isEstimate: false, wouldEnroll: 0, refusals: [] });
});

const refused = (count: number, reason: string) =>
  Array.from({ length: count }, (_, n) => ({ leadId: `${reason}${n}`, code: "lead_status", reason }));

test("refusals are gathered by reason over batches, the most frequent first, with no more than twenty names each", () => {
  const gathered = gatherRefusals(gatherRefusals([], refused(15, "a")), [...refused(30, "b"), ...refused(10, "a")]);
  expect(gathered.map(({ reason, count, leadIds }) => [reason, count, leadIds.length])).toEqual([
    ["b", 30, 20],
    ["a", 25, 20],
  ]);
});
