import { createServer } from "node:http";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { mergeLeads } from "#domains/leads/commands/merge-leads.ts";
import { startImport } from "#domains/leads/commands/start-import.ts";
import { takeInAll } from "#domains/leads/commands/take-in-submissions.ts";
import { uploadImport } from "#domains/leads/commands/upload-import.ts";
import { listSuppressions } from "#domains/leads/index.ts";
import { insertSubmissions } from "#domains/leads/queries/submissions.ts";
import { processInboundEvents } from "#domains/messaging/commands/process-inbound.ts";
import { storeFacts } from "#domains/messaging/queries/inbound.ts";
import { newId } from "#platform/ids.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { portOf } from "#providers/test-stub.ts";
import { countLockWaiters } from "#test/lock-waiters.ts";
import { placesOf } from "#test/places.ts";
import { temporaryDir } from "#test/processes.ts";
import { until } from "#test/vendors.ts";
import { testWorld, type World } from "#test/world.ts";

const PERSON = {
  firstName: "Quorra",
  lastName: "Vandersloot",
  email: "quorra@erasable.example",
  phone: "+12125550177",
  externalId: "crm-1",
};
const WORDS = ["quorra", "vandersloot", "erasable", "2125550177", "555-0177"];

const erase = (world: World, leadId: string) =>
  eraseLead(world.ctx, { leadId, reason: "They asked", confirm: PERSON.email }, world.runtime.config.dataDir);

/** Runs `first` until it wants the table, then each of `others` until it waits too, or is done; then lets all of them go on, to their ends. */
async function whileHeld(
  world: World,
  table: "idempotency_keys" | "events",
  first: () => Promise<unknown>,
  ...others: (() => Promise<unknown>)[]
): Promise<PromiseSettledResult<unknown>[]> {
  const client = await world.app.ownerPool.connect();
  const running: Promise<PromiseSettledResult<unknown>>[] = [];
  let done = 0;
  let isFirstDone = false;
  try {
    await client.query(`begin; lock table ${table} in access exclusive mode`);
    for (const work of [first, ...others]) {
      running.push(
        Promise.allSettled([work()]).then(([result]) => {
          done++;
          isFirstDone ||= work === first;
          return result;
        }),
      );
      await until(async () => (await countLockWaiters(world)) + done === running.length);
    }
    // Else nothing ran beside the other.
    expect(isFirstDone).toBe(false);
  } finally {
    await client.query("commit");
    client.release();
  }
  return Promise.all(running);
}

/** An erasure that has done all its work but the last, while `others` come. */
const whileErasing = (world: World, leadId: string, ...others: (() => Promise<unknown>)[]) =>
  whileHeld(world, "idempotency_keys", () => erase(world, leadId), ...others);

const names = async (world: World) =>
  (await world.ctx.db.selectFrom("leads").select("firstName").orderBy("id").execute()).map(
    ({ firstName }) => firstName,
  );

/** A notice of an advertisement's lead, which says nothing of whom it is about; Meta tells that when `answer` is called. */
async function withNotice(world: World) {
  let answer: () => void = () => undefined;
  const released = new Promise<void>((done) => (answer = done));
  let asked = 0;
  const server = createServer(async (_request, response) => {
    asked++;
    await released;
    const answers = { first_name: PERSON.firstName, last_name: PERSON.lastName, email: PERSON.email };
    const fields = Object.entries(answers).map(([name, value]) => ({ name, values: [value] }));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "901", created_time: "2026-03-02T11:59:30+0000", field_data: fields }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const baseUrl = `http://127.0.0.1:${portOf(server)}`;
  await connectIntegration(world.runtime, world.ctx, {
    provider: "meta-leads",
    credentials: { appSecret: "the-app-secret", verifyToken: "a-word-of-ours", pageAccessToken: "page-token", baseUrl },
  });
  const origin = Object.fromEntries(
    [
      "formId",
      "formName",
      "pageId",
      "adId",
      "adName",
      "adsetId",
      "adsetName",
      "campaignId",
      "campaignName",
      "platform",
      "isOrganic",
      "createdAt",
    ].map((name) => [name, null]),
  );
  const rest = { sourceId: null, label: null, pageUrl: null, ip: null, status: "RECEIVED" as const };
  const payload = { notice: { origin, answers: null } };
  await insertSubmissions(world.ctx, [{ ...rest, provider: "meta-leads", externalId: "901", payload }]);
  return { answer, isAsked: () => asked > 0 };
}

const submissionsOf = (world: World) =>
  world.ctx.db.selectFrom("leadSubmissions").select(["status", "leadId", "dueAt"]).execute();

test("a lead of Meta that is being fetched while its person is erased does not come in afterwards", async () => {
  const world = await testWorld();
  const lead = await world.make.lead(PERSON);
  const { answer, isAsked } = await withNotice(world);
  const taken = takeInAll(world.ctx);
  await until(isAsked);
  await erase(world, lead.id);
  answer();
  await taken;
  expect(await names(world)).toEqual([""]);
  expect(await submissionsOf(world)).toEqual([{ status: "FAILED", leadId: null, dueAt: null }]);
  expect(await placesOf(WORDS)).toEqual([]);
});

test("a lead of Meta that comes in while its person is being erased is left out, and one that came in before is erased with them", async () => {
  for (const order of ["after", "before"] as const) {
    const world = await testWorld();
    const lead = await world.make.lead(PERSON);
    const { answer } = await withNotice(world);
    answer();
    const takeIn = () => takeInAll(world.ctx);
    const results =
      order === "after"
        ? await whileErasing(world, lead.id, takeIn)
        : await whileHeld(world, "events", takeIn, () => erase(world, lead.id));
    expect(
      results.map(({ status }) => status),
      order,
    ).toEqual(["fulfilled", "fulfilled"]);
    expect(await names(world), order).toEqual([""]);
    expect(await placesOf(WORDS), order).toEqual([]);
    await world.close();
  }
});

test("whoever was erased after an import's file was uploaded is left out of it, whether the row can be read or not, and others come in", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-imports-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  for (const isBeside of [false, true]) {
    const world = await testWorld({ env: { DATA_DIR: dataDir } });
    const lead = await world.make.lead(PERSON);
    const file = `First name,Last name,Email,Phone,Notes
Quorra,Vandersloot,${PERSON.email},,mill
Ban,Keel,ban@example.com,,
,,not an address,,write to ${PERSON.email}
Quorra,,,(212) 555-0177,
,,x@@y,,${PERSON.phone}
`;
    const stream = Readable.from([Buffer.from(file)]);
    const upload = { fileName: "people.csv", mimeType: "text/csv", stream };
    const { importId } = await uploadImport(world.ctx, dataDir, upload);
    await startImport(world.ctx, dataDir, importId);
    if (isBeside) await whileErasing(world, lead.id, () => world.drain());
    else await erase(world, lead.id);
    await world.drain();
    expect(await names(world)).toEqual(["", "Ban"]);
    const rows = await world.ctx.db.selectFrom("importRows").select(["line", "reason"]).orderBy("line").execute();
    const left = rows.filter(({ reason }) => reason.includes("erased")).map(({ line }) => line);
    expect(left).toEqual([2, 4, 5, 6]);
    expect(await placesOf(["quorra", "2125550177", "555-0177"])).toEqual([]);
    await world.close();
  }
});

test("whoever shares an erased person's number and has an e-mail address of their own comes in from an earlier file without the number, and is told of", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-imports-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const world = await testWorld({ env: { DATA_DIR: dataDir } });
  const lead = await world.make.lead(PERSON);
  const file = `First name,Email,Phone,Notes,ID
Ilse,ilse@example.com,(212) 555-0177,switchboard 212.555.0177,crm-7
Quorra,other@example.com,${PERSON.phone},,crm-1
Nobody,,${PERSON.phone},,crm-8
`;
  const upload = { fileName: "people.csv", mimeType: "text/csv", stream: Readable.from([Buffer.from(file)]) };
  const { importId } = await uploadImport(world.ctx, dataDir, upload);
  await startImport(world.ctx, dataDir, importId);
  await erase(world, lead.id);
  await world.drain();
  expect(await names(world)).toEqual(["", "Ilse"]);
  const rows = await world.ctx.db
    .selectFrom("importRows")
    .select(["line", "column", "reason", "isFatal", "cells"])
    .orderBy("line")
    .execute();
  expect(rows).toMatchObject([
    {
      line: 2,
      column: "Phone",
      isFatal: false,
      reason: expect.stringContaining("came in without it"),
      cells: expect.arrayContaining(["Ilse", ""]),
    },
    { line: 3, isFatal: true, reason: expect.stringContaining("erased") },
    { line: 4, isFatal: true, reason: expect.stringContaining("erased") },
  ]);
  expect(await placesOf(["quorra", "2125550177", "555-0177", "555.0177"])).toEqual([]);
});

test("an erasure takes the person's rows out of files that wait to be imported, in any encoding, and the others come in", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-imports-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const text = `Given name;Email;Phone;Notes
Ban;ban@example.com;;"first
of two; lines"
Quorra;${PERSON.email};;"a ""friend"";
of ours"
Q;;(212) 555-0177;
Ilse;ilse@example.com;;last
`;
  const swapped = Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
  for (const bytes of [Buffer.from(text), Buffer.from(`\uFEFF${text}`, "utf16le"), swapped]) {
    const world = await testWorld({ env: { DATA_DIR: dataDir } });
    const lead = await world.make.lead(PERSON);
    const upload = { fileName: "people.csv", mimeType: "text/csv", stream: Readable.from([bytes]) };
    const { importId } = await uploadImport(world.ctx, dataDir, upload);
    const certificate = await erase(world, lead.id);
    expect(certificate.counts).toMatchObject({ uploaded_rows: 2 });
    const files = await Promise.all(
      (await readdir(join(dataDir, "uploads"))).map((name) => readFile(join(dataDir, "uploads", name))),
    );
    for (const kept of files) {
      const words = kept.toString("latin1").replaceAll("\0", "").toLowerCase();
      for (const word of [...WORDS, "friend"]) expect(words).not.toContain(word);
      expect(kept.length).toBe(bytes.length);
    }
    await startImport(world.ctx, dataDir, importId);
    await world.drain();
    expect(await names(world)).toEqual(["", "Ban", "Ilse"]);
    const rows = await world.ctx.db.selectFrom("importRows").select(["line", "reason"]).orderBy("line").execute();
    expect(rows).toEqual([4, 6].map((line) => ({ line, reason: "This person's data was erased." })));
    await world.close();
  }
});

test("whose address or number only contains an erased person's stays in files that wait to be imported, and comes in", async () => {
  const dataDir = await temporaryDir();
  const world = await testWorld({ env: { DATA_DIR: dataDir } });
  const email = "ann@example.com";
  const lead = await world.make.lead({ firstName: "Ann", email, phone: "+4930123456", country: "DE" });
  const file = `First name,Email,Phone
Jo,joann@example.com,
Kim,ann@example.com.au,
Lee,,+49 30 12345678
Ann,mailto:ann@example.com,
A,,030/123456
`;
  const upload = { fileName: "people.csv", mimeType: "text/csv", stream: Readable.from([Buffer.from(file)]) };
  const { importId } = await uploadImport(world.ctx, dataDir, upload);
  const { counts } = await eraseLead(world.ctx, { leadId: lead.id, reason: "They asked", confirm: email }, dataDir);
  expect(counts).toMatchObject({ uploaded_rows: 2 });
  await startImport(world.ctx, dataDir, importId);
  await world.drain();
  expect(await names(world)).toEqual(["", "Jo", "Kim", "Lee"]);
});

test("where the erased person was known by the number alone, whoever gave it before is taken for them", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ firstName: "Quorra", email: null, phone: PERSON.phone });
  const rest = { sourceId: null, label: null, pageUrl: null, ip: null, status: "RECEIVED" as const, provider: "form" };
  const given = { name: ["Ilse"], email: ["ilse@example.com"], phone: [PERSON.phone] };
  const submit = (externalId: string) =>
    insertSubmissions(world.ctx, [{ ...rest, externalId, payload: { given, hasConsented: false } }]);
  await whileHeld(
    world,
    "idempotency_keys",
    () =>
      eraseLead(
        world.ctx,
        { leadId: lead.id, reason: "They asked", confirm: PERSON.phone },
        world.runtime.config.dataDir,
      ),
    async () => {
      await submit("one");
      await takeInAll(world.ctx);
    },
  );
  expect(await names(world)).toEqual([""]);
});

test("a form of somebody who shares the number of a person under erasure makes a lead without it", async () => {
  const world = await testWorld();
  const lead = await world.make.lead(PERSON);
  const rest = { sourceId: null, label: null, pageUrl: null, ip: null, status: "RECEIVED" as const, provider: "form" };
  const given = { name: ["Ilse"], email: ["ilse@example.com"], phone: ["(212) 555-0177"] };
  await whileErasing(world, lead.id, async () => {
    await insertSubmissions(world.ctx, [{ ...rest, externalId: "one", payload: { given, hasConsented: false } }]);
    await takeInAll(world.ctx);
  });
  const leads = await world.ctx.db.selectFrom("leads").select(["firstName", "email", "phone"]).orderBy("id").execute();
  expect(leads.at(-1)).toEqual({ firstName: "Ilse", email: "ilse@example.com", phone: null });
  const [submission] = await world.ctx.db.selectFrom("leadSubmissions").select(["status", "faults"]).execute();
  expect(submission).toMatchObject({ status: "CREATED", faults: [{ field: "phone", value: "" }] });
  expect(await placesOf(WORDS)).toEqual([]);
});

test("who changes or adds a person while they are being erased writes nothing back", async () => {
  const world = await testWorld();
  const lead = await world.make.lead(PERSON);
  const change = () => world.request("PATCH", `/leads/${lead.id}`, { body: { notes: "called", company: "Mill" } });
  const add = () => world.make.lead({ firstName: "Again", source: "API", email: PERSON.email });
  const [erased, changed, added] = await whileErasing(world, lead.id, change, add);
  expect(erased).toMatchObject({ status: "fulfilled" });
  expect(changed).toMatchObject({ value: { status: 409, body: { code: "lead-erased" } } });
  // Somebody types the address in again: that is a new lead, to which nothing is ever sent.
  expect(added).toMatchObject({ status: "fulfilled" });
  expect(await names(world)).toEqual(["", "Again"]);
  const closed = await listSuppressions(world.ctx, [{ kind: "EMAIL", value: PERSON.email }]);
  expect(closed.find("EMAIL", PERSON.email)).toEqual({ reason: "ERASED", scope: "ALL" });
});

test("what a person writes while they are being erased is nobody's", async () => {
  const world = await testWorld();
  const lead = await world.make.lead(PERSON);
  const externalId = newId("inb");
  const fact = {
    kind: "inbound",
    externalId,
    channel: "SMS",
    from: PERSON.phone,
    to: "+15005550006",
    text: "Hello?",
    subject: null,
    html: null,
    vendorMessageId: null,
    inReplyTo: null,
    references: [],
    at: null,
  };
  const write = async () => {
    await storeFacts(world.ctx, "sandbox-sms", [{ id: newId("inb"), externalId, fact }]);
    await processInboundEvents({ ...world.ctx, actor: { kind: "system", id: "messaging.process-inbound" } });
  };
  const results = await whileErasing(world, lead.id, write);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  const messages = world.ctx.db.selectFrom("messages").select(["leadId", "text"]);
  expect(await messages.execute()).toEqual([{ leadId: null, text: "Hello?" }]);
});

test("an erasure that waits for a merge into its lead closes the addresses that came by it too", async () => {
  const world = await testWorld();
  const lead = await world.make.lead(PERSON);
  const twin = await world.make.lead({ firstName: "Q.", email: "twin@erasable.example" });
  const merge = () => mergeLeads(world.ctx, { survivorId: lead.id, otherId: twin.id });
  const results = await whileHeld(world, "events", merge, () => erase(world, lead.id));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  const closed = await listSuppressions(world.ctx, [{ kind: "EMAIL", value: "twin@erasable.example" }]);
  expect(closed.find("EMAIL", "twin@erasable.example")).toEqual({ reason: "ERASED", scope: "ALL" });
  expect(await placesOf(WORDS)).toEqual([]);
});
