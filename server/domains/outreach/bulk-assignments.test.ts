import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { updateSettings } from "#domains/accounts/index.ts";
import { suppress } from "#domains/leads/index.ts";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import type { LeadFilter } from "#domains/leads/rules.ts";
import { addCrowd, dyingRuntime } from "#test/crowd.ts";
import { type World, testWorld } from "#test/world.ts";
import { CAMPAIGN_FULL, sortOut } from "./campaign-entry.ts";
import { assignLeads, removeLeads } from "./commands/assign-leads.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { deleteCampaign } from "./commands/delete-campaign.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign, completeCampaign } from "./commands/move-campaign.ts";
import { previewBulkAssignment } from "./commands/preview-bulk-assignment.ts";
import { runBulkAssignments } from "./commands/run-bulk-assignments.ts";
import { cancelBulkAssignment, startBulkAssignment, undoBulkAssignment } from "./commands/start-bulk-assignment.ts";
import { assignmentPreviewSchema } from "./contract/bulk-assignments.ts";
import { findAssignment } from "./queries/bulk-assignments.ts";
import { listCampaignLeadRows } from "./queries/campaign-rows.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

const DAY = 24 * 60;
const code = (text: string) => ({ definition: { code: text } });

const inside = async ({ ctx }: World, id: string) =>
  (await listCampaignLeadRows(ctx, id, { limit: 5_000 })).map(({ leadId }) => leadId).toSorted();

/** Asks for it, has it done and returns what it came to. */
async function assignAll(world: World, campaignId: string, filter: LeadFilter = {}) {
  const id = await startBulkAssignment(world.ctx, { campaignId, filter });
  await world.drain();
  return { ...(await findAssignment(world.ctx, id)), id };
}

async function undo(world: World, id: string) {
  const undoId = await undoBulkAssignment(world.ctx, id);
  await world.drain();
  return findAssignment(world.ctx, undoId);
}

test("any number of processes put each lead of a filter into a campaign once, and a process that dies in a batch leaves no trace of it", async () => {
  const world = await testWorld();
  await addCrowd(world, 2_500);
  const { ctx, runtime } = world;
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const filter = { status: ["NEW" as const] };
  const preview = await previewBulkAssignment(ctx, { campaignId, filter });
  expect(preview).toMatchObject({ isEstimate: false, inside: 0, refusals: [], room: null });
  const reply = await world.request("POST", `/campaigns/${campaignId}/bulk-assignments`, { body: { filter } });
  expect(reply).toMatchObject({ status: 201, body: { status: "QUEUED", total: preview.count, changed: 0 } });
  const { id } = z.object({ id: z.string() }).parse(reply.body);

  await expect(runBulkAssignments(dyingRuntime(runtime))).rejects.toThrow("killed");
  expect(await findAssignment(ctx, id)).toMatchObject({ status: "QUEUED", changedCount: 0, cursor: null });
  expect(await inside(world, campaignId)).toEqual([]);

  while ((await findAssignment(ctx, id))?.status !== "COMPLETED")
    await Promise.all([runBulkAssignments(runtime), runBulkAssignments(runtime), runBulkAssignments(runtime)]);
  expect(await findAssignment(ctx, id)).toMatchObject({
    changedCount: preview.wouldAdd,
    unchangedCount: 0,
    refusedCount: 0,
    finishedAt: ctx.now(),
  });
  const wanted = await ctx.db.selectFrom("leads").select("id").where("status", "=", "NEW").orderBy("id").execute();
  expect(await inside(world, campaignId)).toEqual(wanted.map((lead) => lead.id));
  const told = await ctx.db
    .selectFrom("events")
    .select("actorId")
    .where("type", "=", "outreach.lead-assigned")
    .execute();
  expect(told).toHaveLength(wanted.length);
  expect(new Set(told.map(({ actorId }) => actorId))).toEqual(new Set([ctx.actor.id]));
}, 60_000);

test("a bulk assignment is stopped between two batches, and what it had put in is taken out again by its undo, once", async () => {
  const world = await testWorld();
  const { ctx, runtime, make } = world;
  for (let made = 0; made < 7; made += 1) await make.lead();
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const id = await startBulkAssignment(ctx, { campaignId, filter: {} });
  expect(await runBulkAssignments(runtime, 3)).toBe(true);
  await expect(undoBulkAssignment(ctx, id)).rejects.toMatchObject({
    detail: "It is still under way: stop it first.",
  });
  await cancelBulkAssignment(ctx, id);
  await world.drain();
  expect(await findAssignment(ctx, id)).toMatchObject({ status: "CANCELLED", changedCount: 3, finishedAt: ctx.now() });
  await expect(cancelBulkAssignment(ctx, id)).rejects.toMatchObject(code("bulk-assignment-not-in-state"));

  const undoId = await undoBulkAssignment(ctx, id);
  await expect(undoBulkAssignment(ctx, id)).rejects.toMatchObject({ detail: "It was undone before." });
  expect(await runBulkAssignments(runtime, 2)).toBe(true);
  expect(await inside(world, campaignId)).toHaveLength(1);
  await world.drain();
  expect(await findAssignment(ctx, undoId)).toMatchObject({ status: "COMPLETED", changedCount: 3, undoOf: id });
  expect(await inside(world, campaignId)).toEqual([]);
  await expect(undoBulkAssignment(ctx, undoId)).rejects.toMatchObject({ detail: "It is an undo itself." });
});

test("who asks twice for the same while it is under way gets one bulk assignment, for another filter another", async () => {
  const world = await testWorld();
  const { ctx, make } = world;
  await make.lead();
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const filter: LeadFilter = { status: ["NEW"], search: "" };
  const same: LeadFilter = { search: "", status: ["NEW"] };
  const ids = await Promise.all(
    [filter, same, filter, same].map((one) => startBulkAssignment(ctx, { campaignId, filter: one })),
  );
  expect(new Set(ids).size).toBe(1);
  const other = await startBulkAssignment(ctx, { campaignId, filter: { status: ["LOST"] } });
  expect(ids).not.toContain(other);
  await world.drain();
  expect(await findAssignment(ctx, ids[0] ?? "")).toMatchObject({ status: "COMPLETED", changedCount: 1 });
  const later = await assignAll(world, campaignId, filter);
  expect(ids).not.toContain(later.id);
  expect(later).toMatchObject({ changedCount: 0, unchangedCount: 1 });
});

test("leads that are made while a bulk assignment is under way are not taken", async () => {
  const world = await testWorld();
  const { ctx, runtime, make } = world;
  const early = [await make.lead(), await make.lead()];
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const id = await startBulkAssignment(ctx, { campaignId, filter: {} });
  await runBulkAssignments(runtime, 1);
  await make.lead();
  await world.drain();
  expect(await findAssignment(ctx, id)).toMatchObject({ status: "COMPLETED", changedCount: 2, refusedCount: 0 });
  expect(await inside(world, campaignId)).toEqual(early.map((lead) => lead.id).toSorted());
});

test("a campaign takes in the oldest as far as it has places, and a bulk assignment ends there", async () => {
  const world = await testWorld();
  const { ctx, runtime, make } = world;
  const leads: string[] = [];
  for (let made = 0; made < 9; made += 1) {
    leads.push((await make.lead()).id);
    await world.advance(1);
  }
  const campaignId = await createCampaign(ctx, { name: "Spring", maxLeads: 4 });
  await assignLeads(ctx, campaignId, leads.slice(8));
  expect(await previewBulkAssignment(ctx, { campaignId, filter: {} })).toEqual({
    count: 9,
    isEstimate: false,
    lookedAt: 9,
    wouldAdd: 3,
    inside: 1,
    refusals: [{ ...CAMPAIGN_FULL, count: 5 }],
    room: 3,
  });
  const id = await startBulkAssignment(ctx, { campaignId, filter: {} });
  while (await runBulkAssignments(runtime, 2));
  expect(await findAssignment(ctx, id)).toMatchObject({
    status: "COMPLETED",
    changedCount: 3,
    refusedCount: 1,
    refusals: [{ ...CAMPAIGN_FULL, count: 1, leadIds: [leads[3]] }],
  });
  expect(await inside(world, campaignId)).toEqual([...leads.slice(0, 3), ...leads.slice(8)].toSorted());
});

test("an undo takes out only whom the bulk assignment put in and nothing was begun with since, for thirty days", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const [before, untouched, enrolled, worked, again] = [
    await make.lead(),
    await make.lead(),
    await make.lead(),
    await make.lead(),
    await make.lead(),
  ];
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  await assignLeads(ctx, campaignId, [before.id]);
  const { id } = await assignAll(world, campaignId);
  await removeLeads(ctx, campaignId, [again.id]);
  await assignLeads(ctx, campaignId, [again.id]);
  const soon = await activeSequence(ctx, [{ channel: "SMS" }]);
  const later = await activeSequence(ctx, [{ channel: "SMS", delayValue: 9 }], { name: "Later" });
  await enrollLeads(ctx, { sequenceId: soon, leadIds: [worked.id], campaignId, by: "person" });
  await enrollLeads(ctx, { sequenceId: later, leadIds: [enrolled.id], campaignId, by: "person" });
  await world.advance(60);
  expect(await undo(world, id)).toMatchObject({
    status: "COMPLETED",
    total: 4,
    changedCount: 1,
    refusals: [
      { code: "enrolled", leadIds: [enrolled.id] },
      { code: "worked", leadIds: [worked.id] },
    ],
  });
  expect(await inside(world, campaignId)).toEqual([before.id, enrolled.id, worked.id, again.id].toSorted());

  const late = await assignAll(world, campaignId);
  expect(late).toMatchObject({ changedCount: 1, unchangedCount: 4 });
  await world.advance(30 * DAY);
  expect((await world.request("GET", `/bulk-assignments/${late.id}`)).body).toMatchObject({ whyNotUndo: null });
  await world.advance(DAY);
  await expect(undoBulkAssignment(ctx, late.id)).rejects.toMatchObject({ detail: "It ended more than 30 days ago." });
  expect(await inside(world, campaignId)).toContain(untouched.id);
});

test("a bulk assignment into a campaign that is over fails and says why, and goes with a campaign that is deleted", async () => {
  const world = await testWorld();
  const { ctx, make } = world;
  await make.lead();
  const ended = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, ended);
  const id = await startBulkAssignment(ctx, { campaignId: ended, filter: {} });
  await completeCampaign(ctx, ended);
  await world.drain();
  expect(await findAssignment(ctx, id)).toMatchObject({
    status: "FAILED",
    failure: "A completed campaign takes nobody in.",
    changedCount: 0,
  });
  await expect(startBulkAssignment(ctx, { campaignId: ended, filter: {} })).rejects.toMatchObject(
    code("campaign-not-in-state"),
  );
  const gone = await createCampaign(ctx, { name: "Autumn" });
  const lost = await startBulkAssignment(ctx, { campaignId: gone, filter: {} });
  await deleteCampaign(ctx, gone);
  await world.drain();
  expect(await world.request("GET", `/bulk-assignments/${lost}`)).toMatchObject({
    status: 404,
    body: { code: "bulk-assignment-not-found" },
  });
});

test("a filter of leads that is kept with campaigns, bulk work and simulations is told to nobody who may not see leads", async () => {
  const world = await sendingWorld();
  const filter: LeadFilter = { search: "Ana Okafor" };
  const campaignId = await createCampaign(world.ctx, { name: "Spring", autoAssign: { filter } });
  const sequenceId = await activeSequence(world.ctx);
  const { id } = await assignAll(world, campaignId, filter);
  await world.request("POST", `/sequences/${sequenceId}/bulk-enrollments`, { body: { filter } });
  await world.request("POST", `/sequences/${sequenceId}/simulate`, { body: { filter, days: 1 } });
  const keyWith = async (...scopes: string[]) => {
    const { body } = await world.request("POST", "/api-keys", { body: { name: scopes.join(), scopes } });
    return { apiKey: z.object({ key: z.string() }).parse(body).key };
  };
  const [both, one] = [await keyWith("outreach:read", "leads:read"), await keyWith("outreach:read")];
  const lists = ["bulk-assignments", "bulk-enrollments", "simulations", "campaigns"].map((name) => `/${name}`);
  for (const path of [...lists, `/bulk-assignments/${id}`, `/campaigns/${campaignId}`]) {
    const seen = await world.request("GET", path, { as: both });
    expect([path, seen.status, seen.text.includes("Ana Okafor")]).toEqual([path, 200, true]);
    const hidden = await world.request("GET", path, { as: one });
    expect([path, hidden.status, hidden.text.includes("Okafor")]).toEqual([path, 200, false]);
    expect(hidden.text).toContain('"filter":null');
  }
});

test("who may only look sees a preview and the list, and starts nothing", async () => {
  const world = await testWorld();
  const campaignId = await createCampaign(world.ctx, { name: "Spring" });
  const path = `/campaigns/${campaignId}/bulk-assignments`;
  const as = "VIEWER";
  const preview = await world.request("POST", `${path}/preview`, { body: { filter: {} }, as });
  expect(assignmentPreviewSchema.parse(preview.body)).toMatchObject({ count: 0, wouldAdd: 0, inside: 0 });
  expect((await world.request("POST", path, { body: { filter: {} }, as })).status).toBe(403);
  expect((await world.request("POST", path, { body: {} })).status).toBe(422);
  const { id } = await assignAll(world, campaignId);
  expect((await world.request("GET", `/bulk-assignments?campaignId=${campaignId}`, { as })).body).toMatchObject({
    data: [{ id, status: "COMPLETED", whyNotUndo: "It changed nothing." }],
    has_more: false,
  });
  expect((await world.request("POST", `/bulk-assignments/${id}/undo`, { as })).status).toBe(403);
});

const standing = fc.record({ isInside: fc.boolean(), isErased: fc.boolean(), isShutOff: fc.boolean() });

test("every lead is in one of three: welcome, inside or left out with a reason, and nobody erased or unreachable is welcome", () => {
  fc.assert(
    fc.property(fc.array(standing), (drawn) => {
      const standings = drawn.map((one, place) => ({ ...one, leadId: `lead_${place}` }));
      const { welcome, inside: within, refused } = sortOut(standings);
      const ids = [...welcome, ...within, ...refused.map(({ leadId }) => leadId)];
      expect(ids.toSorted()).toEqual(standings.map(({ leadId }) => leadId).toSorted());
      const of = new Map(standings.map((one) => [one.leadId, one]));
      for (const id of welcome)
        expect(of.get(id)).toMatchObject({ isInside: false, isErased: false, isShutOff: false });
      for (const id of within) expect(of.get(id)).toMatchObject({ isInside: true });
    }),
  );
});

/** What one lead of a drawn workspace is like, with the campaign it is brought to. */
const drawnLead = fc.record({
  matches: fc.boolean(),
  isInside: fc.boolean(),
  isErased: fc.boolean(),
  closed: fc.constantFrom("nothing", "e-mail", "everything"),
  hasPhone: fc.boolean(),
});

test("whatever the leads, the limit and the batches, the preview tells what the work comes to, and the undo gives back what was", async () => {
  const world = await testWorld();
  const { ctx, runtime, make } = world;
  await updateSettings(ctx, { timeZone: "America/New_York" });
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawnLead, { minLength: 1, maxLength: 8 }),
      fc.option(fc.integer({ min: 1, max: 6 })),
      fc.subarray(["EMAIL", "SMS"] as const),
      fc.integer({ min: 1, max: 4 }),
      async (drawn, maxLeads, channels, batch) => {
        world.clock.advance(1_000);
        const filter: LeadFilter = { country: ["PT"], createdFrom: ctx.now().toISOString() };
        const campaignId = await createCampaign(ctx, { name: "Spring", channels });
        const leads: string[] = [];
        for (const { matches, hasPhone, isInside, closed, isErased } of drawn) {
          const country = matches ? "PT" : "DE";
          const { id, email, phone } = await make.lead(hasPhone ? { country } : { country, phone: undefined });
          leads.push(id);
          if (isInside) await assignLeads(ctx, campaignId, [id]);
          if (closed !== "nothing" && email) await suppress(ctx, { kind: "EMAIL", value: email, reason: "MANUAL" });
          if (closed === "everything" && phone) await suppress(ctx, { kind: "PHONE", value: phone, reason: "MANUAL" });
          if (isErased)
            await eraseLead(
              ctx,
              { leadId: id, reason: "asked for it", confirm: email ?? "" },
              world.runtime.config.dataDir,
            );
        }
        if (maxLeads !== null)
          await ctx.db.updateTable("campaigns").set({ maxLeads }).where("id", "=", campaignId).execute();
        const was = await inside(world, campaignId);
        const preview = await previewBulkAssignment(ctx, { campaignId, filter });
        expect(preview.count).toBe(preview.lookedAt);
        expect(preview.wouldAdd + preview.inside + preview.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(
          preview.count,
        );

        const id = await startBulkAssignment(ctx, { campaignId, filter });
        while (await runBulkAssignments(runtime, batch));
        const done = await findAssignment(ctx, id);
        const now = await inside(world, campaignId);
        expect(done).toMatchObject({ status: "COMPLETED", changedCount: preview.wouldAdd });
        expect(now).toHaveLength(was.length + preview.wouldAdd);
        if (!done?.refusals.some((refusal) => refusal.code === CAMPAIGN_FULL.code)) {
          expect(done).toMatchObject({ unchangedCount: preview.inside });
          expect(done?.refusals.map(({ leadIds: _leadIds, ...one }) => one)).toEqual(preview.refusals);
        }
        if (maxLeads !== null) expect(now.length).toBeLessThanOrEqual(Math.max(maxLeads, was.length));
        for (const [place, { isErased, closed, hasPhone, matches }] of drawn.entries()) {
          const leadId = leads[place] ?? "";
          if (was.includes(leadId) || !now.includes(leadId)) continue;
          expect({ isErased, matches }).toEqual({ isErased: false, matches: true });
          const openBySms = (channels.length === 0 || channels.includes("SMS")) && hasPhone && closed !== "everything";
          const openByMail = (channels.length === 0 || channels.includes("EMAIL")) && closed === "nothing";
          const saidNothing = channels.length === 1 && channels[0] === "SMS" && !hasPhone;
          expect(openBySms || openByMail || saidNothing).toBe(true);
        }
        if (preview.wouldAdd > 0) {
          await undoBulkAssignment(ctx, id);
          while (await runBulkAssignments(runtime, batch));
        }
        expect(await inside(world, campaignId)).toEqual(was);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
