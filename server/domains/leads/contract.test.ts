import { expect, test } from "vitest";
import { z } from "zod";
import { leadsWorld } from "./test-leads.ts";

type Body = Record<string, unknown>;
const asBody = (value: unknown): Body => z.record(z.string(), z.unknown()).parse(value);
const dataOf = (value: unknown) => z.object({ data: z.array(z.record(z.string(), z.unknown())) }).parse(value).data;

test("the first of forty requests with one e-mail makes the lead, the others find it", async () => {
  const world = await leadsWorld();
  const body = { email: "ana@example.com", firstName: "Ana" };
  const replies = await Promise.all(Array.from({ length: 40 }, () => world.request("POST", "/leads", { body })));
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(39);
  expect(new Set(replies.map((reply) => asBody(reply.body).id)).size).toBe(1);
});

test("a lead that is added shows its addresses, and every fault at once when there are some", async () => {
  const world = await leadsWorld();
  const reply = await world.request("POST", "/leads", {
    body: {
      fullName: "Jo de la Cruz",
      emails: ["jo@example.com", "JO.work@example.com"],
      phone: "212-555-0142",
      tags: ["VIP"],
    },
  });
  expect(reply).toMatchObject({
    status: 201,
    body: {
      firstName: "Jo",
      lastName: "de la Cruz",
      email: "jo@example.com",
      phone: "+12125550142",
      source: "MANUAL",
      tags: [{ name: "VIP" }],
      identities: [
        { kind: "EMAIL", value: "jo@example.com", isPrimary: true },
        { kind: "EMAIL", value: "jo.work@example.com", isPrimary: false },
        { kind: "PHONE", value: "+12125550142", isPrimary: true },
      ],
    },
  });
  const refused = await world.request("POST", "/leads", {
    body: { email: "no address", phone: "12", country: "Narnia" },
  });
  expect(refused).toMatchObject({ status: 422, body: { code: "invalid-request" } });
  expect(asBody(refused.body).errors).toMatchObject([
    { pointer: "/country" },
    { pointer: "/email" },
    { pointer: "/phone" },
  ]);
  expect(await world.request("POST", "/leads", { body: {} })).toMatchObject({ status: 422 });
});

test("up to a thousand rows are taken in at once, each with its own outcome", async () => {
  const world = await leadsWorld();
  const rows = [
    { email: "a@example.com", externalId: "1" },
    { email: "b@example.com", phone: "nonsense" },
    { email: "nonsense" },
    { firstName: "Ana", email: "A@example.com" },
    { externalId: "1", email: "b@example.com" },
  ];
  const reply = await world.request("POST", "/leads/upsert", { body: { rows } });
  expect(reply.status).toBe(200);
  expect(dataOf(reply.body)).toMatchObject([
    { outcome: "created", faults: [] },
    { outcome: "created", faults: [{ field: "phone", value: "nonsense" }] },
    { outcome: "faulty", leadId: null, faults: [{ field: "email" }] },
    { outcome: "updated", changed: ["firstName"] },
    { outcome: "conflict" },
  ]);
  expect(
    await world.request("POST", "/leads/upsert", {
      body: { rows: Array.from({ length: 1_001 }, () => ({ email: "x@example.com" })) },
    }),
  ).toMatchObject({ status: 422 });
});

test("a lead is changed field by field, by any status, and one address does not become two leads'", async () => {
  const world = await leadsWorld();
  const made = async (body: Body) => String(asBody((await world.request("POST", "/leads", { body })).body).id);
  const a = await made({ email: "a@example.com", phone: "+12125550142", firstName: "Ana" });
  const b = await made({ email: "b@example.com" });
  const changed = await world.request("PATCH", `/leads/${a}`, {
    body: { status: "CONVERTED", email: "new@example.com", company: "Kestrel", phone: null, meta: { goal: "reach" } },
  });
  expect(changed).toMatchObject({
    status: 200,
    body: { status: "CONVERTED", email: "new@example.com", phone: null, company: "Kestrel", meta: { goal: "reach" } },
  });
  expect(await world.request("PATCH", `/leads/${a}`, { body: { email: "B@example.com" } })).toMatchObject({
    status: 409,
    body: { code: "lead-address-taken", errors: [{ pointer: "/email" }] },
  });
  expect(
    await world.request("PATCH", `/leads/${b}`, { body: { status: "NEW", email: "a@example.com" } }),
  ).toMatchObject({ status: 200 });
  expect(await world.request("PATCH", `/leads/${b}`, { body: { email: "not one" } })).toMatchObject({ status: 422 });
  const timeline = dataOf((await world.request("GET", `/leads/${a}/timeline`)).body);
  expect(new Set(timeline.map(({ type }) => type))).toEqual(
    new Set(["leads.lead-created", "leads.lead-updated", "leads.status-changed"]),
  );
});

test("deleting says before what goes, takes it, and leaves the suppression", async () => {
  const world = await leadsWorld();
  const id = String(
    asBody((await world.request("POST", "/leads", { body: { phone: "+12125550142", tags: ["a", "b"] } })).body).id,
  );
  await world.request("POST", "/suppressions", {
    body: { kind: "PHONE", address: "(212) 555-0142", evidence: "asked by phone" },
  });
  const expected = {
    deleted: { identities: 1, tags: 2, messages: 0 },
    kept: { suppressions: 1, conversions: 0, submissions: 0 },
  };
  expect(await world.request("GET", `/leads/${id}/deletion`)).toMatchObject({ status: 200, body: expected });
  expect(await world.request("DELETE", `/leads/${id}`, { as: "MEMBER" })).toMatchObject({ status: 403 });
  expect(await world.request("DELETE", `/leads/${id}`)).toMatchObject({ status: 200, body: expected });
  expect(await world.request("GET", `/leads/${id}`)).toMatchObject({ status: 404, body: { code: "lead-not-found" } });
  expect(dataOf((await world.request("GET", "/suppressions?active=true")).body)).toMatchObject([
    { value: "+12125550142", reason: "MANUAL", scope: "ALL", evidence: "asked by phone" },
  ]);
});

test("lifting a suppression takes a reason and can be done once", async () => {
  const world = await leadsWorld();
  await world.request("POST", "/suppressions", { body: { kind: "EMAIL", address: "Ana@Example.com", scope: "EMAIL" } });
  expect(
    await world.request("POST", "/suppressions", { body: { kind: "EMAIL", address: "ana@example.com", scope: "SMS" } }),
  ).toMatchObject({ status: 422 });
  const [row] = dataOf((await world.request("GET", "/suppressions?search=ana")).body);
  const path = `/suppressions/${String(row?.id)}/lift`;
  expect(await world.request("POST", path, { body: { reason: "" } })).toMatchObject({ status: 422 });
  expect(await world.request("POST", path, { body: { reason: "She wrote again" } })).toMatchObject({ status: 204 });
  expect(await world.request("POST", path, { body: { reason: "She wrote again" } })).toMatchObject({ status: 409 });
  expect(dataOf((await world.request("GET", "/suppressions?active=false")).body)).toMatchObject([
    { liftReason: "She wrote again" },
  ]);
});

test("tags are made once whatever their case, renamed and deleted everywhere, and found by the search", async () => {
  const world = await leadsWorld();
  const id = String(asBody((await world.request("POST", "/leads", { body: { email: "a@example.com" } })).body).id);
  expect(await world.request("POST", "/tags", { body: { name: "VIP" } })).toMatchObject({ status: 201 });
  expect(await world.request("POST", "/tags", { body: { name: "vip" } })).toMatchObject({ status: 409 });
  const tagged = await world.request("POST", `/leads/${id}/tags`, { body: { names: ["vip", "Trade fair"] } });
  expect(tagged).toMatchObject({ status: 200, body: { tags: [{ name: "Trade fair" }, { name: "VIP" }] } });
  const tags = dataOf((await world.request("GET", "/tags")).body);
  expect(tags).toMatchObject([
    { name: "Trade fair", leads: 1 },
    { name: "VIP", leads: 1 },
  ]);
  const fair = String(tags[0]?.id);
  await world.request("PATCH", `/tags/${fair}`, { body: { name: "Expo" } });
  await world.drain();
  expect(dataOf((await world.request("GET", "/leads?search=expo")).body)).toHaveLength(1);
  expect(
    dataOf((await world.request("GET", `/leads?tagsAll=${fair}&tagsNone=${String(tags[1]?.id)}`)).body),
  ).toHaveLength(0);
  await world.request("DELETE", `/tags/${fair}`);
  await world.drain();
  expect(dataOf((await world.request("GET", "/leads?search=expo")).body)).toHaveLength(0);
  expect(await world.request("DELETE", `/leads/${id}/tags/${String(tags[1]?.id)}`)).toMatchObject({
    body: { tags: [] },
  });
});

test("a proposal is shown with both leads and dismissed for good", async () => {
  const world = await leadsWorld();
  const phone = "+12125550142";
  await world.request("POST", "/leads", { body: { email: "a@example.com", phone } });
  const b = String(
    asBody((await world.request("POST", "/leads", { body: { email: "b@example.com", phone } })).body).id,
  );
  expect(await world.request("GET", `/leads/${b}`)).toMatchObject({ body: { openProposals: 1 } });
  const [proposal] = dataOf((await world.request("GET", `/merge-proposals?leadId=${b}`)).body);
  expect(proposal).toMatchObject({
    lead: { email: "a@example.com" },
    otherLead: { email: "b@example.com" },
    value: phone,
  });
  const path = `/merge-proposals/${String(proposal?.id)}/dismiss`;
  expect(await world.request("POST", path)).toMatchObject({ status: 204 });
  expect(await world.request("POST", path)).toMatchObject({ status: 404 });
  expect(dataOf((await world.request("GET", "/merge-proposals")).body)).toEqual([]);
});

test("the list pages through every lead once in each order, and a filter in the address reads as one in a body", async () => {
  const world = await leadsWorld();
  const rows = Array.from({ length: 25 }, (_, place) => ({
    email: `p${place}@example.com`,
    firstName: ["Ana", "Leo", "Bea"][place % 3],
    status: place % 5 === 0 ? "LOST" : "NEW",
    country: place % 2 === 0 ? "PT" : "US",
  }));
  await world.request("POST", "/leads/upsert", { body: { rows } });
  for (const sort of ["createdAt", "updatedAt", "name"]) {
    for (const order of ["asc", "desc"]) {
      const seen: unknown[] = [];
      let cursor = "";
      do {
        const reply = await world.request("GET", `/leads?limit=7&sort=${sort}&order=${order}${cursor}`);
        const page = z.object({ next_cursor: z.string().nullable() }).parse(reply.body);
        seen.push(...dataOf(reply.body).map(({ id }) => id));
        cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : "";
      } while (cursor);
      expect(new Set(seen).size).toBe(25);
      expect(seen).toHaveLength(25);
    }
  }
  const find = async (query: string) => dataOf((await world.request("GET", `/leads?limit=100&${query}`)).body).length;
  expect(await find("status=LOST")).toBe(5);
  expect(await find("status=LOST&status=NEW")).toBe(25);
  expect(await find("status[]=LOST&country=PT")).toBe(3);
  expect(await find("hasPhone=true")).toBe(0);
  expect(await find("hasPhone=false&country=PT&country=US")).toBe(25);
  expect(await find("search=Bea")).toBe(8);
  expect(await world.request("GET", "/leads/count?status=LOST")).toMatchObject({
    body: { count: 5, isEstimate: false },
  });
  expect(await world.request("GET", "/leads?status=WON")).toMatchObject({ status: 422 });
  expect(await world.request("GET", "/leads?cursor=bm9wZQ")).toMatchObject({ status: 422 });
});

test("an exported cell that a spreadsheet would run opens as text", async () => {
  const world = await leadsWorld();
  await world.request("POST", "/leads", {
    body: { email: "a@example.com", firstName: "=1+1", company: "@sum", notes: "-2\nmore" },
  });
  const reply = await world.request("GET", "/leads.csv?hasEmail=true");
  expect(reply.headers["content-type"]).toContain("text/csv");
  const [header, line] = reply.text.split("\r\n");
  expect(header).toContain("id,externalId,firstName");
  expect(line).toContain(",'=1+1,");
  expect(reply.text).toContain("'@sum");
  expect(reply.text).toContain('"\'-2\nmore"');
});

test("a bulk change reaches the leads of a filter, at once or as a job, and tells how many it changed", async () => {
  const world = await leadsWorld();
  for (let from = 0; from < 2_100; from += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, 2_100 - from) }, (_, place) => ({
      email: `p${from + place}@example.com`,
    }));
    await world.request("POST", "/leads/upsert", { body: { rows } });
  }
  const [first] = dataOf((await world.request("GET", "/leads?limit=1")).body);
  const one = await world.request("POST", "/leads/bulk", {
    body: { leadIds: [first?.id], status: "LOST", addTags: ["gone"] },
  });
  expect(one).toMatchObject({ status: 200, body: { changed: 1, done: true } });
  const all = await world.request("POST", "/leads/bulk", {
    body: { filter: { status: ["NEW"] }, status: "CONTACTED", removeTags: ["gone"] },
  });
  expect(all).toMatchObject({ status: 200, body: { changed: 0, done: false } });
  await world.drain();
  expect(await world.request("GET", "/leads/count?status=CONTACTED")).toMatchObject({ body: { count: 2_099 } });
  expect(dataOf((await world.request("GET", "/tags")).body)).toMatchObject([{ name: "gone", leads: 1 }]);
  expect(await world.request("POST", "/leads/bulk", { body: { filter: {} } })).toMatchObject({ status: 422 });
});

test("a search bears slips of the finger in names, and any part of a phone number", async () => {
  const world = await leadsWorld();
  await world.request("POST", "/leads", {
    body: { firstName: "Fatima", lastName: "Okafor", phone: "+44 20 7946 0234" },
  });
  await world.request("POST", "/leads", {
    body: { firstName: "Søren", lastName: "Jørgensen", company: "Kestrel Fit, LLC" },
  });
  const find = async (search: string) => {
    const reply = await world.request("GET", `/leads?search=${encodeURIComponent(search)}`);
    return { names: dataOf(reply.body).map(({ lastName }) => lastName), similar: asBody(reply.body).similar };
  };
  expect(await find("okafor fat")).toEqual({ names: ["Okafor"], similar: false });
  expect(await find("okafro")).toEqual({ names: ["Okafor"], similar: true });
  expect(await find("946-02")).toEqual({ names: ["Okafor"], similar: false });
  expect(await find("020 7946 0234")).toEqual({ names: ["Okafor"], similar: false });
  expect(await find("JORGENSEN soren")).toEqual({ names: ["Jørgensen"], similar: false });
  expect(await find("ll")).toEqual({ names: ["Jørgensen"], similar: false });
  expect(await find("100%_")).toEqual({ names: [], similar: false });
});

test("odd cursors and dates are refused or answered, and never a fault of ours", async () => {
  const world = await leadsWorld();
  const { status, body } = await world.request("POST", "/leads", { body: { email: "a@example.com" } });
  expect(status).toBe(201);
  const id = String(asBody(body).id);
  const cursors = [
    ["\0", id],
    [0, "\0"],
    [1e300, id],
    [-1e15, id],
    [null, id],
    ["x", id],
    [0.5, id],
    [2 ** 40, id],
  ];
  const lists = [
    "/leads?sort=name",
    "/leads?sort=updatedAt",
    "/leads?search=a",
    `/leads/${id}/timeline?`,
    "/suppressions?",
    "/merge-proposals?",
    "/imports?",
  ];
  for (const cursor of cursors) {
    const text = Buffer.from(JSON.stringify(cursor)).toString("base64url");
    for (const list of lists) {
      expect([200, 422], `${list} ${JSON.stringify(cursor)}`).toContain(
        (await world.request("GET", `${list}&cursor=${text}`)).status,
      );
    }
  }
  for (const date of [
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59+23:59",
    "2026-01-01T00:00:00-23:59",
    "2026-02-30T00:00:00Z",
    "x",
  ]) {
    const reply = await world.request("GET", `/leads?createdFrom=${encodeURIComponent(date)}`);
    expect([200, 422], date).toContain(reply.status);
  }
  for (const search of ["\\", "%", "_", "'", "a".repeat(200), "\\\\".repeat(50), "😀", "‮", "12345678901234%\\"]) {
    expect((await world.request("GET", `/leads?search=${encodeURIComponent(search)}`)).status, search).toBe(200);
  }
});
