import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { type World, testWorld } from "#test/world.ts";
import { activateSequence, resumeSequence } from "./commands/activate-sequence.ts";
import { archiveSequence } from "./commands/archive-sequence.ts";
import { createScript } from "./commands/create-script.ts";
import { createSequence } from "./commands/create-sequence.ts";
import { deleteScript } from "./commands/delete-script.ts";
import { deleteSequence } from "./commands/delete-sequence.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { putSteps } from "./commands/put-steps.ts";
import { updateScript } from "./commands/update-script.ts";
import { newSequenceSchema, type StepInput, stepInputSchema } from "./contract/sequences.ts";
import { advance } from "./engine/advance.ts";
import { findSequence } from "./queries/sequence-rows.ts";
import { listSteps } from "./queries/step-rows.ts";
import { findNewestVersion } from "./queries/version-rows.ts";
import { type KnownStep, planSteps } from "./step-list.ts";
import { ALWAYS } from "./test-sequences.ts";

const HOUR = 3_600_000;
const step = (fields: Partial<StepInput> = {}) => stepInputSchema.parse({ channel: "SMS", ...fields });
const code = (text: string) => ({ definition: { code: text } });

const read = (input: object) => newSequenceSchema.safeParse({ name: "x", ...input }).success;
const known = (published: boolean[]): KnownStep[] =>
  published.map((isPublished, stepOrder) => ({
    ...step(),
    id: `s${stepOrder}`,
    stepOrder,
    isPublished,
    conditions: {},
  }));

async function draft(ctx: Context, steps: Partial<StepInput>[] = [{}, { delayValue: 2 }]) {
  const scriptId = await createScript(ctx, { name: "Text", type: "SMS", content: "Hi {{ firstName }}" });
  const input = newSequenceSchema.parse({ name: "Welcome", settings: { sendWindow: ALWAYS } });
  const id = await createSequence(ctx, input);
  await putSteps(
    ctx,
    id,
    steps.map((fields) => step({ scriptId, ...fields })),
  );
  return { id, scriptId };
}

/** Brings a lead in, as the enrolment does it: the row, and the first step planned. */
async function enroll({ ctx, make }: Pick<World, "ctx" | "make">, sequenceId: string): Promise<string> {
  const lead = await make.lead();
  const id = newId("enr");
  const versionId = (await findNewestVersion(ctx, sequenceId))?.id ?? "";
  await ctx.db
    .insertInto("sequenceEnrollments")
    .values({ id, workspaceId: ctx.workspace, sequenceId, versionId, leadId: lead.id, enrolledAt: ctx.now() })
    .execute();
  const row = await findSequence(ctx, sequenceId);
  const about = { sequenceName: row?.name ?? "", settings: row?.settings ?? {}, leadId: lead.id, run: 1 };
  await advance(ctx, [{ ...about, enrollmentId: id, sequenceId, afterOrder: -1, from: ctx.now() }]);
  return id;
}

const enrollment = ({ db }: Context, id: string) =>
  db.selectFrom("sequenceEnrollments").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const executions = ({ db }: Context, enrollmentId: string) =>
  db
    .selectFrom("sequenceStepExecutions")
    .selectAll()
    .where("enrollmentId", "=", enrollmentId)
    .orderBy("stepOrder")
    .execute();

test("a trigger whose configuration holds a key that nobody reads is refused", () => {
  expect(read({ triggerType: "new_lead", triggerConfig: { sources: ["META"] } })).toBe(true);
  expect(read({ triggerType: "new_lead", triggerConfig: { source: ["META"] } })).toBe(false);
  expect(read({ settings: { stopOnReplies: true } })).toBe(false);
  expect(stepInputSchema.safeParse({ channel: "SMS", conditions: { converted: false } }).success).toBe(false);
  expect(stepInputSchema.safeParse({ channel: "SMS", delayValue: 600, delayUnit: "WEEKS" }).success).toBe(false);
});

test("steps are numbered from 0, changed and removed by the whole list, and give the sequence its channels", async () => {
  const { ctx } = await testWorld();
  const { id, scriptId } = await draft(ctx, [{}, { channel: "EMAIL", scriptId: null }, { delayValue: 1 }]);
  const [a, b, c] = await listSteps(ctx, id);
  expect((await findSequence(ctx, id))?.channels.toSorted()).toEqual(["EMAIL", "SMS"]);
  await putSteps(ctx, id, [
    step({ scriptId, id: c?.id, delayValue: 5 }),
    step({ scriptId }),
    step({ scriptId, id: a?.id }),
  ]);
  const steps = await listSteps(ctx, id);
  expect(steps).toMatchObject([
    { id: c?.id, stepOrder: 0, delayValue: 5, scriptName: "Text", executions: {} },
    { stepOrder: 1 },
    { id: a?.id, stepOrder: 2 },
  ]);
  expect(steps.some((one) => one.id === b?.id)).toBe(false);
  expect((await findSequence(ctx, id))?.channels).toEqual(["SMS"]);
  await expect(putSteps(ctx, id, [step({ id: b?.id, scriptId: "scr_none" })])).rejects.toMatchObject({
    errors: [{ pointer: "/steps/0/id" }, { pointer: "/steps/0/scriptId" }],
  });
});

test("a sequence is activated only when everything is ready, and says all that is not", async () => {
  const world = await testWorld({ env: { SANDBOX: "off" } });
  const { ctx } = world;
  const scriptId = await createScript(ctx, { name: "Broken", type: "SMS", content: "Hi {{ fristName }}" });
  const id = await createSequence(ctx, newSequenceSchema.parse({ name: "Welcome" }));
  await expect(activateSequence(ctx, id)).rejects.toMatchObject({
    errors: [{ detail: "The sequence has no active step" }],
  });
  await putSteps(ctx, id, [step({ scriptId }), step({ channel: "EMAIL" })]);
  await expect(activateSequence(ctx, id)).rejects.toMatchObject({
    ...code("sequence-not-ready"),
    errors: [
      { detail: "Step 2 (E-mail) has no script" },
      { detail: 'Script "Broken": unknown variable fristName in the text: did you mean firstName?' },
      { detail: "No active integration for SMS" },
      { detail: "No active integration for E-mail" },
      { detail: "E-mails carry your postal address: write it down in the workspace's settings" },
    ],
  });
  expect((await findSequence(ctx, id))?.status).toBe("DRAFT");
  expect((await world.request("GET", `/sequences/${id}/readiness`)).body).toMatchObject({
    faults: [{ code: "step_without_script" }, { code: "script_fault" }, {}, {}, { code: "no_postal_address" }],
    points: [
      { code: "steps", isDone: true },
      {
        code: "scripts",
        isDone: false,
        details: ["Step 2 (E-mail) has no script", expect.stringContaining("fristName")],
      },
      { code: "channel", isDone: false },
      { code: "channel", isDone: false },
      { code: "window", isDone: true, opensAt: expect.any(String) },
      { code: "sender", isDone: false, required: true },
    ],
  });
});

test("while a sequence is active its scripts stay whole, and it is not deleted", async () => {
  const { ctx } = await testWorld();
  const { id, scriptId } = await draft(ctx);
  await activateSequence(ctx, id);
  expect(await findSequence(ctx, id)).toMatchObject({ status: "ACTIVE", activatedAt: ctx.now() });
  await expect(activateSequence(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
  await expect(deleteSequence(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
  await expect(deleteScript(ctx, scriptId)).rejects.toMatchObject(code("script-in-use"));
  await expect(updateScript(ctx, scriptId, { content: "{{ nobody }}" })).rejects.toMatchObject(
    code("script-breaks-sequence"),
  );
  await updateScript(ctx, scriptId, { content: "Hello {{ firstName }}" });
});

test("a pause keeps what is left of each wait, and resuming counts it from then", async () => {
  const world = await testWorld();
  const { ctx, clock } = world;
  const { id } = await draft(ctx, [{ delayValue: 1 }, { delayValue: 2 }]);
  await activateSequence(ctx, id);
  const one = await enroll(world, id);
  const alone = await enroll(world, id);
  await ctx.db
    .updateTable("sequenceEnrollments")
    .set({ status: "PAUSED", pausedBy: "person" })
    .where("id", "=", alone)
    .execute();
  clock.set(new Date(clock.now().getTime() + HOUR / 4));
  await pauseSequence(ctx, id);
  expect(await enrollment(ctx, one)).toMatchObject({ status: "PAUSED", pausedBy: "sequence", pausedAt: ctx.now() });
  expect(await executions(ctx, one)).toMatchObject([
    { status: "PENDING", scheduledAt: null, remainingMs: (HOUR * 3) / 4 },
  ]);

  clock.set(new Date(clock.now().getTime() + 72 * HOUR));
  await resumeSequence(ctx, id);
  expect(await enrollment(ctx, one)).toMatchObject({ status: "ACTIVE", pausedBy: null, pausedAt: null });
  const due = new Date(clock.now().getTime() + (HOUR * 3) / 4);
  expect(await executions(ctx, one)).toMatchObject([
    { status: "SCHEDULED", scheduledAt: due, dueAt: due, remainingMs: null },
  ]);
  expect(await enrollment(ctx, alone)).toMatchObject({ status: "PAUSED", pausedBy: "person" });
  await expect(resumeSequence(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
});

test("whose touch went out during the pause goes on with the next step when the sequence is resumed", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const { id } = await draft(ctx, [{}, { delayValue: 2 }]);
  await activateSequence(ctx, id);
  const one = await enroll(world, id);
  await pauseSequence(ctx, id);
  await ctx.db
    .updateTable("sequenceStepExecutions")
    .set({ status: "SENT", executedAt: ctx.now(), remainingMs: null })
    .where("enrollmentId", "=", one)
    .execute();
  await resumeSequence(ctx, id);
  const due = new Date(ctx.now().getTime() + 2 * HOUR);
  expect(await executions(ctx, one)).toMatchObject([{ status: "SENT" }, { status: "SCHEDULED", dueAt: due }]);
});

test("a step that was published is switched off instead of deleted, keeps its channel, and nobody under way is touched", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const { id, scriptId } = await draft(ctx, [{}, { delayValue: 2 }]);
  await activateSequence(ctx, id);
  const one = await enroll(world, id);
  const before = await executions(ctx, one);
  const [a, b] = await listSteps(ctx, id);
  await expect(putSteps(ctx, id, [step({ id: a?.id, channel: "EMAIL" })])).rejects.toMatchObject({
    errors: [{ pointer: "/steps/0/channel" }],
  });
  await putSteps(ctx, id, [step({ scriptId }), step({ scriptId, id: b?.id, delayValue: 2 })]);
  expect(await listSteps(ctx, id)).toMatchObject([
    { id: a?.id, stepOrder: 0, isActive: false },
    { stepOrder: 1, isActive: true },
    { id: b?.id, stepOrder: 2 },
  ]);
  await putSteps(ctx, id, [step({ scriptId, id: b?.id }), step({ scriptId, id: a?.id })]);
  expect(await listSteps(ctx, id)).toMatchObject([{ id: b?.id }, { id: a?.id, isActive: true }]);
  expect(await executions(ctx, one)).toEqual(before);
});

test("archiving ends everybody's way with the reason and keeps the history", async () => {
  const world = await testWorld();
  const { ctx } = world;
  const { id } = await draft(ctx);
  await expect(archiveSequence(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
  await activateSequence(ctx, id);
  const one = await enroll(world, id);
  await archiveSequence(ctx, id);
  expect(await findSequence(ctx, id)).toMatchObject({ status: "ARCHIVED" });
  expect(await enrollment(ctx, one)).toMatchObject({ status: "CANCELLED", endReason: "sequence archived" });
  expect(await executions(ctx, one)).toMatchObject([{ status: "SKIPPED" }, { status: "SKIPPED" }]);
  await expect(deleteSequence(ctx, id)).rejects.toMatchObject(code("sequence-not-in-state"));
  const unused = await draft(ctx);
  await deleteSequence(ctx, unused.id);
  expect(await findSequence(ctx, unused.id)).toBeUndefined();
});

test("whatever list is set: steps are numbered without gaps, and no published step is lost", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 8 }),
      fc.array(fc.option(fc.nat(7), { nil: null }), { maxLength: 8 }),
      (published, list) => {
        let made = 0;
        const before = known(published);
        const wanted = list.map((place) => step(place === null ? {} : { id: `s${place}` }));
        const plan = planSteps(before, wanted, () => `new${made++}`);
        if (!plan.ok) return;
        expect(plan.steps.map(({ stepOrder }) => stepOrder)).toEqual(plan.steps.map((_step, index) => index));
        const kept = before.filter(({ isPublished }) => isPublished).map(({ id }) => id);
        const ids = plan.steps.map(({ id }) => id);
        expect(ids.filter((id) => kept.includes(id)).toSorted()).toEqual(kept);
        expect(plan.steps.filter(({ isActive }) => isActive)).toHaveLength(wanted.length);
        expect(new Set(ids).size).toBe(ids.length);
      },
    ),
  );
});
