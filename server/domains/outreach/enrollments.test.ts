import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Context, inTransaction } from "#platform/context.ts";
import { type World, testWorld } from "#test/world.ts";
import { resumeSequence } from "./commands/activate-sequence.ts";
import { cancelEnrollment } from "./commands/cancel-enrollment.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { pauseEnrollment, resumeEnrollment } from "./commands/pause-enrollment.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { lockExecutions, moveEnrollments } from "./queries/engine.ts";
import { findEnrollment } from "./queries/enrollments.ts";
import { HOUR, activeSequence, sendingWorld } from "./test-sequences.ts";

const code = (text: string) => ({ definition: { code: text } });

async function enrolled(world: World, sequenceId: string): Promise<{ id: string; leadId: string }> {
  const lead = await world.make.lead({ country: "DE" });
  const [outcome] = await enrollLeads(world.ctx, { sequenceId, leadIds: [lead.id], by: "person" });
  if (!outcome?.enrollmentId) throw new Error("The lead was not enrolled.");
  return { id: outcome.enrollmentId, leadId: lead.id };
}

const eventsOf = async ({ ctx }: World, enrollmentId: string) => {
  const rows = await ctx.db
    .selectFrom("events")
    .select("type")
    .where("subjectId", "=", enrollmentId)
    .orderBy("id")
    .execute();
  return rows.map(({ type }) => type);
};

test("a pause keeps what is left of the wait, and resuming counts it from then", async () => {
  const world = await testWorld();
  const { ctx, clock } = world;
  const { id } = await enrolled(world, await activeSequence(ctx, [{ delayValue: 4 }, { delayValue: 1 }]));
  clock.set(new Date(clock.now().getTime() + HOUR));
  await pauseEnrollment(ctx, id);
  expect(await findEnrollment(ctx, id)).toMatchObject({
    status: "PAUSED",
    pausedBy: "person",
    pausedAt: ctx.now(),
    executionStatus: "PENDING",
    scheduledAt: null,
    remainingMs: 3 * HOUR,
  });
  await expect(pauseEnrollment(ctx, id)).rejects.toMatchObject(code("enrollment-not-in-state"));

  await world.advance(60 * 24 * 3);
  expect(await world.sandbox.sent()).toEqual([]);
  await resumeEnrollment(ctx, id);
  const due = new Date(clock.now().getTime() + 3 * HOUR);
  expect(await findEnrollment(ctx, id)).toMatchObject({ status: "ACTIVE", pausedBy: null, scheduledAt: due });
  await world.advance(60 * 3);
  expect((await world.sandbox.sent()).map(({ at }) => at)).toEqual([due]);
  await expect(resumeEnrollment(ctx, id)).rejects.toMatchObject(code("enrollment-not-in-state"));
  expect(await eventsOf(world, id)).toEqual([
    "outreach.lead-enrolled",
    "outreach.enrollment-paused",
    "outreach.enrollment-resumed",
  ]);
});

test("whoever a person paused stays paused when the sequence goes on, and whoever the sequence paused is not resumed singly", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx);
  const [alone, other] = [await enrolled(world, sequenceId), await enrolled(world, sequenceId)];
  await pauseEnrollment(ctx, alone.id);
  await pauseSequence(ctx, sequenceId);
  await expect(resumeEnrollment(ctx, other.id)).rejects.toMatchObject({
    ...code("enrollment-not-in-state"),
    detail: expect.stringContaining("paused with its sequence"),
  });
  await expect(resumeEnrollment(ctx, alone.id)).rejects.toMatchObject({
    detail: "The sequence is PAUSED: resume it first.",
  });
  await resumeSequence(ctx, sequenceId);
  expect((await findEnrollment(ctx, alone.id))?.status).toBe("PAUSED");
  expect((await findEnrollment(ctx, other.id))?.status).toBe("ACTIVE");
  await resumeEnrollment(ctx, alone.id);
  expect((await findEnrollment(ctx, alone.id))?.status).toBe("ACTIVE");
});

test("whose touch went out during the pause gets the next step planned when they are resumed", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const { id } = await enrolled(world, await activeSequence(ctx, [{}, { delayValue: 2 }]));
  await pauseEnrollment(ctx, id);
  const sent = { status: "SENT", executedAt: ctx.now(), remainingMs: null } as const;
  await ctx.db.updateTable("sequenceStepExecutions").set(sent).where("enrollmentId", "=", id).execute();
  await resumeEnrollment(ctx, id);
  const due = new Date(ctx.now().getTime() + 2 * HOUR);
  expect(await findEnrollment(ctx, id)).toMatchObject({ status: "ACTIVE", stepOrder: 1, dueAt: due, scheduledAt: due });
});

test("the lead's page learns in one request what comes next, when, and why it waits", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const one = await enrolled(world, await activeSequence(ctx, [{ channel: "EMAIL", delayValue: 2 }]));
  const [next] = await enrollLeads(ctx, {
    sequenceId: await activeSequence(ctx),
    leadIds: [one.leadId],
    by: "person",
  });
  await pauseEnrollment(ctx, next?.enrollmentId ?? "");
  const { body } = await world.request("GET", `/leads/${one.leadId}/enrollments`);
  const due = new Date(ctx.now().getTime() + 2 * HOUR).toISOString();
  expect(body).toMatchObject({
    data: [
      {
        id: next?.enrollmentId,
        status: "PAUSED",
        pausedBy: "person",
        next: { channel: "SMS", status: "PENDING", remainingMs: 0, waits: { kind: "paused", until: null } },
      },
      {
        id: one.id,
        next: {
          stepOrder: 0,
          channel: "EMAIL",
          scriptName: "Letter",
          status: "SCHEDULED",
          dueAt: due,
          scheduledAt: due,
          waits: { kind: "delay", until: due },
        },
      },
    ],
  });
  await cancelEnrollment(ctx, { enrollmentId: one.id });
  await expect(cancelEnrollment(ctx, { enrollmentId: one.id })).rejects.toMatchObject(code("enrollment-not-in-state"));
  await expect(pauseEnrollment(ctx, "enr_none")).rejects.toMatchObject(code("enrollment-not-found"));
  const after = await world.request("GET", `/leads/${one.leadId}/enrollments`);
  expect(after.body).toMatchObject({ data: [{}, { id: one.id, status: "CANCELLED", next: null }] });
});

test("a sequence lists its people by status and page, each with the lead and what comes next", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx);
  const all = [];
  for (let n = 0; n < 5; n++) all.push(await enrolled(world, sequenceId));
  await pauseEnrollment(ctx, all[1]?.id ?? "");
  const path = `/sequences/${sequenceId}/enrollments`;
  const seen: string[] = [];
  let cursor = "";
  for (let more = true; more;) {
    const { text } = await world.request("GET", `${path}?limit=2${cursor}`);
    const page: { data: { id: string }[]; next_cursor: string | null } = JSON.parse(text);
    seen.push(...page.data.map(({ id }) => id));
    cursor = `&cursor=${page.next_cursor}`;
    more = page.next_cursor !== null;
  }
  expect(seen).toEqual(all.map(({ id }) => id).toReversed());
  const paused = await world.request("GET", `${path}?status=PAUSED`);
  expect(paused.body).toMatchObject({
    data: [{ id: all[1]?.id, lead: { id: all[1]?.leadId, firstName: "Ada", status: "NEW" }, currentStep: 0 }],
    has_more: false,
  });
  const resumed = await world.request("POST", `/enrollments/${all[1]?.id}/resume`);
  expect(resumed.body).toMatchObject({ status: "ACTIVE", next: { status: "SCHEDULED" } });
  const again = await world.request("POST", `/enrollments/${all[1]?.id}/pause`);
  expect(again.body).toMatchObject({ status: "PAUSED", next: { waits: { reason: "it was paused by a person" } } });
  expect((await world.request("POST", `/enrollments/${all[1]?.id}/pause`)).status).toBe(409);
});

test("whoever ends or pauses an enrollment and whoever records a delivery for it do not wait for each other", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx, [{ delayValue: 4 }, { delayValue: 1 }]);
  const acts = [pauseEnrollment, (one: Context, enrollmentId: string) => cancelEnrollment(one, { enrollmentId })];
  for (const act of acts) {
    const { id } = await enrolled(world, sequenceId);
    const executionId = (await findEnrollment(ctx, id))?.executionId ?? "";
    let acting: Promise<void> = Promise.resolve();
    await inTransaction(ctx, async (tx) => {
      await lockExecutions(tx, [executionId]);
      acting = act(ctx, id);
      await sleep(200);
      await moveEnrollments(tx, [{ id, currentStep: 1, completed: false }]);
    });
    await acting;
    expect((await findEnrollment(ctx, id))?.status).toBe(act === pauseEnrollment ? "PAUSED" : "CANCELLED");
  }
});

test("a sequence that a reply ended says on which channel the lead answered; another end says nothing of it", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx, [{}, { channel: "CALL", delayValue: 1 }]);
  const answered = await enrolled(world, sequenceId);
  const stopped = await enrolled(world, sequenceId);
  await cancelEnrollment(ctx, { enrollmentId: stopped.id });
  await world.advance(1);
  const [text] = await world.sandbox.sms();
  await world.request("POST", `/sandbox/deliveries/${text?.id}/reply`, { body: { text: "Sounds good" } });
  await world.drain();
  const { body } = await world.request("GET", `/sequences/${sequenceId}/enrollments`);
  expect(body).toMatchObject({
    data: [
      { id: stopped.id, endReason: "cancelled by a person", repliedOn: null },
      { id: answered.id, endReason: "replied", repliedOn: "SMS" },
    ],
  });
});
