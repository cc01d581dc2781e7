import { expect, test } from "vitest";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { startBulkAction } from "#domains/leads/commands/start-bulk-action.ts";
import { takeInAll } from "#domains/leads/commands/take-in-submissions.ts";
import { findBulkAction } from "#domains/leads/queries/bulk-actions.ts";
import { insertSubmissions } from "#domains/leads/queries/submissions.ts";
import { SEARCH_ERASED } from "#domains/leads/rules.ts";
import { createCampaign } from "#domains/outreach/commands/create-campaign.ts";
import { runBulkAssignments } from "#domains/outreach/commands/run-bulk-assignments.ts";
import { startBulkAssignment } from "#domains/outreach/commands/start-bulk-assignment.ts";
import { startBulkEnrollment } from "#domains/outreach/commands/start-bulk-enrollment.ts";
import { findAssignment } from "#domains/outreach/queries/bulk-assignments.ts";
import { findBulk } from "#domains/outreach/queries/bulk-enrollments.ts";
import { activeSequence } from "#domains/outreach/test-sequences.ts";
import { countLockWaiters } from "#test/lock-waiters.ts";
import { placesOf } from "#test/places.ts";
import { until } from "#test/vendors.ts";
import { testWorld, type World } from "#test/world.ts";

const PERSON = { firstName: "Quorra", lastName: "Vandersloot", email: "quorra@erasable.example" };

const NUMBER = "+12125550177";

const erase = (world: World, leadId: string) =>
  eraseLead(world.ctx, { leadId, reason: "They asked", confirm: PERSON.email }, world.runtime.config.dataDir);

/** Runs `first` until it wants what the statement holds, then `between` to its end, then lets the first go on. */
async function halfWay(
  world: World,
  holding: string,
  first: () => Promise<unknown>,
  between: () => Promise<unknown>,
): Promise<void> {
  const client = await world.app.ownerPool.connect();
  try {
    await client.query(`begin; ${holding}`);
    const running = first();
    await until(async () => (await countLockWaiters(world)) === 1);
    await between();
    await client.query("commit");
    await running;
  } finally {
    await client.query("rollback");
    client.release();
  }
}

test("who is erased while they are put into a campaign is not in it afterwards, and nobody waits for the other", async () => {
  for (const order of ["erased before they come in", "erased meanwhile"] as const) {
    const world = await testWorld();
    const lead = await world.make.lead(PERSON);
    const other = await world.make.lead();
    const campaignId = await createCampaign(world.ctx, { name: "Spring", maxLeads: 10 });
    const id = await startBulkAssignment(world.ctx, { campaignId, filter: {} });
    const assign = async () => void (await runBulkAssignments(world.runtime));
    const erasing = () => erase(world, lead.id);
    const places = `select pg_advisory_xact_lock(hashtextextended('campaign ${campaignId}', 0))`;
    if (order === "erased before they come in") await halfWay(world, places, assign, erasing);
    else await halfWay(world, "lock table idempotency_keys in access exclusive mode", erasing, assign);
    expect(await findAssignment(world.ctx, id), order).toMatchObject({
      status: "COMPLETED",
      changedCount: 1,
      refusals: [{ code: "leaving", count: 1, leadIds: [lead.id] }],
    });
    const inside = await world.ctx.db.selectFrom("campaignLeads").select("leadId").execute();
    expect(inside, order).toEqual([{ leadId: other.id }]);
    await world.close();
  }
});

test("work over all leads of a search that named somebody who is erased ends with the reason, and what it has done stays", async () => {
  const world = await testWorld();
  const { ctx, runtime } = world;
  const lead = await world.make.lead(PERSON);
  for (const company of ["Mill", "Forge"])
    await world.make.lead({ company: `${PERSON.firstName} ${PERSON.lastName} ${company}` });
  const filter = { search: `${PERSON.firstName} ${PERSON.lastName}` };
  const campaignId = await createCampaign(ctx, { name: "Spring" });
  const assignment = await startBulkAssignment(ctx, { campaignId, filter });
  await runBulkAssignments(runtime, 1);
  const doing = { kind: "status" as const, status: "LOST" as const };
  const action = await startBulkAction(ctx, { filter, doing });
  const sequenceId = await activeSequence(ctx);
  const enrollment = await startBulkEnrollment(ctx, { sequenceId, filter, again: false });
  await erase(world, lead.id);
  await world.drain();
  const ended = { status: "FAILED", failure: SEARCH_ERASED };
  expect(await findAssignment(ctx, assignment)).toMatchObject({ ...ended, changedCount: 1 });
  expect(await findBulkAction(ctx, action)).toMatchObject({ ...ended, changedCount: 0 });
  expect(await findBulk(ctx, enrollment)).toMatchObject(ended);
  expect(await placesOf(["vandersloot mill"])).not.toEqual([]);
});

test("a form that waits, of somebody who shares the number of an erased person, loses the number alone and makes a lead", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ ...PERSON, phone: NUMBER });
  const rest = { sourceId: null, label: null, pageUrl: null, ip: null, status: "RECEIVED" as const, provider: "form" };
  const given = { name: ["Ilse"], email: ["ilse@example.com"], phone: ["(212) 555-0177"], note: ["call 212.555.0177"] };
  await insertSubmissions(world.ctx, [
    { ...rest, externalId: "one", payload: { given, hasConsented: false } },
    { ...rest, externalId: "two", payload: { given: { phone: [NUMBER] }, hasConsented: false } },
  ]);
  await erase(world, lead.id);
  expect(await placesOf(["quorra", "2125550177", "555-0177", "555.0177"])).toEqual([]);
  await takeInAll(world.ctx);
  const leads = await world.ctx.db.selectFrom("leads").select(["firstName", "phone"]).orderBy("id").execute();
  expect(leads).toEqual([
    { firstName: "", phone: null },
    { firstName: "Ilse", phone: null },
  ]);
  const kept = await world.ctx.db.selectFrom("leadSubmissions").select(["status", "payload"]).orderBy("id").execute();
  expect(kept).toMatchObject([
    { status: "CREATED", payload: { given: { email: ["ilse@example.com"], phone: [""] } } },
    { status: "FAILED", payload: { erased: true } },
  ]);
});

test("a form that waits and gives an erased person's number without an e-mail address goes whole, whatever else in it has an @", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ ...PERSON, phone: NUMBER });
  const given = {
    name: ["Quorra Vandersloot"],
    phone: ["(212) 555-0177"],
    note: ["Mornings @home. Or @quorra, mill.example"],
  };
  await insertSubmissions(world.ctx, [
    {
      sourceId: null,
      label: null,
      pageUrl: null,
      ip: null,
      status: "RECEIVED",
      provider: "form",
      externalId: "one",
      payload: { given, hasConsented: false },
    },
  ]);
  await erase(world, lead.id);
  expect(await placesOf(["quorra", "vandersloot", "555-0177"])).toEqual([]);
});
