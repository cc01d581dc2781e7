import { expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { World } from "#test/world.ts";
import { resumeSequence } from "./commands/activate-sequence.ts";
import { createScript } from "./commands/create-script.ts";
import { deleteScript } from "./commands/delete-script.ts";
import { deleteSequence } from "./commands/delete-sequence.ts";
import { discardChanges } from "./commands/discard-changes.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { previewPublish } from "./commands/preview-publish.ts";
import { type PublishAsk, publishSequence } from "./commands/publish-sequence.ts";
import { putSteps } from "./commands/put-steps.ts";
import { type StepInput, stepInputSchema } from "./contract/sequences.ts";
import { listSteps } from "./queries/step-rows.ts";
import { findNewestVersion, listVersionSteps } from "./queries/version-rows.ts";
import { HOUR, activeSequence, sendingWorld } from "./test-sequences.ts";

/** No law says at which hours they may be written to, so that touches go out when they are due. */
const ABROAD = { country: "DE", timeZone: "Europe/Berlin" };

let made = 0;
const code = (text: string) => ({ definition: { code: text } });

/** Sets the draft to the published steps as `edit` returns them. */
async function edit(ctx: Context, id: string, change: (steps: StepInput[]) => StepInput[]): Promise<void> {
  const steps = await listSteps(ctx, id);
  const inputs = steps.map(({ stepOrder: _order, scriptName: _name, executions: _counts, ...step }) => step);
  await putSteps(ctx, id, change(inputs.map((step) => stepInputSchema.parse(step))));
}

const publish = async (ctx: Context, sequenceId: string, ask: Partial<PublishAsk> = {}) => {
  const { seen } = await previewPublish(ctx, sequenceId);
  return publishSequence(ctx, { sequenceId, seen, move: false, note: null, ...ask });
};

const longer = (place: number, delayValue: number) => (steps: StepInput[]) =>
  steps.map((step, index) => (index === place ? { ...step, delayValue } : step));

async function people(world: World, sequenceId: string, count: number): Promise<string[]> {
  const { ctx } = world;
  const leads = Array.from({ length: count }, () => newId("lead"));
  // In one statement: hundreds of them by the front door would be most of what these tests take.
  await ctx.db
    .insertInto("leads")
    .values(
      leads.map((id, place) => ({
        ...ABROAD,
        id,
        workspaceId: ctx.workspace,
        firstName: "Ada",
        lastName: `No ${place}`,
        email: `ada${made}@example.test`,
        phone: `+49151${String(made++).padStart(8, "0")}`,
        timeZoneSource: "country" as const,
      })),
    )
    .execute();
  const outcomes = await enrollLeads(ctx, { sequenceId, leadIds: leads, by: "person" });
  return outcomes.flatMap(({ enrollmentId }) => enrollmentId ?? []);
}

const planned = ({ ctx }: World) =>
  ctx.db
    .selectFrom("sequenceStepExecutions")
    .select(["enrollmentId", "stepId", "stepOrder", "status", "dueAt", "scheduledAt", "versionId", "id"])
    .where("status", "in", ["PENDING", "SCHEDULED"])
    .orderBy("id")
    .execute();

const executionsOf = ({ ctx }: World, enrollmentId: string) =>
  ctx.db
    .selectFrom("sequenceStepExecutions")
    .selectAll()
    .where("enrollmentId", "=", enrollmentId)
    .orderBy("stepOrder")
    .execute();

test("activation makes version 1 of the steps; editing a running sequence changes only its draft, which says in words what differs", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }]);
  expect((await world.request("GET", `/sequences/${id}`)).body).toMatchObject({ version: 1, unpublished: 0 });
  await expect(previewPublish(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
  await edit(ctx, id, (steps) => [
    ...longer(1, 5)(steps),
    stepInputSchema.parse({ channel: "EMAIL", delayValue: 1, delayUnit: "DAYS" }),
  ]);
  expect((await world.request("GET", `/sequences/${id}`)).body).toMatchObject({ version: 1, unpublished: 2 });
  const { body } = await world.request("GET", `/sequences/${id}/changes`);
  expect(body).toMatchObject({
    from: 1,
    to: null,
    changes: [
      { kind: "delay", words: "Step 2 (SMS “Text”): after 5 hours instead of 2 hours" },
      { kind: "added", words: "New step 3 (E-mail), after 1 day" },
    ],
  });
  const newest = await findNewestVersion(ctx, id);
  expect((await listVersionSteps(ctx, [newest?.id ?? ""])).get(newest?.id ?? "")).toHaveLength(2);
});

test("the draft is published by the rules of activation: with a step that has no script it is not", async () => {
  const { ctx } = await sendingWorld();
  const id = await activeSequence(ctx, [{}]);
  await edit(ctx, id, (steps) => [...steps, stepInputSchema.parse({ channel: "EMAIL" })]);
  expect((await previewPublish(ctx, id)).faults).toMatchObject([{ detail: "Step 2 (E-mail) has no script" }]);
  await expect(publish(ctx, id)).rejects.toMatchObject({
    ...code("sequence-not-ready"),
    errors: [{ detail: "Step 2 (E-mail) has no script" }],
  });
  expect(await findNewestVersion(ctx, id)).toMatchObject({ number: 1 });
});

test("discarding makes the draft what was published: added steps go, switched-off ones come back", async () => {
  const { ctx } = await sendingWorld();
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }]);
  const before = await listSteps(ctx, id);
  await edit(ctx, id, ([_first, ...steps]) => [...steps, stepInputSchema.parse({ channel: "SMS" })]);
  await discardChanges(ctx, id);
  expect(await listSteps(ctx, id)).toEqual(before);
  await expect(discardChanges(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
});

test("resuming a paused sequence goes on with what was published: its draft stays unpublished", async () => {
  const { ctx } = await sendingWorld();
  const id = await activeSequence(ctx, [{}]);
  await pauseSequence(ctx, id);
  await edit(ctx, id, (steps) => [...steps, stepInputSchema.parse({ channel: "EMAIL" })]);
  await resumeSequence(ctx, id);
  expect(await findNewestVersion(ctx, id)).toMatchObject({ number: 1 });
  expect(await listSteps(ctx, id)).toHaveLength(2);
});

test("golden 26: 200 in flight waiting on step 2 of 3; step 3's delay edited and step 4 added and published: 200 executions still due, history intact", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [
    {},
    { delayValue: 2, delayUnit: "DAYS" },
    { delayValue: 1, delayUnit: "DAYS" },
  ]);
  await people(world, id, 200);
  await world.advance(1);
  const before = await planned(world);
  expect(before).toHaveLength(200);
  const history = () =>
    ctx.db
      .selectFrom("sequenceStepExecutions")
      .selectAll()
      .where("status", "not in", ["PENDING", "SCHEDULED"])
      .orderBy("id")
      .execute();
  const done = await history();
  const [{ scriptId } = { scriptId: null }] = await listSteps(ctx, id);
  await edit(ctx, id, (steps) => [
    ...longer(2, 4)(steps),
    stepInputSchema.parse({ channel: "SMS", scriptId, delayValue: 1 }),
  ]);
  await publish(ctx, id);
  expect(await planned(world)).toEqual(before);
  expect(await history()).toEqual(done);
});

test("golden 9: 312 are inside a live sequence that is edited: they finish the old version, whoever comes later goes through the new one", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }]);
  await people(world, id, 312);
  await edit(ctx, id, (steps) => longer(1, 10)(steps).slice(0, 2));
  const { inside, crossed } = await publish(ctx, id);
  expect({ inside, crossed }).toEqual({ inside: 312, crossed: null });
  const [late] = await people(world, id, 1);
  await world.advance(1);
  const due = await planned(world);
  const at = (hours: number) => ctx.now().getTime() + hours * HOUR;
  expect(due).toHaveLength(313);
  for (const one of due)
    expect(Math.abs((one.dueAt?.getTime() ?? 0) - at(one.enrollmentId === late ? 10 : 2))).toBeLessThanOrEqual(
      HOUR / 60,
    );
  expect((await world.request("GET", `/sequences/${id}/versions`)).body).toMatchObject({
    data: [
      { number: 2, inside: 1 },
      { number: 1, inside: 312 },
    ],
  });
});

test("golden 9: moving those inside shows the preview and does exactly it", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }, { delayValue: 4 }]);
  // A hundred have had the step that is edited, a hundred wait for it.
  const through = await people(world, id, 100);
  await world.advance(1);
  world.clock.advance(2 * HOUR);
  await world.advance(1);
  const waiting = await people(world, id, 100);
  await world.advance(1);
  await edit(ctx, id, longer(1, 3));
  const preview = await previewPublish(ctx, id);
  expect(preview.crossOver).toMatchObject({
    inside: 200,
    counts: { stays: 100, later: 100, same: 0, earlier: 0, finishes: 0, chosen: 0 },
  });
  const before = new Map((await planned(world)).map((one) => [one.enrollmentId, one]));
  const done = await publish(ctx, id, { move: true });
  expect(done.crossed?.counts).toEqual(preview.crossOver.counts);
  const after = new Map((await planned(world)).map((one) => [one.enrollmentId, one]));
  for (const one of through) expect(after.get(one)).toEqual(before.get(one));
  for (const one of waiting) {
    const was = before.get(one);
    expect(after.get(one)).toMatchObject({
      id: was?.id,
      stepId: was?.stepId,
      versionId: done.version.id,
      dueAt: new Date((was?.dueAt?.getTime() ?? 0) + HOUR),
    });
  }
  // What was shown of somebody is what became of them.
  for (const { enrollmentId, turn, after: shown } of preview.crossOver.sample)
    if (turn === "later") expect(after.get(enrollmentId)?.scheduledAt).toEqual(shown?.at);
});

test("when people move on between preview and publication, nothing is published until somebody has looked again", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }, { delayValue: 2 }]);
  await people(world, id, 3);
  await world.advance(1);
  await edit(ctx, id, longer(1, 3));
  const { seen } = await previewPublish(ctx, id);
  world.clock.advance(2 * HOUR);
  await world.advance(1);
  const ask = { sequenceId: id, seen, note: null };
  await expect(publishSequence(ctx, { ...ask, move: true })).rejects.toMatchObject(code("publish-preview-outdated"));
  expect(await findNewestVersion(ctx, id)).toMatchObject({ number: 1 });
  // Who leaves them where they are promised nothing about them.
  await publishSequence(ctx, { ...ask, move: false });
  expect(await findNewestVersion(ctx, id)).toMatchObject({ number: 2 });
});

test("when the draft is edited between preview and publication, nobody publishes what they have not seen", async () => {
  const { ctx } = await sendingWorld();
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }]);
  await edit(ctx, id, longer(1, 3));
  const { seen } = await previewPublish(ctx, id);
  await edit(ctx, id, longer(1, 4));
  await expect(publishSequence(ctx, { sequenceId: id, seen, move: false, note: null })).rejects.toMatchObject(
    code("publish-preview-outdated"),
  );
});

test("twenty publish at once: one does, and there is one new version", async () => {
  const { ctx } = await sendingWorld();
  const id = await activeSequence(ctx, [{}, { delayValue: 2 }]);
  await edit(ctx, id, longer(1, 3));
  const { seen } = await previewPublish(ctx, id);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => publishSequence(ctx, { sequenceId: id, seen, move: true, note: null })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await findNewestVersion(ctx, id)).toMatchObject({ number: 2 });
});

test("a step put before the one that people wait for comes next for those who are moved, and the one they waited for after it", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 4 }]);
  const [one = ""] = await people(world, id, 1);
  await world.advance(1);
  const [first, second] = await listSteps(ctx, id);
  const scriptId = await createScript(ctx, { name: "Note", type: "EMAIL", subject: "Hi", content: "Hello" });
  await edit(ctx, id, (steps) => [
    ...steps.slice(0, 1),
    stepInputSchema.parse({ channel: "EMAIL", scriptId, delayValue: 1 }),
    ...steps.slice(1),
  ]);
  await publish(ctx, id, { move: true });
  expect(await executionsOf(world, one)).toMatchObject([
    { stepId: first?.id, status: expect.stringMatching(/SENT|DELIVERED/) },
    { stepOrder: 1, status: "SCHEDULED" },
  ]);
  world.clock.advance(HOUR);
  await world.advance(1);
  expect(await executionsOf(world, one)).toMatchObject([
    { stepOrder: 0 },
    { stepOrder: 1, status: expect.stringMatching(/SENT|DELIVERED/) },
    { stepOrder: 2, stepId: second?.id, status: "SCHEDULED" },
  ]);
});

test("whoever waits for a step that is taken out, with nothing behind it, is through when they are moved", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 4 }]);
  const [one = ""] = await people(world, id, 1);
  await world.advance(1);
  await edit(ctx, id, (steps) => steps.slice(0, 1));
  expect((await previewPublish(ctx, id)).crossOver.counts).toMatchObject({ finishes: 1 });
  await publish(ctx, id, { move: true });
  expect((await executionsOf(world, one))[1]).toMatchObject({
    status: "SKIPPED",
    result: { reason: "the step was taken out of the sequence" },
  });
  expect((await world.request("GET", `/enrollments/${one}/explain`)).body).toMatchObject({
    status: "COMPLETED",
    version: 2,
    steps: [{ version: 1 }, { version: 2, status: "SKIPPED" }],
  });
});

test("somebody who is paused is moved with what is left of the new wait", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 4 }]);
  const [one = ""] = await people(world, id, 1);
  await world.advance(1);
  const [, waits] = await executionsOf(world, one);
  world.clock.advance(HOUR);
  await pauseSequence(ctx, id);
  const left = async () => Number((await executionsOf(world, one))[1]?.remainingMs);
  const before = await left();
  world.clock.advance(10 * HOUR);
  await edit(ctx, id, longer(1, 6));
  await publish(ctx, id, { move: true });
  expect(await left()).toBe(before + 2 * HOUR);
  await resumeSequence(ctx, id);
  expect((await executionsOf(world, one))[1]).toMatchObject({
    id: waits?.id,
    status: "SCHEDULED",
    dueAt: new Date(ctx.now().getTime() + before + 2 * HOUR),
  });
  // Moved once more, the pause still counts.
  await edit(ctx, id, longer(1, 7));
  await publish(ctx, id, { move: true });
  expect((await executionsOf(world, one))[1]).toMatchObject({
    dueAt: new Date(ctx.now().getTime() + before + 3 * HOUR),
  });
});

test("a published version is neither changed nor deleted, by whomever; it goes with its sequence", async () => {
  const { ctx } = await sendingWorld();
  const id = await activeSequence(ctx, [{}]);
  const version = await findNewestVersion(ctx, id);
  await expect(
    ctx.db
      .updateTable("sequenceVersions")
      .set({ note: "x" })
      .where("id", "=", version?.id ?? "")
      .execute(),
  ).rejects.toThrow("permission denied");
  await pauseSequence(ctx, id);
  await deleteSequence(ctx, id);
  expect(await findNewestVersion(ctx, id)).toBeUndefined();
});

test("a script that people inside an older version will still get is not deleted", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}, { delayValue: 4, channel: "EMAIL" }]);
  const [one = ""] = await people(world, id, 1);
  const scriptId = (await listSteps(ctx, id))[1]?.scriptId ?? "";
  await edit(ctx, id, (steps) => steps.slice(0, 1));
  await publish(ctx, id);
  await expect(deleteScript(ctx, scriptId)).rejects.toMatchObject(code("script-in-use"));
  await world.request("POST", `/enrollments/${one}/cancel`, {});
  await deleteScript(ctx, scriptId);
});

test("whoever comes in again goes through the newest version, and what they had of the older one stays", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await activeSequence(ctx, [{}]);
  const lead = await world.make.lead(ABROAD);
  await enrollLeads(ctx, { sequenceId: id, leadIds: [lead.id], by: "person" });
  await world.advance(1);
  await edit(ctx, id, (steps) => [
    ...steps,
    { ...(steps[0] ?? stepInputSchema.parse({ channel: "SMS" })), id: undefined },
  ]);
  const { version } = await publish(ctx, id);
  const [again] = await enrollLeads(ctx, { sequenceId: id, leadIds: [lead.id], by: "person", again: true });
  const rows = await executionsOf(world, again?.enrollmentId ?? "");
  expect(rows.map(({ run, versionId }) => [run, versionId === version.id])).toEqual(
    expect.arrayContaining([
      [1, false],
      [2, true],
    ]),
  );
  expect((await world.request("GET", `/enrollments/${again?.enrollmentId}/explain`)).body).toMatchObject({
    version: 2,
    run: 2,
  });
});
