import { expect, test } from "vitest";
import { enrollLeads } from "#domains/outreach/commands/enroll-leads.ts";
import { ALWAYS } from "#test/due-sms.ts";
import { enroll, enrollmentsOf, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";

test("three steps of 0 h, 12 h and 2 days go out at exactly those instants, over three channels", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 12, unit: "HOURS" },
    { channel: "CALL", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(60 * 24 * 4);

  const sent = await world.sandbox.sent();
  expect(sent.map(({ channel, to, at }) => [channel, to, at.toISOString()])).toEqual([
    ["EMAIL", lead.email, "2026-03-02T12:00:00.000Z"],
    ["SMS", lead.phone, "2026-03-03T00:00:00.000Z"],
    ["CALL", lead.phone, "2026-03-05T00:00:00.000Z"],
  ]);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "COMPLETED", currentStep: 3 }]);
  // The sandbox stands in for a vendor: mail comes from the workspace's own address.
  expect(sent[0]?.from).toBe("hello@maple.example");
});

test("a reply on the phone stops the sequence within the same turn, and the steps left say why", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 12, unit: "HOURS" },
    { channel: "CALL", value: 2, unit: "DAYS" },
    { channel: "EMAIL", value: 3, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(60 * 13);
  const [sms] = await world.sandbox.sms();
  const answer = await world.request("POST", `/api/v1/sandbox/deliveries/${sms?.id}/reply`, {
    body: { text: "Sounds good, call me" },
  });
  expect(answer.status).toBe(200);
  await world.drain();

  expect((await executionsOf(world)).map(({ status, result }) => [status, result.reason ?? null])).toEqual([
    ["SENT", null],
    ["SENT", null],
    ["SKIPPED", "replied"],
    ["SKIPPED", "replied"],
  ]);
  await world.advance(60 * 24 * 14);
  expect(await world.sandbox.sent()).toHaveLength(2);
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CANCELLED", endReason: "replied" }]);
});

test("STOP suppresses the number, ends the sequence and is confirmed once; START lifts it", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(5);
  const [sms] = await world.sandbox.sms();
  await world.request("POST", `/api/v1/sandbox/deliveries/${sms?.id}/reply`, { body: { text: " Stop. " } });
  await world.drain();
  await world.advance(60 * 24 * 7);

  const sent = await world.sandbox.sms();
  expect(sent).toHaveLength(2);
  expect(sent[1]?.text).toMatch(/unsubscribed/i);
  const suppressions = await world.ctx.db
    .selectFrom("suppressions")
    .select(["kind", "value", "reason", "scope", "liftedAt"])
    .execute();
  expect(suppressions).toEqual([
    { kind: "PHONE", value: lead.phone, reason: "STOP_REPLY", scope: "ALL", liftedAt: null },
  ]);

  // Said again, by a person or by a machine, it needs no second confirmation.
  await world.request("POST", `/api/v1/sandbox/deliveries/${sms?.id}/reply`, { body: { text: "STOP" } });
  await world.drain();
  await world.advance(5);
  expect(await world.sandbox.sms()).toHaveLength(2);

  await world.request("POST", `/api/v1/sandbox/deliveries/${sms?.id}/reply`, { body: { text: "START" } });
  await world.drain();
  const lifted = await world.ctx.db
    .selectFrom("suppressions")
    .select("liftedAt")
    .where("liftedAt", "is not", null)
    .execute();
  expect(lifted).toHaveLength(1);
});

test("twenty concurrent enrolments of one lead make one enrollment and one first execution", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead();
  const sequenceId = await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => enrollLeads(world.ctx, { sequenceId, leadIds: [lead.id], by: "person" })),
  );
  expect(outcomes.flat().filter((outcome) => outcome.kind === "enrolled")).toHaveLength(1);
  expect(await executionsOf(world)).toHaveLength(1);
});

test("a missing variable holds the touch before any vendor is called, and names it", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ firstName: "" });
  const sequenceId = await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]);
  await enroll(world, sequenceId, lead);
  await world.advance(10);
  expect(await world.sandbox.sent()).toEqual([]);
  const [execution] = await executionsOf(world);
  expect(execution?.status).toBe("FAILED");
  expect(execution?.result.reason).toMatch(/missing variable: firstName/);
});

test("two sequences and a cap of one e-mail a day: the lower priority waits for the next local day", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const low = await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "HOURS" }], {
    settings: { sendWindow: ALWAYS, priority: 0 },
  });
  const high = await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "HOURS" }], {
    settings: { sendWindow: ALWAYS, priority: 10 },
  });
  await enroll(world, low, lead);
  await enroll(world, high, lead);
  await world.advance(60 * 30);
  const rows = await world.ctx.db
    .selectFrom("sequenceStepExecutions as e")
    .innerJoin("sequenceEnrollments as n", "n.id", "e.enrollmentId")
    .select(["n.sequenceId", "e.executedAt"])
    .orderBy("e.executedAt")
    .execute();
  expect(rows.map((row) => row.sequenceId)).toEqual([high, low]);
  // New York's midnight, five hours behind UTC in early March.
  expect(rows[1]?.executedAt?.toISOString()).toBe("2026-03-03T05:00:00.000Z");
});

test("a machine that answers HELP to everything is answered a few times a day and no more", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }], {
    settings: { sendWindow: ALWAYS, stopOnReply: false },
  });
  await enroll(world, sequenceId, lead);
  await world.advance(2);
  const [sms] = await world.sandbox.sms();
  for (let round = 0; round < 12; round += 1) {
    await world.request("POST", `/api/v1/sandbox/deliveries/${sms?.id}/reply`, { body: { text: "HELP" } });
    await world.drain();
    await world.advance(2);
  }
  expect(await world.sandbox.sms()).toHaveLength(1 + 5);
});
