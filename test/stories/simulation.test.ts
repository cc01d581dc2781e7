import { createHash } from "node:crypto";
import { sql } from "kysely";
import { expect, inject, test } from "vitest";
import { z } from "zod";
import { listEventTypes } from "#platform/events.ts";
import { newId } from "#platform/ids.ts";
import { nextDue } from "#platform/virtual-time.ts";
import { updateSettings } from "#domains/accounts/index.ts";
import { suppress } from "#domains/leads/index.ts";
import { scoreLeads } from "#domains/leads/messages.ts";
import { saveFilter } from "#domains/leads/commands/save-filter.ts";
import { answerRatesSchema, type SimulationOrder } from "#domains/outreach/index.ts";
import { simulationDetailSchema } from "#domains/outreach/contract/simulations.ts";
import { createScript } from "#domains/outreach/commands/create-script.ts";
import { createSequence } from "#domains/outreach/commands/create-sequence.ts";
import { putSteps } from "#domains/outreach/commands/put-steps.ts";
import { insertVersion } from "#domains/outreach/queries/version-rows.ts";
import { enroll, readyWorld, sequenceOf } from "#test/sequences.ts";
import { type World, testDatabase } from "#test/world.ts";
import { reactionsTo } from "../../simulator/behaviour.ts";
import { chanceOf } from "../../simulator/chance.ts";
import { BY_HAND, CLEARING, SCORING } from "../../simulator/due-loops.ts";
import type { Run } from "../../simulator/run.ts";
import { READ_BACK, tryOut } from "../../simulator/trial.ts";

const ZONES = ["America/New_York", "America/Los_Angeles", "Europe/Berlin"];
const QUIET = { automatic: 0, optOut: 0, complaint: 0, open: 0, click: 0 };
const RATES = answerRatesSchema.parse({
  EMAIL: { ...QUIET, bounce: 0.1, reply: 0.2 },
  SMS: { bounce: 0.1, reply: 0.2, optOut: 0.2 },
  CALL: { answer: 0.4, voicemail: 0.2, optOut: 0 },
});

const STEPS = [
  { channel: "EMAIL", value: 0, unit: "HOURS" },
  { channel: "SMS", value: 12, unit: "HOURS" },
  { channel: "CALL", value: 2, unit: "DAYS" },
  { channel: "EMAIL", value: 1, unit: "WEEKS" },
] as const;
const OFFICE = { sendWindow: { days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00" } };

async function leadsOf(world: World, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let place = 0; place < count; place++)
    ids.push(
      (await world.make.lead({ timeZone: ZONES[place % ZONES.length], country: place % 3 === 2 ? "DE" : "US" })).id,
    );
  return ids;
}

const orderOf = (world: World, sequenceId: string, leadIds: string[]): SimulationOrder => ({
  workspaceId: world.workspace,
  sequenceId,
  whom: { leadIds },
  startAt: world.clock.now(),
  days: 12,
  seed: 7,
  rates: RATES,
  withoutVendor: [],
});

async function serverOf({ runtime }: World) {
  const { url } = await testDatabase();
  const { secretKey, dataDir } = runtime.config;
  return { databaseUrl: url, dataDir, secretKey: secretKey.toString("base64"), template: inject("template") };
}

/** What stands in each table: how many rows, and a hash over all of them. */
async function everything(): Promise<Record<string, string>> {
  const { owner } = await testDatabase();
  const { rows: tables } = await owner.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await owner.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`);
    found[name] = `${rows.length} ${createHash("sha256")
      .update(rows.map(({ row }) => row).join("\n"))
      .digest("hex")}`;
  }
  return found;
}

/** The touches of the workspace as its sandbox vendors were given them. */
async function sentIn(world: World) {
  const rows = await world.ctx.db
    .selectFrom("sandboxDeliveries as d")
    .innerJoin("messages as m", "m.id", "d.messageId")
    .innerJoin("sequenceStepExecutions as e", "e.id", "m.executionId")
    .innerJoin("sequenceEnrollments as n", "n.id", "e.enrollmentId")
    .select(["d.id", "m.leadId", "d.channel", "d.at", "d.to", "n.sequenceId", "e.stepOrder", "e.run"])
    .where("d.direction", "=", "outbound")
    .orderBy("d.at")
    .orderBy("d.id")
    .execute();
  return rows;
}

const told = (touch: { leadId: string | null; channel: string; stepOrder: number | null; at: Date }) =>
  `${touch.at.toISOString()} ${touch.channel} ${touch.stepOrder} ${touch.leadId}`;

test("a simulation's touches (who, channel, step, instant) are those of the engine under the same clock and answers", async () => {
  const world = await readyWorld();
  const sequenceId = await sequenceOf(world, STEPS, { settings: OFFICE });
  const leadIds = await leadsOf(world, 15);
  const blocked = await world.ctx.db
    .selectFrom("leads")
    .select("email")
    .where("id", "=", leadIds[3] ?? "")
    .executeTakeFirstOrThrow();
  await suppress(world.ctx, {
    kind: "EMAIL",
    value: blocked.email ?? "",
    reason: "MANUAL",
    evidence: "asked by phone",
  });
  // Somebody of them was written to today by another sequence: caps count that.
  const other = await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]);
  await enroll(world, other, ...leadIds.slice(0, 4).map((id) => ({ id })));
  await world.drain();

  let run: Run | undefined;
  const order = orderOf(world, sequenceId, leadIds);
  const result = await tryOut(order, await serverOf(world), { onEnd: (ended) => (run = ended) });
  expect(result.violations).toEqual([]);
  const expected = (run?.touches ?? []).filter((touch) => touch.sequenceId === sequenceId).map(told);
  expect(expected.length).toBeGreaterThan(20);
  expect(result.touches).toBe(expected.length);

  await enroll(world, sequenceId, ...leadIds.map((id) => ({ id })));
  const end = world.clock.now().getTime() + order.days * 86_400_000;
  const chance = chanceOf(order.seed);
  const seen = new Set<string>();
  const places = new Map<string, number>();
  let coming: { at: number; id: string; act: () => [string, Record<string, unknown>] | null }[] = [];
  const notice = async () => {
    for (const row of await sentIn(world)) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      const receiver = `${row.channel} ${row.to}`;
      const place = places.get(receiver) ?? 0;
      places.set(receiver, place + 1);
      // The simulation began behind what the other sequence had sent.
      if (row.sequenceId !== sequenceId) {
        places.set(receiver, place);
        continue;
      }
      const key = [row.leadId, sequenceId, row.run, row.stepOrder, row.channel, place].join(" ");
      const reactions = reactionsTo(
        { key, channel: row.channel, at: row.at },
        { rates: RATES, chance, gridMinutes: 60 },
      );
      for (const { at, act } of reactions)
        coming.push({
          at: at.getTime(),
          id: row.id,
          act: () => {
            if (act.kind === "delivered" || act.kind === "bounced") return ["receipt", { outcome: act.kind }];
            if (act.kind === "reply") return ["reply", { text: "Thank you, tell me more" }];
            if (act.kind === "stop") return ["reply", { text: "STOP" }];
            if (act.kind === "call") return ["call", { outcome: act.end }];
            return null;
          },
        });
    }
  };
  await world.drain();
  await notice();
  for (;;) {
    // At each instant at which anything is due, so that no answer is late.
    const now = world.clock.now().getTime();
    const due = (await nextDue(world.ctx))?.getTime() ?? end;
    const at = Math.min(end, ...coming.map((one) => one.at), due > now ? due : now + 900_000);
    await world.advance({ to: new Date(at) });
    const answers = coming.filter((one) => one.at <= at);
    coming = coming.filter((one) => one.at > at);
    for (const { id, act } of answers) {
      const [what, body] = act() ?? [];
      if (what) expect((await world.request("POST", `/sandbox/deliveries/${id}/${what}`, { body })).status).toBe(200);
    }
    await world.drain();
    await notice();
    if (at >= end) break;
  }
  const sent = (await sentIn(world))
    .filter((row) => row.sequenceId === sequenceId && row.at.getTime() <= end)
    .map(told);
  expect(sent.toSorted()).toEqual(expected.toSorted());
}, 180_000);

test("a draft is tried with leads of the workspace, and nothing of it is changed; the same seed gives the same again", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const leadIds = await leadsOf(world, 9);
  const scriptId = await createScript(ctx, {
    name: "Hello",
    type: "SMS",
    content: "Hello {{ firstName }}, {{ company }}?",
  });
  const sequenceId = await createSequence(ctx, {
    name: "Not yet",
    triggerType: "manual",
    settings: { stopOnReply: true, sameCompany: false, onFailure: "continue", priority: 0, reentry: { rule: "never" } },
  });
  await putSteps(ctx, sequenceId, [
    { channel: "SMS", scriptId, delayValue: 0, delayUnit: "HOURS", conditions: {}, isActive: true },
  ]);
  await ctx.db
    .updateTable("leads")
    .set({ company: "Maple" })
    .where("id", "=", leadIds[0] ?? "")
    .execute();

  const before = await everything();
  const rates = answerRatesSchema.parse({ SMS: { bounce: 0, reply: 0, optOut: 0 } });
  const order = { ...orderOf(world, sequenceId, leadIds), rates, days: 3 };
  const server = await serverOf(world);
  const result = await tryOut(order, server);
  expect(await everything()).toEqual(before);
  expect(result).toMatchObject({ enrolled: 9, touches: 1, violations: [], costMicros: null });
  expect(result.missed).toMatchObject([{ stepOrder: 0, channel: "SMS", count: 8 }]);
  expect(result.missed[0]?.reason).toContain("company");
  expect(result.neverTouched).toMatchObject({ count: 8 });
  expect((await tryOut(order, server)).digest).toBe(result.digest);
  await expect(tryOut({ ...order, withoutVendor: ["SMS"] }, server)).rejects.toThrow(
    "The sequence cannot be started yet. No active integration for SMS",
  );
}, 180_000);

const created = async (world: World, sequenceId: string, body: Record<string, unknown>) => {
  const reply = await world.request("POST", `/sequences/${sequenceId}/simulate`, { body });
  return { status: reply.status, detail: reply.status === 201 ? simulationDetailSchema.parse(reply.body) : null };
};
const shown = async (world: World, id: string) =>
  simulationDetailSchema.parse((await world.request("GET", `/simulations/${id}`)).body);

test("a simulation that is asked for runs beside the requests, and its row alone is written", async () => {
  const world = await readyWorld();
  const sequenceId = await sequenceOf(world, STEPS, { settings: OFFICE });
  const { detail } = await created(world, sequenceId, { invented: 12, days: 5, seed: 3 });
  expect(detail).toMatchObject({ status: "QUEUED", invented: 12, days: 5, seed: 3, daysDone: 0, result: null });
  const { detail: second } = await created(world, sequenceId, { invented: 12, days: 5, seed: 3 });
  const { simulations: _before, ...before } = await everything();
  await world.drain();
  const { simulations: _after, ...after } = await everything();
  expect(after).toEqual(before);
  const done = await shown(world, detail?.id ?? "");
  expect(done).toMatchObject({ status: "COMPLETED", daysDone: 5, failure: null });
  expect(done.result).toMatchObject({ enrolled: 12, violations: [], missed: expect.any(Array) });
  expect(done.touches).toBe(done.result?.touches);
  expect(done.touches).toBeGreaterThan(11);
  // By the process that the first has left behind.
  const again = await shown(world, second?.id ?? "");
  expect(again).toMatchObject({ status: "COMPLETED", result: done.result });
  const { data } = z
    .object({ data: z.array(z.object({ id: z.string() })) })
    .parse((await world.request("GET", `/simulations?sequenceId=${sequenceId}`)).body);
  expect(new Set(data.map(({ id }) => id))).toEqual(new Set([detail?.id, second?.id]));
});

test("three at once, a cancelled one does not run, and what keeps a sequence from being started is told", async () => {
  const world = await readyWorld();
  const sequenceId = await sequenceOf(world, STEPS, { settings: OFFICE });
  const first = await created(world, sequenceId, { invented: 5, days: 1 });
  await created(world, sequenceId, { invented: 5, days: 1 });
  await created(world, sequenceId, { invented: 5, days: 1 });
  expect((await created(world, sequenceId, { invented: 5 })).status).toBe(409);
  expect((await created(world, sequenceId, { invented: 5, filter: {} })).status).toBe(422);
  expect((await created(world, newId("seq"), { invented: 5 })).status).toBe(404);
  for (const { id } of z
    .array(z.object({ id: z.string() }))
    .parse(await world.ctx.db.selectFrom("simulations").select("id").execute()))
    expect((await world.request("POST", `/simulations/${id}/cancel`)).status).toBe(200);
  expect((await world.request("POST", `/simulations/${first.detail?.id}/cancel`)).status).toBe(409);

  const draft = await createSequence(world.ctx, {
    name: "Empty",
    triggerType: "manual",
    settings: { stopOnReply: true, sameCompany: false, onFailure: "continue", priority: 0, reentry: { rule: "never" } },
  });
  const empty = await created(world, draft, { invented: 5, days: 1 });
  await world.drain();
  expect(await shown(world, first.detail?.id ?? "")).toMatchObject({ status: "CANCELLED", result: null });
  const failed = await shown(world, empty.detail?.id ?? "");
  expect(failed.status).toBe("FAILED");
  expect(failed.failure).toMatch(/^The sequence cannot be started yet\. .+/);
});

test("a step that is meant for a saved filter goes in the simulation to whom the filter finds", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const look = { columns: [], sort: null, shared: true };
  const segmentId = await saveFilter(ctx, { name: "Germans", filter: { country: ["DE"] }, ...look });
  const sequenceId = await sequenceOf(world, STEPS.slice(0, 1), { settings: OFFICE });
  const conditions = { version: 1, all: [{ on: "segment", segmentId, is: true }] };
  await ctx.db
    .updateTable("sequenceSteps")
    .set({ conditions: sql<Record<string, unknown>>`${JSON.stringify(conditions)}::jsonb` })
    .where("sequenceId", "=", sequenceId)
    .execute();
  await insertVersion(ctx, sequenceId, null);
  const order = { ...orderOf(world, sequenceId, await leadsOf(world, 3)), days: 3 };
  expect(await tryOut(order, await serverOf(world))).toMatchObject({
    enrolled: 3,
    steps: [{ stepOrder: 0, sent: 1, skipped: 2 }],
  });
});

test("a step that is meant for a score goes in the simulation to who has it by then: scores are kept there for whoever asks for them", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const look = { columns: [], sort: null, shared: true };
  const segmentId = await saveFilter(ctx, { name: "Warm", filter: { scoreLabel: ["WARM", "HOT"] }, ...look });
  const steps = [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 3, unit: "DAYS" },
  ] as const;
  const sequenceId = await sequenceOf(world, steps, { settings: { ...OFFICE, stopOnReply: false } });
  const conditions = { version: 1, all: [{ on: "segment", segmentId, is: true }] };
  await ctx.db
    .updateTable("sequenceSteps")
    .set({ conditions: sql<Record<string, unknown>>`${JSON.stringify(conditions)}::jsonb` })
    .where("sequenceId", "=", sequenceId)
    .where("stepOrder", "=", 1)
    .execute();
  await insertVersion(ctx, sequenceId, null);
  const leadIds = await leadsOf(world, 3);
  const server = await serverOf(world);
  const secondStep = async (reply: number) => {
    const rates = answerRatesSchema.parse({ SMS: { bounce: 0, reply, optOut: 0 } });
    return (await tryOut({ ...orderOf(world, sequenceId, leadIds), rates }, server)).steps[1];
  };
  expect(await secondStep(1)).toMatchObject({ sent: 3, skipped: 0 });
  expect(await secondStep(0)).toMatchObject({ sent: 0, skipped: 3 });
});

test("answers that bear on nobody who is due are taken in later, and no touch is another for it: under limits of the minute, with a step for who opened", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  await updateSettings(ctx, { emailPerMinute: 4, callPerMinute: 2 });
  const steps = [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "CALL", value: 1, unit: "DAYS" },
    { channel: "EMAIL", value: 2, unit: "DAYS" },
  ] as const;
  const sequenceId = await sequenceOf(world, steps, { settings: OFFICE });
  const conditions = { version: 1, all: [{ on: "step", step: 0, outcome: "opened", is: true }] };
  await ctx.db
    .updateTable("sequenceSteps")
    .set({ conditions: sql<Record<string, unknown>>`${JSON.stringify(conditions)}::jsonb` })
    .where("sequenceId", "=", sequenceId)
    .where("stepOrder", "=", 2)
    .execute();
  await insertVersion(ctx, sequenceId, null);
  const rates = answerRatesSchema.parse({
    EMAIL: { ...QUIET, bounce: 0.2, reply: 0.1, open: 0.6, automatic: 0.2 },
    CALL: { answer: 0.4, voicemail: 0.2, optOut: 0.2 },
  });
  const order = { ...orderOf(world, sequenceId, await leadsOf(world, 18)), rates, days: 6 };
  const server = await serverOf(world);
  const tried = async (impatient: boolean) => {
    const heard: Run[] = [];
    const result = await tryOut(order, server, { impatient, onEnd: (run) => heard.push(run) });
    expect(result.violations).toEqual([]);
    return { result, touches: heard.flatMap(({ touches }) => touches.map(told)), answers: heard[0]?.answers ?? [] };
  };
  const later = await tried(false);
  const atOnce = await tried(true);
  expect(later.touches).toEqual(atOnce.touches);
  expect(later.result.steps).toEqual(atOnce.result.steps);
  // Both came about: some are let through by what they opened, and answers did come at fewer instants.
  expect(later.result.steps[2]?.sent).toBeGreaterThan(0);
  expect(later.result.steps[2]?.skipped).toBeGreaterThan(0);
  const instants = ({ answers }: typeof later) => new Set(answers.map(({ at }) => at.getTime())).size;
  expect(instants(later)).toBeLessThan(instants(atOnce));
}, 180_000);

test("what a simulation leaves out or keeps by name are loops, jobs and events of the product", async () => {
  const { app } = await readyWorld();
  const names = new Set([...app.loops.map(({ name }) => name), scoreLeads.name]);
  expect([...BY_HAND, ...CLEARING, ...SCORING].filter((name) => !names.has(name))).toEqual([]);
  expect(listEventTypes()).toEqual(expect.arrayContaining([...READ_BACK]));
});
