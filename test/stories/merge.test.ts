import { sql } from "kysely";
import { expect, test } from "vitest";
import { z } from "zod";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { undoMerge } from "#domains/leads/commands/undo-merge.ts";
import { listMergeHooks } from "#domains/leads/merge/hooks.ts";
import { processInboundEvents } from "#domains/messaging/commands/process-inbound.ts";
import { storeFacts } from "#domains/messaging/queries/inbound.ts";
import { assignLeads } from "#domains/outreach/commands/assign-leads.ts";
import { createCampaign } from "#domains/outreach/commands/create-campaign.ts";
import { newId } from "#platform/ids.ts";
import { sandboxReply } from "#providers/sandbox/port.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectTwilio, twilioListed, twilioListing } from "#test/vendors.ts";
import type { World } from "#test/world.ts";

/** Everything that a lead holds, as the database has it. When a row was last changed is no part of it. */
async function snapshotOf({ ctx }: World, leadId: string) {
  const tables = {
    leads: "id",
    lead_identities: "lead_id",
    lead_tags: "lead_id",
    lead_row_keys: "lead_id",
    messages: "lead_id",
    contact_attempts: "lead_id",
    sequence_enrollments: "lead_id",
    sequence_step_executions: "lead_id",
    campaign_leads: "lead_id",
    conversions: "lead_id",
  };
  const snapshot: Record<string, unknown> = {};
  for (const [table, column] of Object.entries(tables)) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(r) - 'updated_at' as row from ${sql.table(table)} r where ${sql.ref(column)} = ${leadId}
      order by to_jsonb(r)::text`.execute(ctx.db);
    snapshot[table] = rows.map(({ row }) => row);
  }
  return snapshot;
}

const timelineOf = async (world: World, leadId: string): Promise<string[]> => {
  const { body } = await world.request("GET", `/api/v1/leads/${leadId}/timeline?limit=100`);
  return z
    .object({ data: z.array(z.object({ type: z.string() })) })
    .parse(body)
    .data.map(({ type }) => type);
};

const STEPS = [
  { channel: "SMS", value: 0, unit: "HOURS" },
  { channel: "EMAIL", value: 1, unit: "DAYS" },
  { channel: "SMS", value: 2, unit: "DAYS" },
] as const;

/** Two leads in one sequence: the other has been in it for a day, and is a step ahead. */
async function twoEnrolled() {
  const world = await readyWorld();
  const [one, two] = [await world.make.lead({ country: "DE" }), await world.make.lead({ country: "DE" })];
  const sequenceId = await sequenceOf(world, STEPS);
  await enroll(world, sequenceId, two);
  await world.advance(60 * 25);
  await enroll(world, sequenceId, one);
  await world.advance(5);
  return { world, one, two };
}

/** Both as they are now, and the test that they are so again. */
async function bothOf(world: World, one: { id: string }, two: { id: string }) {
  const shown = async () => ({ one: await snapshotOf(world, one.id), two: await snapshotOf(world, two.id) });
  const before = await shown();
  return async () => expect(await shown()).toEqual(before);
}

test("a merge, three events and the undo give both leads back as they were, and the three events stay with the survivor", async () => {
  const world = await readyWorld();
  const one = await world.make.lead({ country: "DE", company: "Kestrel", tags: ["warm"], notes: "Met in May." });
  const two = await world.make.lead({ country: "DE", jobTitle: "Owner", tags: ["vip"], externalId: "crm-2" });
  const sequenceId = await sequenceOf(world, STEPS);
  await enroll(world, sequenceId, two);
  await world.advance(5);
  const expectAsBefore = await bothOf(world, one, two);

  const merged = await world.request("POST", `/api/v1/leads/${one.id}/merge`, { body: { otherLeadId: two.id } });
  expect(merged).toMatchObject({ status: 200, body: { moves: { messages: 1, sequence_enrollments: 1 } } });
  const { mergeId } = z.object({ mergeId: z.string() }).parse(merged.body);
  const gone = await world.request("GET", `/api/v1/leads/${two.id}`);
  expect(gone).toMatchObject({ status: 410, body: { code: "lead-merged", moved_to: one.id } });
  const story = await world.request("GET", `/api/v1/leads/${two.id}/timeline`);
  expect(story).toMatchObject({ status: 410, body: { moved_to: one.id } });
  const joined = await world.request("GET", `/api/v1/leads/${one.id}`);
  expect(joined.body).toMatchObject({ company: "Kestrel", jobTitle: "Owner", email: one.email });
  expect(z.object({ identities: z.array(z.unknown()) }).parse(joined.body).identities).toHaveLength(4);
  expect(await timelineOf(world, one.id)).toContain("messaging.message-sent");

  for (const notes of ["First.", "Second.", "Third."])
    await world.request("PATCH", `/api/v1/leads/${one.id}`, { body: { notes } });
  await world.request("PATCH", `/api/v1/leads/${one.id}`, { body: { notes: "Met in May." } });
  expect(await world.request("POST", `/api/v1/merges/${mergeId}/undo`)).toMatchObject({ status: 200 });

  await expectAsBefore();
  const timeline = await timelineOf(world, one.id);
  expect(timeline.filter((type) => type === "leads.lead-updated")).toHaveLength(4);
  expect(timeline).not.toContain("messaging.message-sent");
  expect(await timelineOf(world, two.id)).toContain("messaging.message-sent");
});

test("of two enrollments in one sequence the further goes on, both histories stay, and the undo sends nothing twice", async () => {
  const { world, one, two } = await twoEnrolled();
  const expectAsBefore = await bothOf(world, one, two);
  expect(await world.sandbox.sent()).toHaveLength(3);

  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  expect(await enrollmentsOf(world)).toMatchObject([{ leadId: one.id, currentStep: 2, run: 2, status: "ACTIVE" }]);
  expect((await executionsOf(world)).map(({ run, stepOrder, status }) => [run, stepOrder, status])).toEqual(
    expect.arrayContaining([
      [1, 0, "SENT"],
      [1, 1, "SKIPPED"],
      [2, 0, "SENT"],
      [2, 1, "SENT"],
      [2, 2, "SCHEDULED"],
    ]),
  );
  await undoMerge(world.ctx, mergeId ?? "");
  await expectAsBefore();
  await undoMerge(world.ctx, mergeId ?? "");
  await world.advance(60 * 24 * 10);
  const addresses = (await world.sandbox.sent()).map(({ channel, to }) => `${channel} ${to}`);
  expect(addresses.toSorted()).toEqual(
    [one, two].flatMap(({ email, phone }) => [`EMAIL ${email}`, `SMS ${phone}`, `SMS ${phone}`]).toSorted(),
  );
});

test("a touch that was with its vendor when its lead was merged plans nothing further there, and after the undo both go on", async () => {
  const world = await readyWorld();
  const vendor = await connectTwilio(world);
  const one = await world.make.lead({ country: "DE" });
  const two = await world.make.lead({ phone: "+4915112345678", country: "DE", timeZone: "Europe/Berlin" });
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 2, unit: "DAYS" },
  ]);
  vendor.answer(() => "hang-up");
  await enroll(world, sequenceId, two);
  await world.drain();
  const [lost] = await messagesOf(world);
  vendor.answer(vendor.accept);
  await enroll(world, sequenceId, one);
  await world.drain();
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  const planned = async () =>
    (await executionsOf(world)).filter(({ status }) => status === "SCHEDULED").map(({ leadId }) => leadId);

  vendor.tell(twilioListing([twilioListed({ to: "+4915112345678", body: lost?.text ?? "" })]));
  await world.advance(3);
  expect((await messagesOf(world)).find(({ id }) => id === lost?.id)).toMatchObject({ status: "delivered" });
  expect(await planned()).toEqual([one.id]);

  await undoMerge(world.ctx, mergeId ?? "");
  expect(new Set(await planned())).toEqual(new Set([one.id, two.id]));
});

test.each([
  { what: "answered", text: "Tell me more", reason: /^replied/ },
  { what: "said no", text: "STOP", reason: /^opted out/ },
])(
  "who $what while two leads were one is written to no more by the enrollment that the undo gives back",
  async ({ text, reason }) => {
    const { world, one, two } = await twoEnrolled();
    const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });

    const id = newId("inb");
    const said = sandboxReply({ id, channel: "SMS", from: one.phone ?? "", to: "+15005550006", text, at: null });
    await storeFacts(world.ctx, "sandbox-sms", [{ id, externalId: id, fact: said }]);
    await processInboundEvents(world.ctx);
    await world.drain();
    await undoMerge(world.ctx, mergeId ?? "");

    const own = (await enrollmentsOf(world)).find(({ leadId }) => leadId === one.id);
    expect(own).toMatchObject({ status: "CANCELLED", endReason: expect.stringMatching(reason) });
    const before = await world.sandbox.sent();
    await world.advance(60 * 24 * 10);
    expect(await world.sandbox.sent()).toEqual(before);
  },
);

test("a merge from before sequences had versions is undone: who comes back is in the first", async () => {
  const { world, one, two } = await twoEnrolled();
  const expectAsBefore = await bothOf(world, one, two);
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  // As it was kept then: without the column.
  const { rowCount } = await world.app.ownerPool.query(
    `update lead_merges set moved = regexp_replace(moved::text, '"version_id": "ver_[^"]+",? ?', '', 'g')::jsonb
     where id = $1 and moved::text like '%version_id%'`,
    [mergeId],
  );
  expect(rowCount).toBe(1);
  await undoMerge(world.ctx, mergeId ?? "");
  await expectAsBefore();
});

test("who said no at one address is not written to at another of the same kind, and an undo does not open it again", async () => {
  const world = await readyWorld();
  const [one, two] = [await world.make.lead(), await world.make.lead()];
  const phones = [one.phone ?? "", two.phone ?? ""].toSorted();
  await world.request("POST", "/api/v1/suppressions", { body: { kind: "PHONE", address: two.phone, scope: "ALL" } });
  const preview = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id, dryRun: true });
  expect(preview).toMatchObject({ mergeId: null, closes: [{ kind: "PHONE", value: one.phone, scope: "ALL" }] });
  const closed = async () => {
    const { body } = await world.request("GET", "/api/v1/suppressions?active=true");
    return z
      .object({ data: z.array(z.object({ value: z.string() })) })
      .parse(body)
      .data.map(({ value }) => value)
      .toSorted();
  };
  expect(await closed()).toEqual([two.phone]);
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  expect(await closed()).toEqual(phones);
  await undoMerge(world.ctx, mergeId ?? "");
  expect(await closed()).toEqual(phones);
});

test("twenty people who merge the same two leads at once make one merge", async () => {
  const world = await readyWorld();
  const [one, two] = [await world.make.lead(), await world.make.lead()];
  const results = await Promise.all(
    Array.from({ length: 20 }, () => mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id })),
  );
  expect(new Set(results.map(({ mergeId }) => mergeId)).size).toBe(1);
  expect(await timelineOf(world, one.id)).toEqual(expect.arrayContaining(["leads.leads-merged", "leads.lead-created"]));
});

test("an import of the other lead's row finds the survivor after the merge, and the other again after the undo", async () => {
  const world = await readyWorld();
  const one = await world.make.lead({ externalId: "crm-1" });
  const two = await world.make.lead({ externalId: "crm-2", email: null });
  const { mergeId } = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  const again = async () => {
    const rows = [{ externalId: "crm-2", firstName: "Ada" }];
    const { body } = await world.request("POST", "/api/v1/leads/upsert", { body: { rows } });
    return z.object({ data: z.array(z.object({ leadId: z.string() })) }).parse(body).data[0]?.leadId;
  };
  expect(await again()).toBe(one.id);
  await undoMerge(world.ctx, mergeId ?? "");
  expect(await again()).toBe(two.id);
});

test("an undo is refused with the reason: too late, merged on, or an address that another lead has got", async () => {
  const world = await readyWorld();
  const [one, two, three] = [await world.make.lead(), await world.make.lead(), await world.make.lead()];
  const first = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  const second = await mergeLeads(world.ctx, { survivorId: three.id, otherId: one.id });
  const undo = (mergeId: string | null) => world.request("POST", `/api/v1/merges/${mergeId}/undo`);
  expect(await undo(first.mergeId)).toMatchObject({ status: 409, body: { detail: expect.stringContaining(three.id) } });
  expect(await timelineOf(world, three.id)).toHaveLength(5);
  expect(await undo(second.mergeId)).toMatchObject({ status: 200 });

  await world.request("PATCH", `/api/v1/leads/${one.id}`, { body: { email: two.email } });
  await world.request("PATCH", `/api/v1/leads/${one.id}`, { body: { email: "new@example.test" } });
  await world.make.lead({ email: two.email });
  expect(await undo(first.mergeId)).toMatchObject({
    status: 409,
    body: { code: "merge-not-undoable", detail: expect.stringContaining(two.email ?? "") },
  });
  await world.advance(60 * 24 * 91);
  expect(await undo(first.mergeId)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("90 days") },
  });
  const kept = await world.ctx.db.selectFrom("leadMerges").select(["snapshot", "moved"]).execute();
  expect(kept).toEqual([
    { snapshot: {}, moved: {} },
    { snapshot: {}, moved: {} },
  ]);
});

test("every table with rows of a lead is moved by a merge, or named here with the reason why not", async () => {
  const world = await readyWorld();
  const { rows } = await sql<{ table: string }>`
    select c.table_name as table from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'lead_id' and t.table_type = 'BASE TABLE'
    order by 1`.execute(world.ctx.db);
  const own = ["lead_field_values", "lead_identities", "lead_row_keys", "lead_tags", "lead_scores", "merge_proposals"];
  // Events are never rewritten: a history is read under all ids of a lead. Who was erased is not merged. The report of a bulk action names the
  // lead that it was about.
  const elsewhere = ["events", "lead_erasures", "bulk_action_rows"];
  const moved = listMergeHooks().flatMap(({ tables }) => tables);
  expect([...own, ...elsewhere, ...moved].toSorted()).toEqual(rows.map(({ table }) => table));
});

test("a merge is undone although somebody else has taken the place in a full campaign meanwhile", async () => {
  const world = await readyWorld();
  const { ctx } = world;
  const [one, two, third] = [await world.make.lead(), await world.make.lead(), await world.make.lead()];
  const [full, open] = [
    await createCampaign(ctx, { name: "Full", maxLeads: 2 }),
    await createCampaign(ctx, { name: "Open" }),
  ];
  for (const id of [full, open]) await assignLeads(ctx, id, [one.id, two.id]);
  const { mergeId } = await mergeLeads(ctx, { survivorId: one.id, otherId: two.id });
  expect((await assignLeads(ctx, full, [third.id])).added).toEqual([third.id]);
  await undoMerge(ctx, mergeId ?? "");
  const rows = await ctx.db.selectFrom("campaignLeads").select(["campaignId", "leadId"]).execute();
  const inside = (id: string) => rows.flatMap(({ campaignId, leadId }) => (campaignId === id ? leadId : [])).toSorted();
  expect(inside(full)).toEqual([one.id, third.id].toSorted());
  expect(inside(open)).toEqual([one.id, two.id].toSorted());
});

test("of two merges that joined one sequence's enrollments the later is undone first, and all three leads are as they were", async () => {
  const { world, one, two } = await twoEnrolled();
  const third = await world.make.lead({ country: "DE" });
  const [enrolled] = await enrollmentsOf(world);
  await enroll(world, enrolled?.sequenceId ?? "", third);
  await world.advance(5);
  const shown = async () => Promise.all([one, two, third].map(({ id }) => snapshotOf(world, id)));
  const before = await shown();
  const first = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  const second = await mergeLeads(world.ctx, { survivorId: one.id, otherId: third.id });

  const refused = await world.request("POST", `/api/v1/merges/${first.mergeId}/undo`);
  expect(refused).toMatchObject({ status: 409, body: { code: "merge-not-undoable" } });
  expect(refused.body).toMatchObject({ detail: expect.stringContaining(`${second.mergeId}`) });
  await undoMerge(world.ctx, second.mergeId ?? "");
  await undoMerge(world.ctx, first.mergeId ?? "");
  expect(await shown()).toEqual(before);
});

test("a merge is undone before a later one of the same lead that has nothing to do with its sequences", async () => {
  const { world, one, two } = await twoEnrolled();
  const third = await world.make.lead({ country: "DE" });
  const expectAsBefore = await bothOf(world, one, two);
  const first = await mergeLeads(world.ctx, { survivorId: one.id, otherId: two.id });
  const second = await mergeLeads(world.ctx, { survivorId: one.id, otherId: third.id });
  await undoMerge(world.ctx, first.mergeId ?? "");
  await undoMerge(world.ctx, second.mergeId ?? "");
  await expectAsBefore();
});
