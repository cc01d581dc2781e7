import { sql } from "kysely";
import { expect, test } from "vitest";
import { z } from "zod";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { listSuppressions, suppress } from "#domains/leads/index.ts";
import { listPersonalDataHooks } from "#domains/leads/personal-data/hooks.ts";
import { recordOutcomes } from "#domains/messaging/commands/record-outcomes.ts";
import { processInboundEvents } from "#domains/messaging/commands/process-inbound.ts";
import { storeFacts } from "#domains/messaging/queries/inbound.ts";
import { sendOneOff } from "#domains/outreach/commands/send-one-off.ts";
import { createCampaign } from "#domains/outreach/commands/create-campaign.ts";
import { startBulkAssignment } from "#domains/outreach/commands/start-bulk-assignment.ts";
import { startBulkAction } from "#domains/leads/commands/start-bulk-action.ts";
import { newId } from "#platform/ids.ts";
import { enroll, enrollmentsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { placesOf } from "#test/places.ts";
import type { World } from "#test/world.ts";

const REASON = "Asked for it on the phone.";
const certificate = z.object({
  id: z.string(),
  counts: z.record(z.string(), z.number()),
  addressKeys: z.array(z.object({ kind: z.string(), key: z.string() })),
});

async function erase(world: World, leadId: string, confirm: string, reason = REASON) {
  return world.request("POST", `/leads/${leadId}/erase`, { body: { reason, confirm } });
}

async function inbound(world: World, fact: Record<string, unknown>) {
  const externalId = newId("inb");
  const rest = { vendorMessageId: null, inReplyTo: null, references: [], at: null, subject: null, html: null };
  const whole = { kind: "inbound", externalId, ...rest, ...fact };
  await storeFacts(world.ctx, fact.channel === "EMAIL" ? "sandbox-email" : "sandbox-sms", [
    { id: newId("inb"), externalId, fact: whole },
  ]);
  await processInboundEvents({ ...world.ctx, actor: { kind: "system", id: "messaging.process-inbound" } });
}

const PERSON = {
  firstName: "Quorra",
  lastName: "Vandersloot",
  email: "quorra.vandersloot@erasable.example",
  phone: "+12125550177",
  linkedin: "https://www.linkedin.com/in/quorra-vandersloot",
  company: "Vandersloot Windmills",
  website: "https://windmills.erasable.example",
  notes: "Quorra likes mills.",
  country: "DE",
  meta: { spouse: "Quentin Vandersloot" },
  tags: ["warm"],
  externalId: "crm-erasable-1",
};
const WORDS = ["quorra", "vandersloot", "erasable", "2125550177", "555-0177", "2125550178", "quentin"];

/** A person with a history in every place there is. */
async function personWithHistory(world: World) {
  const lead = await world.make.lead(PERSON);
  const twin = await world.make.lead({
    ...PERSON,
    email: "q@erasable.example",
    phone: "+12125550178",
    linkedin: undefined,
    externalId: undefined,
  });
  await mergeLeads(world.ctx, { survivorId: lead.id, otherId: twin.id });
  const sequenceId = await sequenceOf(world, [
    { channel: "EMAIL", value: 0, unit: "HOURS" },
    { channel: "SMS", value: 1, unit: "DAYS" },
    { channel: "CALL", value: 2, unit: "DAYS" },
    { channel: "EMAIL", value: 30, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.advance(60 * 24 * 4);
  expect((await messagesOf(world)).length).toBe(3);
  await inbound(world, { channel: "SMS", from: "+12125550177", to: "+15005550006", text: "It is Quorra, call me." });
  await inbound(world, {
    channel: "EMAIL",
    from: "q@erasable.example",
    to: "hello@maple.example",
    subject: "Quorra here",
    text: "Vandersloot speaking",
    vendorMessageId: "<1@erasable.example>",
  });
  await suppress(world.ctx, { kind: "PHONE", value: "+12125550178", reason: "MANUAL", evidence: "Quorra said so" });
  await world.ctx.db
    .insertInto("consentRecords")
    .values({
      id: newId("cons"),
      workspaceId: world.workspace,
      leadId: lead.id,
      channel: "EMAIL",
      basis: "CONSENT",
      source: "Form of Quorra",
      proofText: "I, Quorra, agree.",
      proofIp: "192.0.2.7",
      at: world.clock.now(),
      createdAt: world.clock.now(),
      actorKind: "system",
    })
    .execute();
  const importJobId = newId("imp");
  const file = { fileName: "list.csv", fileKey: "k", fileBytes: 1, encoding: "utf-8", delimiter: "," };
  await world.ctx.db
    .insertInto("importJobs")
    .values({ id: importJobId, workspaceId: world.workspace, ...file })
    .execute();
  for (const [line, cells] of [
    ["Quorra", "Vandersloot", "x"],
    ["", "", "(212) 555-0177"],
  ].entries())
    await world.ctx.db
      .insertInto("importRows")
      .values({
        id: newId("irow"),
        workspaceId: world.workspace,
        importJobId,
        line,
        reason: "r",
        cells: sql`${JSON.stringify(cells)}::jsonb`,
      })
      .execute();
  await world.ctx.db
    .insertInto("bulkEnrollments")
    .values({
      id: newId("bulk"),
      workspaceId: world.workspace,
      sequenceId,
      filter: sql`${JSON.stringify({ search: "Quorra Vandersloot" })}::jsonb`,
      status: "COMPLETED",
    })
    .execute();
  const campaignId = await createCampaign(world.ctx, { name: "Spring" });
  for (const search of ["Quorra Vandersloot", "vandersloot quorra"])
    await startBulkAssignment(world.ctx, { campaignId, filter: { search, status: ["LOST"] } });
  const next = await sequenceOf(world, [{ channel: "SMS", value: 9, unit: "DAYS" }]);
  await enroll(world, next, lead);
  return { lead, twin, next };
}

test("erase → no table or event holds the name, e-mail or phone (full scan), suppression still blocks the address", async () => {
  const world = await readyWorld();
  const { lead, twin, next } = await personWithHistory(world);
  const bystander = await world.make.lead({ firstName: "Ban", lastName: "Keel" });
  const before = await messagesOf(world);
  expect(await placesOf(WORDS)).not.toEqual([]);

  const answer = await erase(world, lead.id, "quorra vandersloot");
  expect(answer).toMatchObject({ status: 200, body: { leadId: lead.id, reason: REASON } });
  const { id, counts, addressKeys } = certificate.parse(answer.body);
  expect(counts).toMatchObject({
    leads: 1,
    messages: 5,
    contact_attempts: 3,
    import_rows: 2,
    bulk_enrollments: 1,
    bulk_assignments: 2,
    consent_records: 1,
  });
  expect(addressKeys.map(({ kind }) => kind).toSorted()).toEqual(["EMAIL", "EMAIL", "LINKEDIN", "PHONE", "PHONE"]);
  expect(await placesOf(WORDS)).toEqual([]);

  const after = await messagesOf(world);
  const kept = ({ id, status, segments, providerRef, createdAt, sentAt, attemptStatus }: (typeof before)[number]) => ({
    id,
    status,
    segments,
    providerRef,
    createdAt,
    sentAt,
    attemptStatus,
  });
  expect(after.map(kept)).toEqual(before.map(kept));
  expect((await enrollmentsOf(world)).find(({ sequenceId }) => sequenceId === next)).toMatchObject({
    status: "CANCELLED",
    endReason: "erased",
    leadId: lead.id,
  });
  expect(await world.request("GET", `/leads/${lead.id}`)).toMatchObject({
    status: 200,
    body: { firstName: "", email: null, identities: [], country: "DE", erasedAt: expect.any(String) },
  });
  expect((await world.request("GET", `/leads/${lead.id}/timeline?limit=100`)).status).toBe(200);
  expect((await world.request("GET", "/messages?limit=50")).status).toBe(200);
  expect(await world.request("GET", `/erasures/${id}`)).toMatchObject({ status: 200, body: answer.body });
  expect(await world.request("GET", "/erasures")).toMatchObject({ body: { data: [{ id }] } });
  expect(await world.request("GET", `/leads/${bystander.id}`)).toMatchObject({ body: { firstName: "Ban" } });
  expect(await world.request("GET", `/leads/${twin.id}`)).toMatchObject({ status: 410 });

  // Whoever brings an address back gets a new lead that nothing is sent to.
  for (const fields of [{ email: PERSON.email }, { phone: "+12125550178" }]) {
    const again = await world.request("POST", "/leads", { body: { firstName: "Again", country: "DE", ...fields } });
    expect(again).toMatchObject({ status: 201, body: { identities: [{ suppressions: expect.anything() }] } });
    const leadId = z.object({ id: z.string() }).parse(again.body).id;
    const found = await world.request("GET", `/leads?suppressed=true&limit=10`);
    expect(JSON.stringify(found.body)).toContain(leadId);
    const channel = fields.email ? "EMAIL" : "SMS";
    await enroll(world, await sequenceOf(world, [{ channel, value: 0, unit: "HOURS" }]), { id: leadId });
  }
  await world.advance(60 * 24 * 40);
  expect(await world.sandbox.sent()).toHaveLength(3);
  const closed = await listSuppressions(world.ctx, [{ kind: "EMAIL", value: PERSON.email }]);
  expect(closed.find("EMAIL", PERSON.email)).toEqual({ reason: "ERASED", scope: "ALL" });
});

test("erasing twice is erasing once, takes the name or an address, and a reason that does not tell who it was", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead(PERSON);
  expect(await erase(world, lead.id, "somebody else")).toMatchObject({ status: 422 });
  expect(await erase(world, lead.id, PERSON.email, "Quorra Vandersloot asked")).toMatchObject({ status: 422 });
  expect(await erase(world, lead.id, PERSON.email, "Call (212) 555-0177")).toMatchObject({ status: 422 });
  expect((await erase(world, newId("lead"), "x")).status).toBe(404);
  const answers = await Promise.all([1, 2, 3].map(() => erase(world, lead.id, PERSON.email)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from events where type = 'leads.lead-erased'`.execute(world.ctx.db);
  expect(rows[0]?.count).toBe(1);
  expect(await world.request("PATCH", `/leads/${lead.id}`, { body: { notes: "back" } })).toMatchObject({ status: 409 });
});

test("a message that is with its vendor while its person is erased is counted, and brings nothing back", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead(PERSON);
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS" }]), lead);
  await world.advance(5);
  const [message] = await messagesOf(world);
  await world.ctx.db.updateTable("messages").set({ status: "sending", sentAt: null, providerRef: null }).execute();
  expect((await erase(world, lead.id, PERSON.email)).status).toBe(200);
  const messageId = message?.id ?? "";
  await recordOutcomes(world.ctx, [{ messageId, outcome: { kind: "failed", detail: `no mailbox ${PERSON.email}` } }]);
  expect(await messagesOf(world)).toMatchObject([{ status: "failed", to: "", text: "" }]);
  await storeFacts(world.ctx, "sandbox-email", [
    {
      id: newId("inb"),
      externalId: "late",
      fact: {
        kind: "status",
        externalId: "late",
        providerRef: null,
        messageId,
        status: "bounced",
        hard: true,
        detail: PERSON.email,
        at: null,
      },
    },
  ]);
  await processInboundEvents({ ...world.ctx, actor: { kind: "system", id: "messaging.process-inbound" } });
  expect(await placesOf(WORDS)).toEqual([]);
});

test("STOP and START from an erased number are heard, write no number down as suppressed, and open nothing", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead(PERSON);
  await erase(world, lead.id, PERSON.email);
  for (const text of ["STOP", "STOP", "START"])
    await inbound(world, { channel: "SMS", from: PERSON.phone, to: "+15005550006", text });
  const rows = await world.ctx.db.selectFrom("suppressions").select(["value", "reason", "liftedAt"]).execute();
  expect(rows.filter(({ value }) => !value.startsWith("erased:"))).toEqual([]);
  expect(rows.find(({ reason }) => reason === "STOP_REPLY")?.liftedAt).not.toBeNull();
  const closed = await listSuppressions(world.ctx, [{ kind: "PHONE", value: PERSON.phone }]);
  expect(closed.find("SMS", PERSON.phone)).toEqual({ reason: "ERASED", scope: "ALL" });
});

test("a number that two people share stays with the other, closed, and what was said to the other stays", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead(PERSON);
  const other = await world.make.lead({
    firstName: "Otto",
    email: "otto@example.test",
    phone: PERSON.phone,
    country: "DE",
  });
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS" }]), other);
  await world.advance(5);
  await erase(world, lead.id, PERSON.email);
  expect(await messagesOf(world)).toMatchObject([{ leadId: other.id, to: PERSON.phone }]);
  const { body } = await world.request("GET", `/leads/${other.id}`);
  expect(body).toMatchObject({
    phone: PERSON.phone,
    identities: expect.arrayContaining([
      expect.objectContaining({ kind: "PHONE", suppressions: [expect.objectContaining({ reason: "ERASED" })] }),
    ]),
  });
});

test("the export holds everything of a person by table, also of those who were merged into them, and is written down", async () => {
  const world = await readyWorld();
  const { lead, twin } = await personWithHistory(world);
  const reply = await world.request("GET", `/leads/${lead.id}/export`, { as: "VIEWER" });
  expect(reply).toMatchObject({ status: 200, headers: { "content-disposition": expect.stringContaining(lead.id) } });
  const { leadIds, held } = z
    .object({ leadIds: z.array(z.string()), held: z.record(z.string(), z.array(z.unknown())) })
    .parse(reply.body);
  expect(leadIds.toSorted()).toEqual([lead.id, twin.id].toSorted());
  const counts = Object.fromEntries(Object.entries(held).map(([table, rows]) => [table, rows.length]));
  expect(counts).toMatchObject({
    leads: 1,
    lead_identities: 5,
    lead_tags: 1,
    consent_records: 1,
    suppressions: 1,
    lead_merges: 1,
    import_rows: 2,
    messages: 5,
    contact_attempts: 3,
    inbound_events: 2,
    sandbox_deliveries: 3,
    sequence_enrollments: 2,
    sequence_step_executions: 5,
    bulk_enrollments: 1,
    bulk_assignments: 2,
  });
  expect(counts.events).toBeGreaterThan(10);
  const timeline = await world.request("GET", `/leads/${lead.id}/timeline?type=leads.lead-exported`);
  expect(timeline.body).toMatchObject({ data: [{ type: "leads.lead-exported", actor: { kind: "user" } }] });
  expect(await world.request("GET", `/leads/${twin.id}/export`)).toMatchObject({ status: 410 });
});

test("only who may delete leads erases them", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead();
  const body = { reason: REASON, confirm: lead.email };
  const reply = await world.request("POST", `/leads/${lead.id}/erase`, { body, as: "MEMBER" });
  expect(reply.status).toBe(403);
});

test("every table with rows of a lead, or with what people are known by, is covered by the export and the erasure", async () => {
  const world = await readyWorld();
  const { rows } = await sql<{ table: string }>`
    select c.table_name as table from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'lead_id' and t.table_type = 'BASE TABLE'
    order by 1`.execute(world.ctx.db);
  const beside = [
    "leads",
    "inbound_events",
    "sandbox_deliveries",
    "import_rows",
    "suppressions",
    "lead_merges",
    "bulk_enrollments",
    "bulk_assignments",
    "simulations",
    "saved_filters",
    "bulk_actions",
    "engagements",
    "tracked_links",
  ];
  const lead = await world.make.lead();
  const reply = await world.request("GET", `/leads/${lead.id}/export`);
  const exported = Object.keys(z.object({ held: z.record(z.string(), z.unknown()) }).parse(reply.body).held);
  expect(exported.toSorted()).toEqual([...new Set([...rows.map(({ table }) => table), ...beside])].toSorted());
  for (const { tables, name } of listPersonalDataHooks())
    for (const table of tables) expect(exported, name).toContain(table);

  const answer = await erase(world, lead.id, lead.email ?? "");
  const erased = Object.keys(certificate.parse(answer.body).counts);
  // An assignment to a campaign and a certificate say nothing about who it was.
  const sayNothing = ["campaign_leads", "lead_erasures"];
  // Rows of uploaded files lie in no table. Sealed answers and single words tell nobody whose they are: they are erased, but nobody's export.
  const nobodys = ["idempotency_keys", "lead_name_words", "uploaded_rows"];
  expect([...erased, ...sayNothing].toSorted()).toEqual([...exported, ...nobodys].toSorted());
});

test("what people gave as their reasons, to overrule the gate or to close an address, goes with the person whom it names", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ firstName: "Philippa", lastName: "Featherstone" });
  const words = "Philippa Featherstone asked for it";
  const override = { checks: ["window" as const], reason: words };
  const wish = { channel: "EMAIL" as const, subject: "Hi", content: "Hello", whenAllowed: false, override };
  expect((await sendOneOff(world.ctx, lead.id, wish)).kind).toBe("sent");
  await startBulkAction(world.ctx, { doing: { kind: "suppress", scope: "CALL", evidence: words }, leadIds: [lead.id] });
  await world.drain();
  expect(await placesOf(["featherstone"])).toEqual(
    expect.arrayContaining(["messages.override: featherstone", "bulk_actions.change: featherstone"]),
  );
  await erase(world, lead.id, lead.email ?? "");
  expect(await placesOf(["featherstone"])).toEqual([]);
});
