import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { World } from "#test/world.ts";
import { createCampaign } from "./commands/create-campaign.ts";
import { rescheduleExecution, skipExecution } from "./commands/decide-execution.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { activateCampaign } from "./commands/move-campaign.ts";
import { pauseEnrollment, resumeEnrollment } from "./commands/pause-enrollment.ts";
import { findEnrollment } from "./queries/enrollments.ts";
import { listExecutions } from "./queries/executions.ts";
import { ENROLLMENT_STATUSES, EXECUTION_STATUSES, whyNotDecideExecution } from "./states.ts";
import { HOUR, activeSequence, sendingWorld } from "./test-sequences.ts";

const code = (text: string) => ({ definition: { code: text } });

async function enroll(world: World, sequenceId: string, campaignId?: string) {
  const lead = await world.make.lead({ country: "DE" });
  const [outcome] = await enrollLeads(world.ctx, { sequenceId, leadIds: [lead.id], campaignId, by: "person" });
  const enrollmentId = outcome?.enrollmentId ?? "";
  const planned = async () => (await findEnrollment(world.ctx, enrollmentId))?.executionId ?? "";
  return { lead, enrollmentId, planned };
}

test("a person leaves out a planned step: the next is planned from then, and the lead's history says why", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const { enrollmentId, planned, lead } = await enroll(
    world,
    await activeSequence(ctx, [{ delayValue: 24 }, { delayValue: 2 }]),
  );
  const first = await planned();
  const reply = await world.request("POST", `/executions/${first}/skip`, { body: { reason: "Spoke to her today" } });
  expect(reply.body).toMatchObject({
    status: "SKIPPED",
    reason: "skipped by a person: Spoke to her today",
    result: { by: ctx.actor.id },
    waits: null,
  });
  const due = new Date(ctx.now().getTime() + 2 * HOUR);
  expect(await findEnrollment(ctx, enrollmentId)).toMatchObject({ status: "ACTIVE", stepOrder: 1, scheduledAt: due });
  await expect(skipExecution(ctx, { executionId: first, reason: "again" })).rejects.toMatchObject(
    code("execution-not-in-state"),
  );
  await skipExecution(ctx, { executionId: await planned(), reason: "and the last" });
  expect(await findEnrollment(ctx, enrollmentId)).toMatchObject({ status: "COMPLETED", executionId: null });
  await world.advance(60 * 48);
  expect(await world.sandbox.sent()).toEqual([]);
  const told = await ctx.db
    .selectFrom("events")
    .select("payload")
    .where("type", "=", "outreach.step-skipped")
    .where("leadId", "=", lead.id)
    .execute();
  expect(told).toHaveLength(2);
  expect((await world.request("POST", `/executions/${first}/skip`, { body: {} })).status).toBe(422);
  await expect(skipExecution(ctx, { executionId: "exe_none", reason: "x" })).rejects.toMatchObject(
    code("execution-not-found"),
  );
});

test("a step that is left out during a pause is followed by the next one when the lead is resumed", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const { enrollmentId, planned } = await enroll(
    world,
    await activeSequence(ctx, [{ delayValue: 24 }, { delayValue: 2 }]),
  );
  await pauseEnrollment(ctx, enrollmentId);
  await expect(
    rescheduleExecution(ctx, { executionId: await planned(), at: ctx.now(), reason: "now" }),
  ).rejects.toMatchObject({ detail: "The lead is paused: resume them first" });
  await skipExecution(ctx, { executionId: await planned(), reason: "not needed" });
  expect(await findEnrollment(ctx, enrollmentId)).toMatchObject({ status: "PAUSED", executionId: null });
  await resumeEnrollment(ctx, enrollmentId);
  const due = new Date(ctx.now().getTime() + 2 * HOUR);
  expect(await findEnrollment(ctx, enrollmentId)).toMatchObject({ stepOrder: 1, scheduledAt: due });
});

test("a person moves a planned step: it goes out then, keeps its first due time, and says who moved it", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const { planned } = await enroll(world, await activeSequence(ctx, [{ delayValue: 24 }]));
  const id = await planned();
  const first = new Date(ctx.now().getTime() + 24 * HOUR).toISOString();
  const later = new Date(ctx.now().getTime() + 72 * HOUR).toISOString();
  const path = `/executions/${id}/reschedule`;
  const moved = await world.request("POST", path, { body: { at: later, reason: "On holiday" } });
  expect(moved.body).toMatchObject({
    status: "SCHEDULED",
    dueAt: first,
    scheduledAt: later,
    waits: { kind: "moved", until: later },
  });
  await world.advance(60 * 48);
  expect(await world.sandbox.sent()).toEqual([]);
  await world.request("POST", path, { body: { at: "2020-01-01T00:00:00Z", reason: "Send it now" } });
  await world.drain();
  expect((await world.sandbox.sent()).map(({ at }) => at)).toEqual([ctx.now()]);
  expect((await world.request("POST", path, { body: { at: later, reason: "Too late" } })).status).toBe(409);
  const events = await ctx.db
    .selectFrom("events")
    .select("payload")
    .where("type", "=", "outreach.step-rescheduled")
    .orderBy("id")
    .execute();
  expect(events).toMatchObject([
    { payload: { executionId: id, from: first, to: later, reason: "On holiday" } },
    { payload: { from: later, reason: "Send it now" } },
  ]);
});

test("a step may be decided by a person exactly while it is planned in the present run of an open enrollment", () => {
  const status = fc.constantFrom(...EXECUTION_STATUSES);
  const enrollmentStatus = fc.constantFrom(...ENROLLMENT_STATUSES);
  const messageStatus = fc.constantFrom(null, "queued", "sending", "sent", "unknown", "cancelled");
  fc.assert(
    fc.property(status, fc.integer({ min: 1, max: 2 }), enrollmentStatus, messageStatus, (one, run, open, message) => {
      const execution = { status: one, run, currentRun: 2, enrollmentStatus: open, messageStatus: message };
      const isPlanned = one === "PENDING" || one === "SCHEDULED";
      const isOpen = open === "ACTIVE" || open === "PAUSED";
      const maySkip = isPlanned && run === 2 && isOpen && (message === null || message === "queued");
      expect(whyNotDecideExecution(execution, "skip") === null).toBe(maySkip);
      const mayMove = maySkip && message === null && open === "ACTIVE";
      expect(whyNotDecideExecution(execution, "reschedule") === null).toBe(mayMove);
    }),
  );
});

test("executions are listed by sequence, lead, campaign, status and due time, both ways, page by page", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  const mixed = await activeSequence(ctx, [{}, { channel: "EMAIL", delayValue: 24 }]);
  const single = await activeSequence(ctx, [{ delayValue: 5 }]);
  const people = [];
  for (let n = 0; n < 4; n++) people.push(await enroll(world, mixed, n < 2 ? campaignId : undefined));
  const late = await enroll(world, single);
  await world.advance(60);

  const list = async (query: string) => {
    const { text, status } = await world.request("GET", `/executions?${query}`);
    expect(status, text).toBe(200);
    const page: {
      data: { id: string; leadId: string; status: string; dueAt: string }[];
      next_cursor: string | null;
    } = JSON.parse(text);
    return page;
  };
  expect((await list("")).data).toHaveLength(9);
  const planned = await list("status=SCHEDULED&order=asc");
  expect(planned.data[0]).toMatchObject({ leadId: late.lead.id });
  expect(planned.data.map(({ leadId }) => leadId).toSorted()).toEqual(
    [late, ...people].map(({ lead }) => lead.id).toSorted(),
  );
  expect((await list(`sequenceId=${mixed}&channel=SMS`)).data).toHaveLength(4);
  expect((await list(`sequenceId=${mixed}&status=FAILED`)).data).toEqual([]);
  expect((await list(`campaignId=${campaignId}`)).data).toHaveLength(4);
  expect((await list(`leadId=${late.lead.id}`)).data).toMatchObject([{ waits: { kind: "delay" } }]);
  expect((await list("channel=EMAIL")).data.every(({ status }) => status === "SCHEDULED")).toBe(true);
  const soon = new Date(ctx.now().getTime() + 10 * HOUR).toISOString();
  const between = `dueFrom=${ctx.now().toISOString()}&dueBefore=${soon}`;
  expect((await list(between)).data.map(({ leadId }) => leadId)).toEqual([late.lead.id]);

  for (const order of ["asc", "desc"]) {
    const whole = (await list(`order=${order}`)).data.map(({ id }) => id);
    const paged: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page = await list(`order=${order}&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      paged.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(whole);
  }
  expect((await listExecutions(ctx, { sequenceId: "seq_none" }, { order: "asc", limit: 5 })).rows).toEqual([]);
});

test("one execution explains itself, and its attempt is listed with lead, sequence, campaign and script", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  await activateCampaign(ctx, campaignId);
  const sequenceId = await activeSequence(ctx, [{}, { channel: "EMAIL", delayValue: 1 }]);
  const { lead, planned } = await enroll(world, sequenceId, campaignId);
  const id = await planned();
  await world.advance(90);
  const why = await world.request("GET", `/executions/${id}/why`);
  expect(why.body).toMatchObject({
    id,
    leadId: lead.id,
    campaignName: "Spring",
    status: expect.stringMatching(/^(SENT|DELIVERED)$/),
    verdict: {
      result: { kind: "send" },
      checks: expect.arrayContaining([expect.objectContaining({ check: "lead", outcome: "pass" })]),
    },
    attempt: { provider: expect.any(String) },
    message: { status: expect.stringMatching(/^(sent|delivered)$/), failure: null },
  });
  const attempts = await world.request("GET", `/attempts?campaignId=${campaignId}&limit=1`);
  expect(attempts.body).toMatchObject({
    data: [{ leadId: lead.id, channel: "EMAIL", campaignName: "Spring", sequenceId, scriptName: "Letter" }],
    has_more: true,
  });
  const { next_cursor: cursor }: { next_cursor: string } = JSON.parse(attempts.text);
  const rest = await world.request("GET", `/attempts?limit=5&cursor=${cursor}`);
  expect(rest.body).toMatchObject({ data: [{ channel: "SMS", executionId: id }], has_more: false });
  expect((await world.request("GET", "/attempts?status=NO_ANSWER&channel=CALL")).body).toMatchObject({ data: [] });
  expect((await world.request("GET", "/attempts?channel=CALL")).body).toMatchObject({ data: [] });
  const byLead = await world.request("GET", `/attempts?leadId=${lead.id}&startedBefore=${ctx.now().toISOString()}`);
  expect(byLead.body).toMatchObject({ data: [{ channel: "EMAIL" }, { channel: "SMS" }] });
});
