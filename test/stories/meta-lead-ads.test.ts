import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { deleteLead } from "#domains/leads/commands/delete-lead.ts";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { elapsed } from "#platform/clock.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { signMetaWebhook } from "#providers/leads/port.ts";
import { portOf } from "#providers/test-stub.ts";
import { enrollmentsOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { until } from "#test/vendors.ts";
import { type World, testWorld } from "#test/world.ts";

const APP_SECRET = "the-app-secret";
type Lead = Record<string, unknown>;
type Played = Lead | { status: number; body?: unknown };

/** Meta on the loopback interface, connected to the world: what it answers for each lead, and how often it was asked. */
async function withMeta(world: World, leads: Record<string, Played>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const id = new URL(request.url ?? "/", "http://localhost").pathname.split("/").at(-1) ?? "";
    asked.push(id);
    const played = leads[id] ?? { status: 400, body: { error: { code: 100, message: "does not exist" } } };
    const [status, body] =
      typeof played.status === "number" && !("field_data" in played) ? [played.status, played.body] : [200, played];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await connectIntegration(world.runtime, world.ctx, {
    provider: "meta-leads",
    credentials: {
      appSecret: APP_SECRET,
      verifyToken: "a-word-of-ours",
      pageAccessToken: "page-token",
      baseUrl: `http://127.0.0.1:${portOf(server)}`,
    },
  });
  return { asked, leads };
}

const fieldData = (answers: Record<string, string>) =>
  Object.entries(answers).map(([name, value]) => ({ name, values: [value] }));
const leadOf = (id: string, answers: Record<string, string>): Lead => ({
  id,
  created_time: "2026-03-02T11:59:30+0000",
  ad_id: "31",
  adset_id: "32",
  campaign_id: "33",
  form_id: "55",
  field_data: fieldData(answers),
});

const bodyOf = (...ids: string[]) =>
  JSON.stringify({
    object: "page",
    entry: ids.map((id) => ({
      id: "22",
      time: 1_772_452_770,
      changes: [
        { field: "leadgen", value: { leadgen_id: id, page_id: "22", form_id: "55", created_time: 1_772_452_770 } },
      ],
    })),
  });
const post = (world: World, body: string, secret = APP_SECRET) =>
  world.app.server.inject({
    method: "POST",
    url: `/webhooks/${world.workspace}/meta-leads`,
    headers: { "content-type": "application/json", "x-hub-signature-256": signMetaWebhook(secret, body) },
    payload: body,
  });

const submissions = (world: World) =>
  world.ctx.db
    .selectFrom("leadSubmissions")
    .select(["externalId", "status", "detail", "tries", "leadId"])
    .orderBy("externalId")
    .execute();
const leadsOf = (world: World) =>
  world.ctx.db
    .selectFrom("leads")
    .select([
      "fullName",
      "email",
      "phone",
      "source",
      "sourceLabel",
      "externalId",
      "company",
      "region",
      "country",
      "timeZone",
      "timeZoneSource",
      "meta",
    ])
    .orderBy("email")
    .execute();

test("several leads of one webhook are fetched and taken in with source META, the ids of their advertisement, and the form's name as label", async () => {
  const world = await testWorld();
  const meta = await withMeta(world, {
    "901": leadOf("901", {
      full_name: "Ana Banerjee",
      email: " Ana.Banerjee@Example.COM ",
      phone_number: "p:+12125550142",
      company_name: "Harbour Kites",
      state: "CA",
      country: "US",
      "how_many_kites?": "Two",
    }),
    // The flat shape.
    "902": {
      id: "902",
      created_time: "2026-03-02T11:59:30+0000",
      form_id: "55",
      email: "leo@example.com",
      first_name: "Leo",
    },
    "55": { id: "55", name: "Spring form", status: 200, field_data: [] },
  });
  expect((await post(world, bodyOf("901", "902"))).statusCode).toBe(200);
  await world.drain();
  // A repeat is harmless, and asks for nothing.
  expect((await post(world, bodyOf("901", "902"))).statusCode).toBe(200);
  await world.drain();

  expect(await leadsOf(world)).toMatchObject([
    {
      fullName: "Ana Banerjee",
      email: "ana.banerjee@example.com",
      phone: "+12125550142",
      source: "META",
      sourceLabel: "Spring form",
      externalId: "901",
      company: "Harbour Kites",
      region: "CA",
      country: "US",
      meta: {
        leadgenId: "901",
        formId: "55",
        pageId: "22",
        adId: "31",
        adsetId: "32",
        campaignId: "33",
        answers: { "how_many_kites?": "Two" },
      },
    },
    { email: "leo@example.com", source: "META", externalId: "902" },
  ]);
  expect(await submissions(world)).toMatchObject([
    { externalId: "901", status: "CREATED", tries: 1 },
    { externalId: "902", status: "CREATED", tries: 1 },
  ]);
  expect(meta.asked.filter((id) => id.startsWith("9"))).toEqual(["901", "902"]);
});

test("a wrong signature is answered 401 and nothing is stored; the handshake is answered to whoever knows the verify token", async () => {
  const world = await testWorld();
  await withMeta(world, {});
  expect((await post(world, bodyOf("901"), "another-secret")).statusCode).toBe(401);
  expect(await submissions(world)).toEqual([]);

  const shake = (token: string) =>
    world.request(
      "GET",
      `/webhooks/${world.workspace}/meta-leads?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`,
      { as: "anonymous" },
    );
  expect(await shake("a-word-of-ours")).toMatchObject({ status: 200, text: "1158201444" });
  expect((await shake("a-guess")).status).toBe(401);
  const nobody = await testWorld();
  expect((await post(nobody, bodyOf("901"))).statusCode).toBe(404);
});

test("a lead that cannot be fetched is asked for again with growing waits and is never lost; one that is gone waits for a person", async () => {
  const world = await testWorld();
  const meta = await withMeta(world, { "901": { status: 500 } });
  await post(world, bodyOf("901", "902"));
  await world.drain();
  expect(await submissions(world)).toMatchObject([
    { externalId: "901", status: "RECEIVED", tries: 1, detail: expect.stringContaining("HTTP 500") },
    { externalId: "902", status: "FAILED", tries: 1, detail: expect.stringContaining("does not exist") },
  ]);
  // Not before its time: half a minute, then a whole one.
  for (const [seconds, tries] of [
    [29, 1],
    [1, 2],
    [59, 2],
    [1, 3],
  ] as const) {
    world.clock.advance(seconds * 1_000);
    await world.drain();
    expect((await submissions(world))[0]).toMatchObject({ tries });
  }
  meta.leads["901"] = leadOf("901", { email: "ana@example.com" });
  world.clock.advance(6 * 3_600_000);
  await world.drain();
  expect((await submissions(world))[0]).toMatchObject({ status: "CREATED", tries: 4, detail: null });
  expect(await leadsOf(world)).toMatchObject([{ email: "ana@example.com", source: "META" }]);
});

test("a form without a name or an address makes nobody and says why; the rest of its batch is taken in", async () => {
  const world = await testWorld();
  await withMeta(world, {
    "901": leadOf("901", { "how_many_kites?": "Two" }),
    "902": leadOf("902", { email: "ana@example.com", phone_number: "<test lead: dummy data for phone_number>" }),
    "903": leadOf("903", { email: "not an address" }),
  });
  await post(world, bodyOf("901", "902", "903"));
  await world.drain();
  expect((await submissions(world)).map(({ status }) => status)).toEqual(["FAULTY", "CREATED", "FAULTY"]);
  expect(await leadsOf(world)).toMatchObject([{ email: "ana@example.com", phone: null }]);
});

test("a lead from an advertisement is enrolled by a new_lead sequence for META within a second of Meta's webhook", async () => {
  const world = await readyWorld();
  await withMeta(world, { "901": leadOf("901", { email: "ana@example.com", full_name: "Ana Silva" }) });
  await sequenceOf(world, [{ channel: "EMAIL", value: 1, unit: "DAYS" }], { newLeadsFrom: ["META"] });
  await world.app.start();
  const begun = elapsed();
  expect((await post(world, bodyOf("901"))).statusCode).toBe(200);
  await until(async () => (await enrollmentsOf(world)).length === 1);
  expect(elapsed() - begun).toBeLessThan(1_000);
});

test.each(["erased", "deleted"] as const)(
  "a repeat of the webhook of somebody who was %s asks Meta for nothing, and makes nobody",
  async (gone) => {
    const world = await testWorld();
    const meta = await withMeta(world, { "901": leadOf("901", { full_name: "Ana Silva", email: "ana@example.com" }) });
    await post(world, bodyOf("901"));
    await world.drain();
    const { id } = await world.ctx.db.selectFrom("leads").select("id").executeTakeFirstOrThrow();
    if (gone === "erased")
      await eraseLead(
        world.ctx,
        { leadId: id, reason: "They asked", confirm: "ana@example.com" },
        world.runtime.config.dataDir,
      );
    else await deleteLead(world.ctx, id);
    await world.drain();
    const before = meta.asked.length;
    expect((await post(world, bodyOf("901"))).statusCode).toBe(200);
    await world.drain();
    expect(meta.asked.length).toBe(before);
    expect((await leadsOf(world)).filter(({ email }) => email !== null)).toEqual([]);
    const kept = await submissions(world);
    expect(kept).toHaveLength(1);
    expect(kept[0]?.externalId).not.toContain("901");
  },
);
