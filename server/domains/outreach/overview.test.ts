import { Client } from "pg";
import { expect, test } from "vitest";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { seedDueSms } from "#test/due-sms.ts";
import { tellPlans } from "#test/plans.ts";
import { readyWorld, sequenceOf } from "#test/sequences.ts";
import { testDatabase, testWorld, type World } from "#test/world.ts";
import { type OutreachOverview, outreachOverviewSchema } from "./contract/overview.ts";
import { countDueUntil, listDueNext, readSetup } from "./queries/due-next.ts";

async function overview(world: World): Promise<OutreachOverview> {
  const reply = await world.request("GET", "/outreach/overview", { as: "VIEWER" });
  expect(reply.status, reply.text).toBe(200);
  return outreachOverviewSchema.parse(reply.body);
}

test("a new workspace has nothing due and nothing set up", async () => {
  expect(await overview(await testWorld())).toEqual({
    due: [],
    nextDay: { count: 0, isMore: false },
    setup: { hasLeads: false, hasScripts: false, hasStartedSequence: false },
  });
});

test("planned touches stand in the order of their times, each with what it waits for", async () => {
  const world = await readyWorld();
  const [soon, late] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
  const texts = await sequenceOf(world, [{ channel: "SMS", value: 2, unit: "HOURS" }]);
  const mails = await sequenceOf(world, [{ channel: "EMAIL", value: 2, unit: "DAYS" }]);
  await enrollLeads(world.ctx, { sequenceId: mails, leadIds: [late.id], by: "person" });
  await enrollLeads(world.ctx, { sequenceId: texts, leadIds: [soon.id], by: "person" });
  const found = await overview(world);
  expect(found).toMatchObject({
    due: [
      {
        leadId: soon.id,
        sequenceId: texts,
        channel: "SMS",
        stepOrder: 0,
        scriptName: "SMS 0",
        scheduledAt: "2026-03-02T14:00:00.000Z",
        waiting: { kind: "delay" },
      },
      { leadId: late.id, channel: "EMAIL", scheduledAt: "2026-03-04T12:00:00.000Z" },
    ],
    nextDay: { count: 1, isMore: false },
    setup: { hasLeads: true, hasScripts: true },
  });
  world.clock.advance(3 * 3_600_000);
  expect((await overview(world)).due[0]?.waiting.kind).toBe("due");
});

test("what is due next is read from the index that the engine claims by, however much is planned", async () => {
  const { url } = await testDatabase();
  const world = await testWorld();
  const at = world.ctx.now();
  const owner = new Client({ connectionString: url });
  await owner.connect();
  try {
    await seedDueSms(owner, { workspace: world.workspace, count: 20_000, at: new Date(at.getTime() + 3_600_000) });
    const plans: string[] = [];
    const db = await tellPlans(owner, {
      workspace: world.workspace,
      onPlan: (plan) => plans.push(plan),
      analyze: false,
    });
    const ctx = { ...world.ctx, db };
    expect(await listDueNext(ctx, 8)).toHaveLength(8);
    expect(await countDueUntil(ctx, new Date(at.getTime() + 86_400_000))).toEqual({ count: 1_000, isMore: true });
    expect(await readSetup(ctx)).toMatchObject({ hasLeads: true });
    const all = plans.join("\n");
    expect(all).toMatch(/using sequence_step_executions_due_idx/);
    expect(all).not.toMatch(/Seq Scan on (leads|sequence_step_executions|sequence_enrollments)/);
  } finally {
    await owner.end();
  }
});
