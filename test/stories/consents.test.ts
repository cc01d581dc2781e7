import { sql } from "kysely";
import { expect, test } from "vitest";
import { z } from "zod";
import { updateSettings } from "#domains/accounts/index.ts";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { undoMerge } from "#domains/leads/commands/undo-merge.ts";
import { enroll, executionsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import type { World } from "#test/world.ts";

const record = (world: World, leadId: string, body: Record<string, unknown>) =>
  world.request("POST", `/leads/${leadId}/consents`, { body: { source: "Signup form", ...body } });

const kindsOf = async (world: World, leadId: string): Promise<string[]> => {
  const { body } = await world.request("GET", `/leads/${leadId}/consents`);
  return z
    .object({ data: z.array(z.object({ kind: z.string(), channel: z.string() })) })
    .parse(body)
    .data.map(({ kind, channel }) => `${kind} ${channel}`);
};

const NOW = [{ value: 0, unit: "HOURS" }] as const;

test("a touch of a channel that asks for a basis goes to those who gave one, and says of the others what is missing", async () => {
  const world = await readyWorld();
  const [given, taken, none] = [
    await world.make.lead({ country: "DE" }),
    await world.make.lead({ country: "DE" }),
    await world.make.lead({ country: "DE" }),
  ];
  const consent = { channel: "SMS", basis: "CONTRACT", proofText: "Order 7", proofIp: "192.0.2.1" };
  expect(await record(world, given.id, consent)).toMatchObject({
    status: 201,
    body: { kind: "GIVEN", basis: "CONTRACT" },
  });
  await record(world, taken.id, { ...consent, at: "2026-03-01T10:00:00Z" });
  await record(world, taken.id, { ...consent, kind: "WITHDRAWN", at: "2026-03-01T11:00:00Z" });
  await record(world, none.id, { ...consent, channel: "EMAIL" });
  await updateSettings(world.ctx, { consentPolicy: { SMS: true } });
  const [step] = NOW;
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", ...step }]), given, taken, none);
  await world.advance(5);
  expect((await world.sandbox.sms()).map(({ to }) => to)).toEqual([given.phone]);
  const byLead = new Map((await executionsOf(world)).map((one) => [one.leadId, one]));
  expect(byLead.get(given.id)?.status).toBe("SENT");
  for (const { id } of [taken, none]) {
    expect(byLead.get(id)?.status).toBe("SKIPPED");
    expect(JSON.stringify(byLead.get(id)?.verdict)).toContain("needs CONSENT or LEGITIMATE_INTEREST or CONTRACT");
  }
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", ...step }]), taken);
  await world.advance(60 * 24 * 2);
  expect(await world.sandbox.emails()).toHaveLength(1);
});

test("a call asks for express consent once the workspace does; any other basis is not enough", async () => {
  const world = await readyWorld();
  await updateSettings(world.ctx, { consentPolicy: { CALL: true } });
  const [asked, other] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
  await record(world, asked.id, { channel: "CALL", basis: "CONSENT" });
  await record(world, other.id, { channel: "CALL", basis: "LEGITIMATE_INTEREST" });
  const [step] = NOW;
  await enroll(world, await sequenceOf(world, [{ channel: "CALL", ...step }]), asked, other);
  await world.advance(60 * 24);
  expect((await world.sandbox.calls()).map(({ to }) => to)).toEqual([asked.phone]);
});

test("a consent is never changed: not by the API, and not by any statement of the runtime role", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead();
  await record(world, lead.id, { channel: "EMAIL", basis: "CONSENT" });
  const { db } = world.ctx;
  await expect(sql`update consent_records set basis = 'CONTRACT'`.execute(db)).rejects.toThrow("permission denied");
  await expect(sql`delete from consent_records`.execute(db)).rejects.toThrow("permission denied");
  await expect(sql`select app_scrub_consents(${lead.id})`.execute(db)).rejects.toThrow("erased lead");
  await expect(sql`select app_scrub_events(${lead.id}, '{}', '{}')`.execute(db)).rejects.toThrow("erased lead");
  expect(
    await record(world, lead.id, { channel: "EMAIL", basis: "CONSENT", at: "2027-01-01T00:00:00Z" }),
  ).toMatchObject({
    status: 422,
  });
  expect(await kindsOf(world, lead.id)).toEqual(["GIVEN EMAIL"]);
  expect((await world.request("DELETE", `/leads/${lead.id}`)).status).toBe(200);
});

test("a merge takes the other's consents along, and the undo gives them back, but for those that came since", async () => {
  const world = await readyWorld();
  const [one, two] = [await world.make.lead(), await world.make.lead()];
  await record(world, two.id, { channel: "EMAIL", basis: "CONSENT" });
  const { mergeId, moves } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  expect(moves).toMatchObject({ consent_records: 1 });
  await record(world, one.id, { channel: "SMS", basis: "CONSENT" });
  expect(await kindsOf(world, one.id)).toHaveLength(2);
  await undoMerge(world.ctx, mergeId ?? "");
  expect(await kindsOf(world, one.id)).toEqual(["GIVEN SMS"]);
  expect(await kindsOf(world, two.id)).toEqual(["GIVEN EMAIL"]);
});
