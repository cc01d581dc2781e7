import { expect, test } from "vitest";
import { listIdentities } from "../queries/lead-page.ts";
import { findLead } from "../queries/leads.ts";
import { listProposals } from "../queries/proposals.ts";
import { countRows, leadsWorld, rowOf } from "../test-leads.ts";
import { upsertLeads } from "./upsert-leads.ts";

const fill = { policy: "fill" } as const;

test("one e-mail address written in two ways is one lead", async () => {
  const { ctx } = await leadsWorld();
  const [first] = await upsertLeads(ctx, [rowOf({ email: " Ana.Banerjee@Example.COM ", firstName: "Ana" })], fill);
  const [second] = await upsertLeads(ctx, [rowOf({ email: "ana.banerjee@example.com", lastName: "Banerjee" })], fill);
  expect(first).toMatchObject({ kind: "created" });
  expect(second).toMatchObject({ kind: "updated", leadId: first?.leadId });
  expect(await countRows(ctx, "leads")).toBe(1);
  expect(await findLead(ctx, first?.leadId ?? "")).toMatchObject({
    firstName: "Ana",
    lastName: "Banerjee",
    email: "ana.banerjee@example.com",
    meta: { raw: { email: " Ana.Banerjee@Example.COM " } },
  });
});

test("one phone number written in three ways is one identity", async () => {
  const { ctx } = await leadsWorld();
  const rows = ["(212) 555-0142", "1-212-555-0142", "p:+12125550142"].map((phone) => rowOf({ phone, country: "US" }));
  const outcomes = await upsertLeads(ctx, rows, fill);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["created", "unchanged", "unchanged"]);
  const identities = await listIdentities(ctx, outcomes[0]?.leadId ?? "");
  expect(identities).toMatchObject([{ kind: "PHONE", value: "+12125550142", isPrimary: true }]);
});

test("a row with one lead's e-mail and another's phone updates the first and proposes to merge them", async () => {
  const { ctx } = await leadsWorld();
  const [a, b] = await upsertLeads(
    ctx,
    [rowOf({ email: "a@example.com" }), rowOf({ email: "b@example.com", phone: "+12125550142" })],
    fill,
  );
  const [row] = await upsertLeads(ctx, [rowOf({ email: "a@example.com", phone: "+12125550142" })], fill);
  expect(row).toMatchObject({ kind: "updated", leadId: a?.leadId });
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({ phone: "+12125550142" });
  expect(await findLead(ctx, b?.leadId ?? "")).toMatchObject({ email: "b@example.com", phone: "+12125550142" });
  const proposals = await listProposals(ctx, { status: "OPEN", limit: 10 });
  expect(proposals).toMatchObject([{ kind: "PHONE", lead: { id: a?.leadId }, otherLead: { id: b?.leadId } }]);
});

test("another e-mail with the phone of a lead is a second lead, and a proposal", async () => {
  const { ctx } = await leadsWorld();
  const [a] = await upsertLeads(ctx, [rowOf({ email: "a@example.com", phone: "+12125550142" })], fill);
  const [other] = await upsertLeads(ctx, [rowOf({ email: "other@example.com", phone: "+12125550142" })], fill);
  expect(other).toMatchObject({ kind: "created", proposals: [{ kind: "PHONE", leadId: a?.leadId }] });
  expect(await countRows(ctx, "leads")).toBe(2);
  expect(await countRows(ctx, "mergeProposals")).toBe(1);
});

test("a phone alone finds the one lead that has it, and nobody once two have it", async () => {
  const { ctx } = await leadsWorld();
  const phone = "+12125550142";
  const [a] = await upsertLeads(ctx, [rowOf({ phone, firstName: "Ana" })], fill);
  const [again] = await upsertLeads(ctx, [rowOf({ phone, lastName: "Banerjee" })], fill);
  expect(again).toMatchObject({ kind: "updated", leadId: a?.leadId });
  const [withEmail] = await upsertLeads(ctx, [rowOf({ phone, email: "ana@example.com" })], fill);
  expect(withEmail).toMatchObject({ kind: "updated", leadId: a?.leadId });
  const [second] = await upsertLeads(ctx, [rowOf({ phone, email: "front.desk@example.com" })], fill);
  expect(second?.kind).toBe("created");
  const [third] = await upsertLeads(ctx, [rowOf({ phone, firstName: "Somebody" })], fill);
  expect(third?.kind).toBe("created");
});

test("an ID and an e-mail of two leads are a conflict that changes nothing", async () => {
  const { ctx } = await leadsWorld();
  const [a, b] = await upsertLeads(
    ctx,
    [rowOf({ externalId: "7", email: "a@example.com" }), rowOf({ email: "b@example.com" })],
    fill,
  );
  const before = await findLead(ctx, a?.leadId ?? "");
  const [row] = await upsertLeads(ctx, [rowOf({ externalId: "7", email: "b@example.com", company: "Kestrel" })], fill);
  expect(row).toEqual({ kind: "conflict", leadId: a?.leadId, otherLeadId: b?.leadId, email: "b@example.com" });
  expect(await findLead(ctx, a?.leadId ?? "")).toEqual(before);
  expect(await countRows(ctx, "mergeProposals")).toBe(0);
});

test("the same ID of two sources is two leads", async () => {
  const { ctx } = await leadsWorld();
  const [api, meta] = await upsertLeads(
    ctx,
    [rowOf({ externalId: "7", firstName: "Ana" }), rowOf({ externalId: "7", firstName: "Leo" }, { source: "META" })],
    fill,
  );
  expect(api?.leadId).not.toBe(meta?.leadId);
});

test("the LinkedIn page of another lead is not taken away but proposed", async () => {
  const { ctx } = await leadsWorld();
  const [a, b] = await upsertLeads(
    ctx,
    [rowOf({ email: "a@example.com" }), rowOf({ linkedin: "linkedin.com/in/bea", firstName: "Bea" })],
    fill,
  );
  await upsertLeads(ctx, [rowOf({ email: "a@example.com", linkedin: "https://www.linkedin.com/in/Bea/" })], fill);
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({ linkedin: null });
  expect(await listProposals(ctx, { status: "OPEN", limit: 10 })).toMatchObject([
    { kind: "LINKEDIN", lead: { id: a?.leadId }, otherLead: { id: b?.leadId } },
  ]);
});

test("filling touches blanks alone, overwriting the fields that are named", async () => {
  const { ctx } = await leadsWorld();
  const email = "a@example.com";
  const [a] = await upsertLeads(
    ctx,
    [rowOf({ email, company: "Kestrel", tags: ["hot"], meta: { goal: "reach" } })],
    fill,
  );
  const row = rowOf({
    email,
    company: "Osprey",
    jobTitle: "Founder",
    status: "LOST",
    tags: ["HOT", "new"],
    meta: { goal: "x", form: "y" },
  });
  await upsertLeads(ctx, [row], fill);
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({
    company: "Kestrel",
    jobTitle: "Founder",
    status: "NEW",
    tags: [{ name: "hot" }, { name: "new" }],
    meta: { goal: "reach", form: "y" },
  });
  const [overwritten] = await upsertLeads(ctx, [row], { policy: "overwrite", overwriteFields: ["company", "status"] });
  expect(overwritten).toMatchObject({ kind: "updated" });
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({
    company: "Osprey",
    status: "LOST",
    meta: { goal: "reach" },
  });
});

test("overwriting the e-mail makes the new one primary and keeps the old", async () => {
  const { ctx } = await leadsWorld();
  const [a] = await upsertLeads(ctx, [rowOf({ externalId: "7", email: "old@example.com" })], fill);
  await upsertLeads(ctx, [rowOf({ externalId: "7", email: "new@example.com" })], {
    policy: "overwrite",
    overwriteFields: ["email"],
  });
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({ email: "new@example.com" });
  expect(await listIdentities(ctx, a?.leadId ?? "")).toMatchObject([
    { value: "new@example.com", isPrimary: true },
    { value: "old@example.com", isPrimary: false },
  ]);
});

test("one person's given name is not joined to another's family name", async () => {
  const { ctx } = await leadsWorld();
  const [a] = await upsertLeads(ctx, [rowOf({ email: "family@example.com", firstName: "Ana" })], fill);
  await upsertLeads(ctx, [rowOf({ email: "family@example.com", firstName: "Leo", lastName: "Silva" })], fill);
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({ firstName: "Ana", lastName: "" });
  await upsertLeads(ctx, [rowOf({ email: "family@example.com", fullName: "Ana Banerjee" })], fill);
  expect(await findLead(ctx, a?.leadId ?? "")).toMatchObject({ firstName: "Ana", lastName: "Banerjee" });
});

test("the time zone follows the phone until somebody says it", async () => {
  const { ctx } = await leadsWorld();
  const email = "a@example.com";
  const [a] = await upsertLeads(ctx, [rowOf({ email })], fill);
  const zone = async () => {
    const lead = await findLead(ctx, a?.leadId ?? "");
    return [lead?.timeZone, lead?.timeZoneSource];
  };
  expect(await zone()).toEqual(["America/New_York", "workspace"]);
  await upsertLeads(ctx, [rowOf({ email, country: "Portugal" })], fill);
  expect(await zone()).toEqual(["Europe/Lisbon", "country"]);
  await upsertLeads(ctx, [rowOf({ email, phone: "+1 512 555 0138" })], fill);
  expect(await zone()).toEqual(["America/Chicago", "phone"]);
  await upsertLeads(ctx, [rowOf({ email, timeZone: "Asia/Tokyo" })], fill);
  expect(await zone()).toEqual(["Asia/Tokyo", "explicit"]);
  await upsertLeads(ctx, [rowOf({ email, timeZone: "Europe/Paris", region: "Texas" })], fill);
  expect(await zone()).toEqual(["Asia/Tokyo", "explicit"]);
});

test("rows of one person in a batch fold into one lead, and the batch again changes nothing", async () => {
  const { ctx } = await leadsWorld();
  const rows = [
    rowOf({ email: "ana@example.com", firstName: "Ana" }),
    rowOf({ phone: "+12125550142", email: "ANA@example.com", lastName: "Banerjee" }),
    rowOf({ linkedin: "in/ana-b", email: "ana@example.com", tags: ["vip"] }),
    rowOf({ phone: "+13055550121" }),
    rowOf({ linkedin: "in/ana-b", company: "Kestrel" }),
  ];
  const outcomes = await upsertLeads(ctx, rows, fill);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["created", "updated", "updated", "created", "updated"]);
  expect(new Set(outcomes.map(({ leadId }) => leadId)).size).toBe(2);
  const events = await countRows(ctx, "events");
  const again = await upsertLeads(ctx, rows, fill);
  expect(again.map(({ kind }) => kind)).toEqual(rows.map(() => "unchanged"));
  expect(await countRows(ctx, "leads")).toBe(2);
  expect(await countRows(ctx, "events")).toBe(events);
});

test("a created lead is announced once with its source, a changed one with its fields", async () => {
  const { ctx } = await leadsWorld();
  const email = "ana@example.com";
  const [a] = await upsertLeads(
    ctx,
    [rowOf({ email, sourceLabel: "Landing page" }), rowOf({ email, company: "Kestrel" })],
    fill,
  );
  await upsertLeads(ctx, [rowOf({ email, status: "LOST", jobTitle: "Founder" })], { policy: "overwrite" });
  const events = await ctx.db
    .selectFrom("events")
    .select(["type", "leadId", "payload"])
    .where("type", "like", "leads.%")
    .orderBy("id")
    .execute();
  expect(events).toEqual([
    {
      type: "leads.lead-created",
      leadId: a?.leadId,
      payload: { leadId: a?.leadId, source: "API", sourceLabel: "Landing page", importJobId: null },
    },
    {
      type: "leads.lead-updated",
      leadId: a?.leadId,
      payload: { leadId: a?.leadId, changed: ["jobTitle", "status"], importJobId: null },
    },
    {
      type: "leads.status-changed",
      leadId: a?.leadId,
      payload: { leadId: a?.leadId, from: "NEW", to: "LOST", by: "upsert" },
    },
  ]);
});

test("an outer transaction that fails takes leads, addresses and events with it", async () => {
  const { ctx } = await leadsWorld();
  const before = await countRows(ctx, "events");
  await expect(
    ctx.db.transaction().execute(async (db) => {
      await upsertLeads({ ...ctx, db }, [rowOf({ email: "ana@example.com" })], fill);
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect([await countRows(ctx, "leads"), await countRows(ctx, "leadIdentities")]).toEqual([0, 0]);
  expect(await countRows(ctx, "events")).toBe(before);
});

test("a batch of a thousand rows takes as many statements as one of ten", async () => {
  const { ctx, runtime } = await leadsWorld();
  const statements = async (count: number, offset: number) => {
    let seen = 0;
    const db = runtime.database.forWorkspace(ctx.workspace).withPlugin({
      transformQuery: ({ node }) => {
        seen++;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const rows = Array.from({ length: count }, (_, place) =>
      rowOf({
        email: `p${offset + place}@example.com`,
        phone: `+1212${5_550_000 + offset + place}`,
        firstName: "Ana",
        tags: ["vip"],
      }),
    );
    await upsertLeads({ ...ctx, db }, rows, fill);
    return seen;
  };
  const few = await statements(10, 0);
  expect(await statements(1_000, 5_000)).toBeLessThanOrEqual(few);
  expect(few).toBeLessThan(25);
});

test("forty upserts at once of one new person make one lead, by e-mail and by phone alone", async () => {
  const { ctx } = await leadsWorld();
  for (const row of [rowOf({ email: "ana@example.com" }), rowOf({ phone: "+12125550142" })]) {
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => upsertLeads(ctx, [row], fill)));
    const ids = new Set(outcomes.flat().map(({ leadId }) => leadId));
    expect(ids.size).toBe(1);
    expect(outcomes.flat().filter(({ kind }) => kind === "created")).toHaveLength(1);
  }
  expect(await countRows(ctx, "leads")).toBe(2);
});

test("large batches and single rows of the same people at once make each person once", async () => {
  const { ctx } = await leadsWorld();
  const people = Array.from({ length: 120 }, (_, place) => rowOf({ phone: `+1212555${String(1000 + place)}` }));
  const singles = people.slice(0, 20).map((row) => upsertLeads(ctx, [row], fill));
  await Promise.all([upsertLeads(ctx, people, fill), upsertLeads(ctx, people.toReversed(), fill), ...singles]);
  expect(await countRows(ctx, "leads")).toBe(120);
  expect(await countRows(ctx, "leadIdentities")).toBe(120);
});
