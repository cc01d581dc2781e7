import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { suppress } from "#domains/leads/index.ts";
import { newId } from "#platform/ids.ts";
import { enrollmentsOf, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const DAY = 86_400_000;
const DEFAULT_RULES = { minDaysSinceLastContact: 7, excludeStatus: ["CONVERTED", "LOST"] };
const STEPS = [{ channel: "EMAIL", value: 30, unit: "DAYS" }] as const;
const ago = ({ clock }: World, days: number) => new Date(clock.now().getTime() - days * DAY);
const json = (value: unknown) => sql<Record<string, unknown>>`${JSON.stringify(value)}::jsonb`;

/** So many leads with an e-mail address each, made so many days ago; their ids in order. */
async function crowd(world: World, count: number, days = 30): Promise<string[]> {
  const made = ago(world, days);
  const rows = Array.from({ length: count }, (_, place) => ({
    id: newId("lead"),
    workspaceId: world.workspace,
    email: `p${place}-${newId("tag")}@x.example`,
    createdAt: made,
    updatedAt: made,
  }));
  await world.ctx.db.insertInto("leads").values(rows).execute();
  await world.ctx.db
    .insertInto("leadIdentities")
    .values(
      rows.map(({ id, email }) => ({
        id: newId("iden"),
        workspaceId: world.workspace,
        leadId: id,
        kind: "EMAIL" as const,
        value: email,
        isPrimary: true,
      })),
    )
    .execute();
  return rows.map(({ id }) => id);
}

async function contacted(world: World, leadIds: readonly string[], days: number, isTouch = true): Promise<void> {
  const at = ago(world, days);
  const touch = {
    workspaceId: world.workspace,
    channel: "EMAIL",
    status: "SUCCESS",
    startedAt: at,
    handedAt: at,
  } as const;
  if (leadIds.length === 0) return;
  await world.ctx.db
    .insertInto("contactAttempts")
    .values(leadIds.map((leadId) => ({ ...touch, id: newId("att"), leadId, isTouch })))
    .execute();
}

const setStatus = (world: World, ids: readonly string[], status: "NEW" | "CONVERTED" | "LOST") =>
  world.ctx.db.updateTable("leads").set({ status, updatedAt: world.clock.now() }).where("id", "in", ids).execute();

const waits = (world: World, rules: Record<string, unknown> = DEFAULT_RULES, settings = {}) =>
  sequenceOf(world, STEPS, { settings }).then(async (id) => {
    await world.ctx.db
      .updateTable("retentionSequences")
      .set({ triggerType: "no_conversion", triggerConfig: json(rules) })
      .where("id", "=", id)
      .execute();
    return id;
  });

const inside = async (world: World) => (await enrollmentsOf(world)).map(({ leadId }) => leadId).toSorted();
const sweepAgain = async (world: World) => world.advance(5);

test("golden 28: of 1,000 leads 30 days old, 300 contacted 3 days ago, 100 CONVERTED, 50 LOST, 40 suppressed and 10 with a customer conversion, 500 are enrolled in one sweep and none in ten more", async () => {
  const world = await readyWorld();
  const leads = await crowd(world, 1_000);
  const take = (count: number) => leads.splice(0, count);
  await contacted(world, take(300), 3);
  await setStatus(world, take(100), "CONVERTED");
  await setStatus(world, take(50), "LOST");
  const suppressed = await world.ctx.db.selectFrom("leads").select("email").where("id", "in", take(40)).execute();
  for (const { email } of suppressed)
    await suppress(world.ctx, { kind: "EMAIL", value: email ?? "", reason: "MANUAL", evidence: "asked" });
  await world.ctx.db
    .insertInto("conversions")
    .values(
      take(10).map((leadId) => ({
        id: newId("conv"),
        workspaceId: world.workspace,
        leadId,
        status: "customer" as const,
      })),
    )
    .execute();
  expect(leads).toHaveLength(500);

  await waits(world);
  await world.drain();
  expect(await inside(world)).toEqual(leads.toSorted());
  expect(await executionsOf(world)).toHaveLength(500);
  for (let turn = 0; turn < 10; turn += 1) await sweepAgain(world);
  expect(await enrollmentsOf(world)).toHaveLength(500);
});

test("whoever's silence becomes long enough comes in by the next sweep: of a touch, of a reply, of their creation; a test send is no contact", async () => {
  const world = await readyWorld();
  const [touched = "", wrote = "", tested = ""] = await crowd(world, 3);
  const [fresh = ""] = await crowd(world, 1, 6);
  await contacted(world, [touched], 6.5);
  await contacted(world, [tested], 1, false);
  await world.ctx.db
    .insertInto("messages")
    .values({
      id: newId("msg"),
      workspaceId: world.workspace,
      leadId: wrote,
      direction: "inbound",
      channel: "EMAIL",
      status: "received",
      purpose: "reply",
      from: "a@x.example",
      to: "b@x.example",
      text: "Not now",
      createdAt: ago(world, 5),
    })
    .execute();
  await waits(world);
  await world.drain();
  expect(await inside(world)).toEqual([tested]);
  const comesIn: [string, number][] = [];
  for (const [lead, days] of [
    [touched, 0.5],
    [fresh, 1],
    [wrote, 2],
  ] as const)
    comesIn.push([lead, world.clock.now().getTime() + days * DAY]);
  await world.advance(60 * 24 * 4);
  const at = new Map((await enrollmentsOf(world)).map(({ leadId, enrolledAt }) => [leadId, enrolledAt.getTime()]));
  for (const [lead, due] of comesIn) {
    expect(at.get(lead)).toBeGreaterThanOrEqual(due);
    expect(at.get(lead)).toBeLessThanOrEqual(due + 5 * 60_000);
  }
});

test("what kept somebody out and is gone lets them in: a status, a suppression, another rule", async () => {
  const world = await readyWorld();
  const [lost = "", closed = "", recent = ""] = await crowd(world, 3);
  await setStatus(world, [lost], "LOST");
  await contacted(world, [recent], 4);
  const { email } = await world.ctx.db
    .selectFrom("leads")
    .select("email")
    .where("id", "=", closed)
    .executeTakeFirstOrThrow();
  await suppress(world.ctx, { kind: "EMAIL", value: email ?? "", reason: "MANUAL", evidence: "asked" });
  const sequenceId = await waits(world);
  await world.drain();
  expect(await inside(world)).toEqual([]);

  await world.advance(60);
  await setStatus(world, [lost], "NEW");
  await sweepAgain(world);
  expect(await inside(world)).toEqual([lost]);

  const { id } = await world.ctx.db.selectFrom("suppressions").select("id").executeTakeFirstOrThrow();
  expect((await world.request("POST", `/suppressions/${id}/lift`, { body: { reason: "asked" } })).status).toBeLessThan(
    300,
  );
  await sweepAgain(world);
  expect(await inside(world)).toEqual([lost, closed].toSorted());

  const body = { triggerType: "no_conversion", triggerConfig: { ...DEFAULT_RULES, minDaysSinceLastContact: 3 } };
  expect((await world.request("PATCH", `/sequences/${sequenceId}`, { body })).status).toBe(200);
  await sweepAgain(world);
  expect(await inside(world)).toEqual([lost, closed, recent].toSorted());
});

describe("who has been in it comes in again", () => {
  const leaves = (world: World) =>
    world.ctx.db
      .updateTable("sequenceEnrollments")
      .set({ status: "COMPLETED", completedAt: world.clock.now() })
      .execute();

  test.each([
    ["never", { rule: "never" }, [1, 1]],
    ["after 10 days", { rule: "after_days", days: 10 }, [1, 2]],
    ["always", { rule: "always" }, [2, 2]],
  ] as const)("%s", async (_name, reentry, [soon, late]) => {
    const world = await readyWorld();
    await crowd(world, 1);
    await waits(world, DEFAULT_RULES, { reentry });
    await world.drain();
    await leaves(world);
    await world.advance(60 * 24 * 9);
    expect(await enrollmentsOf(world)).toMatchObject([{ run: soon }]);
    await world.advance(60 * 24 * 2);
    expect(await enrollmentsOf(world)).toMatchObject([{ run: late }]);
  });
});

test("ten processes that sweep at once take everybody once, page by page to the end; a paused sequence takes nobody", async () => {
  const world = await readyWorld();
  const leads = await crowd(world, 2_500);
  const [active, paused] = [await waits(world), await waits(world)];
  await world.ctx.db.updateTable("retentionSequences").set({ status: "PAUSED" }).where("id", "=", paused).execute();
  await Promise.all(Array.from({ length: 10 }, () => world.drain()));
  const enrolled = await enrollmentsOf(world);
  expect(enrolled.map(({ leadId }) => leadId).toSorted()).toEqual(leads.toSorted());
  expect(new Set(enrolled.map(({ sequenceId }) => sequenceId))).toEqual(new Set([active]));
  expect(await executionsOf(world)).toHaveLength(2_500);
});

test("a trigger on a campaign that is not there is refused, at its place", async () => {
  const world = await readyWorld();
  const made = await world.request("POST", "/campaigns", { body: { name: "Spring", channels: ["EMAIL"] } });
  expect(made.status).toBe(201);
  const campaigns = [newId("camp")];
  const body = { name: "Follow-up", triggerType: "new_lead", triggerConfig: { campaigns } };
  const reply = await world.request("POST", "/sequences", { body });
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: "/triggerConfig/campaigns/0" }] } });
});
