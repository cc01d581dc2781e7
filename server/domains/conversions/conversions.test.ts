import { expect, test } from "vitest";
import { z } from "zod";
import { newId } from "#platform/ids.ts";
import { enroll, enrollmentsOf, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { type World, testWorld } from "#test/world.ts";

const record = (world: World, body: Record<string, unknown>) => world.request("POST", "/conversions", { body });
const idOf = (body: unknown) => z.object({ id: z.string() }).parse(body).id;
const rowsOf = ({ ctx }: World) => ctx.db.selectFrom("conversions").selectAll().orderBy("createdAt").execute();
const statusOf = async ({ ctx }: World, id: string) =>
  (await ctx.db.selectFrom("leads").select("status").where("id", "=", id).executeTakeFirstOrThrow()).status;
const eventsOf = async ({ ctx }: World) =>
  (await ctx.db.selectFrom("events").select("type").where("type", "like", "conversions.%").orderBy("at").execute()).map(
    ({ type }) => type,
  );

test("a sale of a touch's sub id makes its lead CONVERTED and ends the sequences in the same commit: no later step, and the touch is named", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ country: "DE" });
  const sequenceId = await sequenceOf(world, [
    { channel: "SMS", value: 0, unit: "HOURS" },
    { channel: "EMAIL", value: 2, unit: "DAYS" },
  ]);
  await enroll(world, sequenceId, lead);
  await world.drain();
  const [message] = await messagesOf(world);
  const reply = await record(world, {
    subId: message?.contactAttemptId,
    contactAttemptId: message?.contactAttemptId,
    status: "customer",
    revenueMinor: 4_990,
    currency: "USD",
  });
  expect(reply).toMatchObject({
    status: 201,
    body: { leadId: lead.id, channel: "SMS", contactAttemptId: message?.contactAttemptId, isRepeat: false },
  });
  // Nothing was drained since: it is all in the one transaction.
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CONVERTED", endReason: "converted" }]);
  expect(await statusOf(world, lead.id)).toBe("CONVERTED");
  await world.advance(60 * 24 * 5);
  expect(await messagesOf(world)).toHaveLength(1);
  expect((await executionsOf(world)).map(({ status }) => status)).toEqual(["SENT", "SKIPPED"]);
});

test("50 at once and one later tell one sale, with the same id; another revenue is taken over and told", async () => {
  const world = await testWorld();
  const lead = await world.make.lead();
  const sale = { leadId: lead.id, source: "tracker", clickId: "click-1", revenueMinor: 900 };
  const replies = await Promise.all(Array.from({ length: 50 }, () => record(world, sale)));
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 201));
  expect(new Set(replies.map(({ body }) => idOf(body))).size).toBe(1);
  expect(replies.filter(({ body }) => z.object({ isRepeat: z.boolean() }).parse(body).isRepeat)).toHaveLength(49);
  expect(await eventsOf(world)).toEqual(["conversions.conversion-recorded"]);

  await record(world, { ...sale, revenueMinor: 1_200 });
  expect(await rowsOf(world)).toMatchObject([{ revenueMinor: 1_200, clickId: "click-1" }]);
  expect(await eventsOf(world)).toEqual(["conversions.conversion-recorded", "conversions.conversion-corrected"]);
});

test("ids that were told of one lead are refused for another, and change neither", async () => {
  const world = await testWorld();
  const [lead, other] = [await world.make.lead(), await world.make.lead()];
  const sale = { source: "tracker", clickId: "click-1", revenueMinor: 900 };
  await record(world, { ...sale, leadId: lead.id });
  expect((await record(world, { ...sale, leadId: other.id, revenueMinor: 5 })).status).toBe(409);
  expect(await rowsOf(world)).toMatchObject([{ leadId: lead.id, revenueMinor: 900 }]);
  expect(await eventsOf(world)).toEqual(["conversions.conversion-recorded"]);
});

test("an interest and a sale of one click are two, a renewal with its own transaction id is a third; by hand each is new", async () => {
  const world = await testWorld();
  const lead = await world.make.lead();
  const click = { leadId: lead.id, source: "tracker", clickId: "click-1" };
  await record(world, { ...click, status: "lead" });
  await record(world, { ...click, status: "customer", revenueMinor: 100 });
  await record(world, { ...click, status: "customer", revenueMinor: 100, transactionId: "t-2" });
  await record(world, { leadId: lead.id, revenueMinor: 100 });
  await record(world, { leadId: lead.id, revenueMinor: 100 });
  expect(await rowsOf(world)).toHaveLength(5);

  const page = z.object({ data: z.array(z.unknown()), next_cursor: z.string().nullable() });
  const first = page.parse((await world.request("GET", `/leads/${lead.id}/conversions?limit=3`)).body);
  const next = await world.request("GET", `/leads/${lead.id}/conversions?limit=3&cursor=${first.next_cursor}`);
  expect(first.data).toHaveLength(3);
  expect(page.parse(next.body).data).toHaveLength(2);
});

test.each([
  [{ revenueMinor: -5 }, "/revenueMinor"],
  [{ currency: "usd" }, "/currency"],
  [{ status: "sale" }, "/status"],
  [{ contactAttemptId: newId("att") }, "/contactAttemptId"],
  [{ campaignId: newId("camp") }, "/campaignId"],
  [{ leadId: undefined }, "/leadId"],
])("a conversion with %j is refused, and nothing is written", async (fault, pointer) => {
  const world = await testWorld();
  const lead = await world.make.lead();
  const reply = await record(world, { leadId: lead.id, ...fault });
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  expect(await rowsOf(world)).toEqual([]);
  expect(await statusOf(world, lead.id)).toBe("NEW");
});

test("an interest moves nobody, a customer who left costs, and a LOST lead who buys leaves their sequences all the same", async () => {
  const world = await readyWorld();
  const [curious, lost] = [await world.make.lead(), await world.make.lead({ country: "DE" })];
  await record(world, { leadId: curious.id, status: "qualified" });
  await record(world, { leadId: curious.id, status: "churn", revenueMinor: -900 });
  expect(await statusOf(world, curious.id)).toBe("NEW");

  const sequenceId = await sequenceOf(world, [{ channel: "SMS", value: 2, unit: "DAYS" }]);
  await enroll(world, sequenceId, lost);
  await world.request("PATCH", `/leads/${lost.id}`, { body: { status: "LOST" } });
  await record(world, { leadId: lost.id });
  expect(await statusOf(world, lost.id)).toBe("LOST");
  expect(await enrollmentsOf(world)).toMatchObject([{ status: "CONVERTED" }]);
});

test("whoever may not write leads records no conversion; of an erased person none is recorded", async () => {
  const world = await testWorld();
  const lead = await world.make.lead();
  const body = { leadId: lead.id };
  expect((await world.request("POST", "/conversions", { body, as: "VIEWER" })).status).toBe(403);
  await world.request("POST", `/leads/${lead.id}/erase`, { body: { reason: "asked", confirm: lead.email } });
  expect((await record(world, body)).status).toBe(409);
});

test("the workspace's conversions are listed newest first in pages, by kind, source, time and lead", async () => {
  const world = await testWorld();
  const [ana, leo] = [
    await world.make.lead({ firstName: "Ana", lastName: "Silva" }),
    await world.make.lead({ firstName: "Leo", lastName: "Okafor" }),
  ];
  const kinds = ["lead", "customer", "churn"] as const;
  const begun = world.clock.now();
  for (let n = 0; n < 12; n += 1) {
    await record(world, {
      leadId: n % 2 ? ana.id : leo.id,
      status: kinds[n % 3],
      source: n % 4 ? "direct" : "tracker",
    });
    world.clock.advance(60_000);
  }
  const stored = (await rowsOf(world)).toReversed();
  const pageSchema = z.object({
    data: z.array(z.object({ id: z.string(), leadName: z.string().nullable() })),
    next_cursor: z.string().nullable(),
  });
  const list = async (query: Record<string, string>) => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const search = new URLSearchParams({ ...query, limit: "2", ...(cursor !== null && { cursor }) });
      const reply = await world.request("GET", `/conversions?${search}`, { as: "VIEWER" });
      const read: z.infer<typeof pageSchema> = pageSchema.parse(reply.body);
      ids.push(...read.data.map(({ id }) => id));
      cursor = read.next_cursor;
    } while (cursor !== null);
    return ids;
  };
  const those = (fits: (row: (typeof stored)[number]) => boolean) => stored.filter(fits).map(({ id }) => id);
  const third = new Date(begun.getTime() + 3 * 60_000);
  expect(await list({})).toEqual(those(() => true));
  expect(await list({ status: "churn" })).toEqual(those(({ status }) => status === "churn"));
  expect(await list({ source: "tracker" })).toEqual(those(({ source }) => source === "tracker"));
  expect(await list({ source: "tracker", status: "lead" })).toEqual(
    those((row) => row.source === "tracker" && row.status === "lead"),
  );
  expect(await list({ leadId: ana.id })).toEqual(those(({ leadId }) => leadId === ana.id));
  expect(await list({ search: "okafor" })).toEqual(those(({ leadId }) => leadId === leo.id));
  expect(await list({ search: "okafor", leadId: ana.id })).toEqual([]);
  expect(await list({ createdFrom: third.toISOString() })).toEqual(those(({ createdAt }) => createdAt >= third));
  expect(await list({ since: "2026-03-02" })).toEqual(those(() => true));
  expect(await list({ since: "2026-03-03" })).toEqual([]);
  expect(await list({ createdBefore: third.toISOString() })).toEqual(those(({ createdAt }) => createdAt < third));
});

test("who may see conversions and no leads is told no names, and cannot ask by one", async () => {
  const world = await readyWorld();
  const lead = await world.make.lead({ firstName: "Ana", lastName: "Okafor" });
  await world.request("POST", "/conversions", { body: { leadId: lead.id, status: "customer" } });
  const keyWith = async (...scopes: string[]) => {
    const { body } = await world.request("POST", "/api-keys", { body: { name: scopes.join(), scopes } });
    return { apiKey: z.object({ key: z.string() }).parse(body).key };
  };
  const list = (as: { apiKey: string }, query = "") => world.request("GET", `/conversions${query}`, { as });
  const both = await keyWith("conversions:read", "leads:read");
  const one = await keyWith("conversions:read");
  expect((await list(both)).body).toMatchObject({ data: [{ leadId: lead.id, leadName: "Ana Okafor" }] });
  expect((await list(both, "?search=okafor")).body).toMatchObject({ data: [{ leadId: lead.id }] });
  expect((await list(one)).body).toMatchObject({ data: [{ leadId: lead.id, leadName: "" }] });
  expect((await list(one, "?search=okafor")).status).toBe(403);
});
