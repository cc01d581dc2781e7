import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { cancelImport } from "../commands/cancel-import.ts";
import { createCustomField } from "../commands/create-custom-field.ts";
import { deleteLead } from "../commands/delete-lead.ts";
import { previewImport } from "../commands/preview-import.ts";
import { proposeImport } from "../commands/propose-import.ts";
import { recordConsent } from "../commands/record-consent.ts";
import { runImports } from "../commands/run-imports.ts";
import { setImportMapping } from "../commands/set-import-mapping.ts";
import { startImport } from "../commands/start-import.ts";
import { suppress } from "../commands/suppress.ts";
import { hasUpload, uploadPath } from "./files.ts";
import { listHeldBases } from "../queries/consents.ts";
import { findImport } from "../queries/imports.ts";
import { listLeads } from "../queries/list-leads.ts";
import { findActiveSuppressions, findLeadsByAddress } from "../queries/suppressions.ts";
import { countRows } from "../test-leads.ts";
import { importWorld } from "./test-import.ts";

const fixture = (name: string) => readFile(join(import.meta.dirname, "../../../../test/fixtures", name));
const newest = { sort: "createdAt", order: "desc", limit: 200 } as const;
const people = (count: number) =>
  `Email,First name\n${Array.from({ length: count }, (_, place) => `p${place}@example.com,Ana ${place}`).join("\n")}\n`;

// Counted by applying the matching rule by hand, row after row, to the addresses of each file; none of their rows is unusable.
test.each([
  ["leads-crm-export.csv", { created: 566, updated: 16, unchanged: 18, faulty: 0 }],
  ["leads-ad-form-export.tsv", { created: 199, updated: 1, unchanged: 0, faulty: 0 }],
  ["leads-semicolon-cp1252.csv", { created: 120, updated: 0, unchanged: 0, faulty: 0 }],
])("%s imports as it is proposed, and a second time changes nothing", async (name, counts) => {
  const { ctx, importFile } = await importWorld();
  const first = await importFile(await fixture(name), name);
  expect(first).toMatchObject({ status: "COMPLETED", ...counts });
  expect(await countRows(ctx, "leads")).toBe(counts.created);
  const proposals = await countRows(ctx, "mergeProposals");
  const second = await importFile(await fixture(name), name);
  const rows = counts.created + counts.updated + counts.unchanged;
  expect(second).toMatchObject({ status: "COMPLETED", created: 0, updated: 0, unchanged: rows, faulty: 0 });
  expect(await countRows(ctx, "mergeProposals")).toBe(proposals);
});

test("what a file says of a person arrives on the lead", async () => {
  const { ctx, importFile } = await importWorld();
  await importFile(await fixture("leads-semicolon-cp1252.csv"), "messe.csv");
  const { rows } = await listLeads(ctx, { search: "anais smith" }, newest);
  expect(rows).toMatchObject([
    {
      firstName: "Anaïs",
      lastName: "Smith",
      phone: "+493023125857",
      company: "Müller & Söhne GmbH",
      source: "MANUAL",
      sourceLabel: "Messe",
      timeZone: "Europe/Berlin",
      createdAt: new Date("2026-09-09T04:00:00Z"),
    },
  ]);
});

test("a file may be the proof of a consent: each person's record names the file and line, once, and who took it back stays so", async () => {
  const { ctx, dataDir, upload, show, ...world } = await importWorld();
  const content = "Email,First name\nana@example.com,Ana\nleo@example.com,Leo\nana@example.com,Ana\n";
  const run = async () => {
    const { importId } = await upload(content, "fair.csv");
    const consent = { basis: "CONSENT", channels: ["EMAIL", "SMS"], source: "Sign-up sheet of the fair" } as const;
    await setImportMapping(ctx, importId, {
      options: { source: "MANUAL", policy: "fill", consent: { ...consent, channels: [...consent.channels] } },
    });
    await startImport(ctx, dataDir, importId);
    await world.drain();
    return show(importId);
  };
  const records = () =>
    ctx.db.selectFrom("consentRecords").select(["leadId", "channel", "proofText", "source", "kind"]).execute();
  expect(await run()).toMatchObject({ status: "COMPLETED", created: 2, faulty: 0 });
  const [ana = ""] = await findLeadsByAddress(ctx, "EMAIL", "ana@example.com");
  expect(await records()).toHaveLength(4);
  expect((await records()).filter(({ leadId }) => leadId === ana)).toContainEqual({
    leadId: ana,
    channel: "EMAIL",
    kind: "GIVEN",
    source: "Sign-up sheet of the fair",
    proofText: "fair.csv, line 2",
  });

  const no = { kind: "WITHDRAWN", channel: "EMAIL", basis: "CONSENT", source: "by phone" } as const;
  await recordConsent(ctx, ana, { ...no, proofText: null, proofUrl: null, proofIp: null, at: null });
  expect(await run()).toMatchObject({ status: "COMPLETED", created: 0, unchanged: 3, faulty: 0 });
  expect(await records()).toHaveLength(5);
  expect((await listHeldBases(ctx, [ana])).of(ana, "EMAIL")).toEqual([]);
});

test("a column headed by an own field fills it by its type, and a value that does not fit costs the cell alone", async () => {
  const { ctx, importFile, upload } = await importWorld();
  await createCustomField(ctx, { label: "Renews on", type: "date", options: [] });
  await createCustomField(ctx, { label: "Plan", type: "select", options: ["Gold", "Silver"] });
  const content = "Email,Renews on,plan,Other\nana@example.com,31/12/2026,gold,x\nleo@example.com,soon,Silver,y\n";
  const { description } = await upload(content);
  expect(description.columns.map(({ field, customKey }) => customKey ?? field)).toEqual([
    "email",
    "meta",
    "plan",
    "meta",
  ]);
  const more = content + [1, 2, 3, 4].map((day) => `p${day}@example.com,${day}/1/2027,Gold,z\n`).join("");
  expect(await importFile(more)).toMatchObject({ status: "COMPLETED", created: 6, faulty: 0 });
  const { rows } = await listLeads(ctx, { custom: ["renews_on:is:2026-12-31"] }, newest);
  expect(rows).toMatchObject([{ email: "ana@example.com", custom: { plan: "Gold", renews_on: "2026-12-31" } }]);
  expect((await listLeads(ctx, { search: "leo@" }, newest)).rows[0]?.custom).toEqual({ plan: "Silver" });
});

test("one e-mail by API, import and form is one lead", async () => {
  const world = await importWorld();
  const fill = { email: "ana.banerjee@example.com", firstName: "Ana" };
  expect(await world.request("POST", "/leads", { body: fill })).toMatchObject({ status: 201 });
  const imported = await world.importFile('Email,Last name\n" Ana.Banerjee@Example.COM ",Banerjee\n');
  expect(imported).toMatchObject({ created: 0, updated: 1 });
  expect(
    await world.request("POST", "/leads/upsert", { body: { rows: [{ email: "ANA.BANERJEE@example.com" }] } }),
  ).toMatchObject({
    body: { data: [{ outcome: "unchanged" }] },
  });
  expect(await countRows(world.ctx, "leads")).toBe(1);
});

test("the proposal of a file is told again to whoever comes back, whatever mapping was set since", async () => {
  const { ctx, dataDir, upload } = await importWorld();
  const { importId } = await upload("Mail,Given name\nana@example.com,Ana\n");
  const first = await proposeImport(ctx, dataDir, importId);
  expect(first.columns).toMatchObject([
    { field: "email", samples: ["ana@example.com"] },
    { field: "firstName", samples: ["Ana"] },
  ]);
  const columns = first.columns.map(({ column, header }) => ({
    column,
    header,
    field: column === 0 ? ("email" as const) : ("ignore" as const),
  }));
  await setImportMapping(ctx, importId, { columns });
  expect(await proposeImport(ctx, dataDir, importId)).toEqual(first);
  await startImport(ctx, dataDir, importId);
  await expect(proposeImport(ctx, dataDir, importId)).rejects.toMatchObject({
    definition: { code: "import-not-in-state" },
  });
});

test("the preview says what the import then does, and writes nothing", async () => {
  const { ctx, dataDir, importFile, upload, drain, show } = await importWorld();
  await importFile("Email,Name\nana@example.com,Ana\n");
  const file =
    "ID,Email,Phone,Company\n1,ana@example.com,,Kestrel\n2,leo@example.com,212-555-0142,\n3,nonsense,,\n4,LEO@example.com,12345,Osprey\n5,ana@example.com,,\n";
  const { importId } = await upload(file);
  const leads = await countRows(ctx, "leads");
  const preview = await previewImport(ctx, dataDir, importId);
  expect(preview).toMatchObject([
    {
      line: 2,
      outcome: "update",
      lead: { name: "Ana" },
      changes: [{ field: "company", from: null, to: "Kestrel" }, { field: "externalId" }],
    },
    { line: 3, outcome: "create", lead: null },
    { line: 4, outcome: "faulty", faults: [{ column: "Email", value: "nonsense" }] },
    { line: 5, outcome: "update", sameAsLine: 3, faults: [{ column: "Phone", value: "12345" }] },
    { line: 6, outcome: "unchanged", lead: { name: "Ana" } },
  ]);
  expect(await countRows(ctx, "leads")).toBe(leads);
  await startImport(ctx, dataDir, importId);
  await drain();
  expect(await show(importId)).toMatchObject({ status: "COMPLETED", created: 1, updated: 2, unchanged: 1, faulty: 1 });
});

test("a mapping is changed, saved by name and put on the next file of the same kind", async () => {
  const { ctx, dataDir, upload, request } = await importWorld();
  const { importId } = await upload("Mail,Nick,Spare\na@example.com,Ana,x\n");
  await setImportMapping(ctx, importId, {
    columns: [
      { column: 0, header: "Mail", field: "email" },
      { column: 1, header: "Nick", field: "firstName" },
      { column: 2, header: "Spare", field: "ignore" },
    ],
    saveAs: "Newsletter",
  });
  const unusable = await request("PUT", `/imports/${importId}/mapping`, {
    body: { columns: [{ column: 2, header: "Spare", field: "company" }] },
  });
  expect(unusable).toMatchObject({ status: 422, body: { code: "mapping-unusable" } });
  const saved = z
    .object({ data: z.array(z.object({ id: z.string(), name: z.string() })) })
    .parse((await request("GET", "/import-mappings")).body);
  expect(saved.data).toMatchObject([{ name: "Newsletter" }]);
  const next = await upload("Nick,Mail,Other\nLeo,l@example.com,y\n");
  await setImportMapping(ctx, next.importId, { mappingId: saved.data[0]?.id });
  expect(await findImport(ctx, next.importId)).toMatchObject({
    status: "MAPPED",
    mapping: [{ field: "firstName" }, { field: "email" }, { field: "meta", metaKey: "other" }],
  });
  expect(await previewImport(ctx, dataDir, next.importId)).toMatchObject([{ outcome: "create" }]);
});

test("faulty rows are downloaded with their original columns, one line each", async () => {
  const { importFile, request } = await importWorld();
  const file =
    "ID,Email,Phone,Note\n1,nonsense,12,=1+1\n2,a@example.com,12345,\n3,b@example.com\n4,c@example.com,(212) 555-0142,fine\n5,d@example.com,(212) 555-0143,fine\n";
  const { importId, ...counts } = await importFile(file, "my leads.csv");
  expect(counts).toMatchObject({ created: 3, faulty: 2, rowsRead: 5 });
  const reply = await request("GET", `/imports/${importId}/faults.csv`);
  expect(reply.headers["content-disposition"]).toBe('attachment; filename="faults-my-leads.csv"');
  const lines = reply.text.replace("\uFEFF", "").trimEnd().split("\r\n");
  expect(lines[0]).toBe("ID,Email,Phone,Note,Line,Imported,Column,Value,Reason");
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(/^1,nonsense,12,'=1\+1,2,no,Email \| Phone,nonsense \| 12,/);
  expect(lines[2]).toMatch(/^2,a@example\.com,12345,,3,without this value,Phone,12345,/);
  expect(lines[3]).toMatch(/^3,b@example\.com,,,4,no,/);
});

test("a spreadsheet is refused with a sentence that says how to export CSV", async () => {
  const { ctx, upload } = await importWorld();
  const workbook = Buffer.concat([
    Buffer.from([0x50, 0x4b, 0x03, 0x04]),
    Buffer.from("[Content_Types].xml xl/workbook.xml"),
  ]);
  await expect(upload(workbook, "leads.xlsx")).rejects.toMatchObject({
    definition: { code: "file-unreadable" },
    detail: expect.stringContaining("Save As"),
  });
  await expect(upload(Array.from({ length: 501 }, (_, place) => `c${place}`).join(","))).rejects.toMatchObject({
    definition: { code: "import-too-many-columns" },
  });
  expect(await ctx.db.selectFrom("importJobs").select("id").execute()).toEqual([]);
});

test("a file is uploaded as multipart through the server, and its import is watched to its end", async () => {
  const world = await importWorld();
  const boundary = "----line";
  const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n`;
  const reply = await world.app.server.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: { cookie: await world.cookieOf("MEMBER"), "content-type": `multipart/form-data; boundary=${boundary}` },
    payload: `${part}${people(3)}\r\n--${boundary}--\r\n`,
  });
  expect(reply.statusCode, reply.body).toBe(201);
  const uploaded = z
    .object({ id: z.string(), columns: z.array(z.object({ field: z.string(), samples: z.array(z.string()) })) })
    .parse(reply.json());
  expect(uploaded.columns).toMatchObject([
    { field: "email", samples: ["p0@example.com", "p1@example.com", "p2@example.com"] },
    { field: "firstName" },
  ]);
  expect(await world.request("POST", `/imports/${uploaded.id}/start`, { as: "VIEWER" })).toMatchObject({ status: 403 });
  expect(await world.request("POST", `/imports/${uploaded.id}/start`)).toMatchObject({ body: { status: "RUNNING" } });
  await world.drain();
  expect(await world.request("GET", `/imports/${uploaded.id}`)).toMatchObject({
    body: { status: "COMPLETED", created: 3, rowsRead: 3, rowsTotal: 3, isCancelling: false },
  });
  expect(await world.request("POST", `/imports/${uploaded.id}/cancel`)).toMatchObject({
    status: 409,
    body: { code: "import-not-in-state" },
  });
  expect(await hasUpload(uploadPath(world.dataDir, `${uploaded.id}.csv`))).toBe(false);
});

test("cancelling stops behind a batch and says what was done", async () => {
  const { ctx, dataDir, runtime, upload, show } = await importWorld();
  const { importId } = await upload(people(2_500));
  await startImport(ctx, dataDir, importId);
  expect(await runImports(runtime)).toBe(true);
  await cancelImport(ctx, dataDir, importId);
  expect(await runImports(runtime)).toBe(false);
  expect(await show(importId)).toMatchObject({ status: "CANCELLED", created: 1_000, rowsRead: 1_000 });
  expect(await countRows(ctx, "leads")).toBe(1_000);
});

test("each batch is announced once, and the end with its counts", async () => {
  const { ctx, importFile } = await importWorld();
  await importFile(people(2_100));
  const events = await ctx.db
    .selectFrom("events")
    .select(["type", "payload"])
    .where("type", "like", "leads.import%")
    .orderBy("id")
    .execute();
  expect(events.map(({ payload }) => payload.rowsRead ?? payload.status)).toEqual([1_000, 2_000, 2_100, "COMPLETED"]);
});

test("two processes at one import apply every row once", async () => {
  const { ctx, dataDir, upload, show, app } = await importWorld();
  const { importId } = await upload(people(6_000));
  await startImport(ctx, dataDir, importId);
  await Promise.all([work(app, dataDir, "import"), work(app, dataDir, "import")]);
  expect(await show(importId)).toMatchObject({
    status: "COMPLETED",
    created: 6_000,
    updated: 0,
    unchanged: 0,
    faulty: 0,
    rowsRead: 6_000,
  });
});

test(
  "an import of 100,000 rows that is killed again and again applies every row exactly once",
  { timeout: 1100_000 },
  async () => {
    const { ctx, dataDir, upload, show, app } = await importWorld();
    const { importId } = await upload(people(100_000));
    await startImport(ctx, dataDir, importId);
    for (const kill of [1_000, 25_000, 50_000, 90_000]) {
      const child = spawn(process.execPath, commandLine(app, dataDir, "import"), { stdio: "ignore" });
      const gone = once(child, "exit");
      while (child.exitCode === null && (await show(importId)).rowsRead < kill) await rest(5);
      child.kill("SIGKILL");
      await gone;
      // One that ended by itself killed nothing, and must not be waited for.
      expect(child.signalCode).toBe("SIGKILL");
    }
    await work(app, dataDir, "import");
    expect(await show(importId)).toMatchObject({
      status: "COMPLETED",
      created: 100_000,
      updated: 0,
      unchanged: 0,
      faulty: 0,
      rowsRead: 100_000,
    });
    expect(await countRows(ctx, "leads")).toBe(100_000);
    const created = await ctx.db
      .selectFrom("events")
      .select("leadId")
      .distinct()
      .where("type", "=", "leads.lead-created")
      .execute();
    expect(created).toHaveLength(100_000);
  },
);

test("forty creates of one e-mail in two processes make one lead", async () => {
  const { ctx, dataDir, app } = await importWorld();
  const outputs = await Promise.all([
    work(app, dataDir, "create", ctx.workspace),
    work(app, dataDir, "create", ctx.workspace),
  ]);
  const made = outputs.flatMap((output) =>
    z.array(z.object({ leadId: z.string(), created: z.boolean() })).parse(JSON.parse(output)),
  );
  expect(made).toHaveLength(40);
  expect(new Set(made.map(({ leadId }) => leadId)).size).toBe(1);
  expect(made.filter(({ created }) => created)).toHaveLength(1);
  expect(await countRows(ctx, "leads")).toBe(1);
});

test("a STOP outlives the lead and its import again", async () => {
  const { ctx, importFile } = await importWorld();
  const file = "Phone,Name\n(212) 555-0142,Ana\n";
  await importFile(file);
  const value = "+12125550142";
  await suppress(ctx, { kind: "PHONE", value, reason: "STOP_REPLY", evidence: "STOP" });
  const [leadId = ""] = await findLeadsByAddress(ctx, "PHONE", value);
  await deleteLead(ctx, leadId);
  expect(await importFile(file)).toMatchObject({ created: 1 });
  expect(await findLeadsByAddress(ctx, "PHONE", value)).toHaveLength(1);
  expect(await findActiveSuppressions(ctx, [{ kind: "PHONE", value }])).toMatchObject([
    { reason: "STOP_REPLY", scope: "ALL" },
  ]);
});

type App = Awaited<ReturnType<typeof importWorld>>["app"];

const commandLine = (app: App, dataDir: string, what: "import" | "create", workspace = "") => [
  join(import.meta.dirname, "test-process.ts"),
  String(app.ownerPool.options.connectionString),
  dataDir,
  workspace,
  what,
];

async function work(app: App, dataDir: string, what: "import" | "create", workspace = ""): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, commandLine(app, dataDir, what, workspace));
  return stdout;
}
