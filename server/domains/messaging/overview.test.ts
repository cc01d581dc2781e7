import { expect, test } from "vitest";
import { z } from "zod";
import { newId } from "#platform/ids.ts";
import { updateSettings } from "#domains/accounts/index.ts";
import { type World, testWorld } from "#test/world.ts";
import { countSends } from "./commands/count-sends.ts";
import { type MessagingOverview, overviewSchema } from "./contract.ts";
import { updateMessages } from "./queries/outbound.ts";

type Values = Partial<{
  direction: "inbound" | "outbound";
  channel: "CALL" | "SMS" | "EMAIL";
  status: "sent" | "delivered" | "failed" | "unknown" | "queued" | "received";
  leadId: string;
  createdAt: Date;
  sentAt: Date | null;
  awaitsReply: boolean;
}>;

async function message(world: World, values: Values): Promise<string> {
  const id = newId("msg");
  const createdAt = values.createdAt ?? world.ctx.now();
  await world.ctx.db
    .insertInto("messages")
    .values({
      id,
      workspaceId: world.workspace,
      direction: "outbound",
      channel: "SMS",
      status: "sent",
      purpose: "sequence",
      from: "+12125550100",
      to: "+12125550101",
      text: "Hello",
      createdAt,
      sentAt: values.sentAt === undefined ? createdAt : values.sentAt,
      ...values,
    })
    .execute();
  return id;
}

async function overview(world: World, query = ""): Promise<MessagingOverview> {
  const reply = await world.request("GET", `/messages/overview${query}`);
  expect(reply.status, reply.text).toBe(200);
  return overviewSchema.parse(reply.body);
}

/** An SMS to a lead that the sandbox took, and the way to answer it as the lead. */
async function conversation() {
  const world = await testWorld();
  const lead = await world.make.lead();
  const receive = async (text: string) => {
    const id = newId("sbx");
    await world.ctx.db
      .insertInto("sandboxDeliveries")
      .values({
        id,
        workspaceId: world.workspace,
        channel: "SMS",
        direction: "outbound",
        from: "+12125550100",
        to: lead.phone ?? "",
        text: "Hello",
        at: world.ctx.now(),
      })
      .execute();
    const reply = await world.request("POST", `/sandbox/deliveries/${id}/reply`, { body: { text } });
    expect(reply.status, reply.text).toBe(200);
    await world.drain();
  };
  return { world, lead, receive };
}

test("an empty workspace has a quiet overview with a row for every day", async () => {
  const world = await testWorld();
  const found = await overview(world, "?days=7");
  expect(found).toMatchObject({
    replies: { count: 0, isMore: false, oldestAt: null },
    failed: { count: 0, since: "2026-02-24" },
    unknown: { count: 0 },
    today: { day: "2026-03-02", counts: [] },
    sends: { before: 0 },
    hasSent: false,
    hasReceived: false,
  });
  expect(found.sends.days.map(({ day }) => day)).toEqual([
    "2026-02-24",
    "2026-02-25",
    "2026-02-26",
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
  ]);
});

test("today's messages are those of the workspace's own day, by channel and status", async () => {
  const world = await testWorld();
  await updateSettings(world.ctx, { timeZone: "Asia/Kathmandu" });
  // 2 March begins at 18:15 UTC of the day before in Kathmandu.
  await message(world, { createdAt: new Date("2026-03-01T18:14:00Z") });
  await message(world, { createdAt: new Date("2026-03-01T18:15:00Z") });
  await message(world, { status: "failed", channel: "EMAIL", sentAt: null });
  await message(world, { direction: "inbound", status: "received", sentAt: null });
  const found = await overview(world, "?days=1");
  expect(found.timeZone).toBe("Asia/Kathmandu");
  expect(found.today.day).toBe("2026-03-02");
  expect(found.today.counts.toSorted((a, b) => a.channel.localeCompare(b.channel))).toEqual([
    { channel: "EMAIL", status: "failed", count: 1 },
    { channel: "SMS", status: "sent", count: 1 },
  ]);
  expect(found).toMatchObject({ failed: { count: 1 }, hasSent: true, hasReceived: true });
  const listed = await world.request("GET", "/messages?since=2026-03-02&direction=outbound");
  expect(listed.body).toMatchObject({ data: [{ status: "failed" }, { status: "sent" }] });
});

test("sends by day are the same before they are counted, while some are, and after", async () => {
  const world = await testWorld();
  for (const at of ["2026-02-28T23:50:00Z", "2026-03-01T00:10:00Z", "2026-03-01T10:00:00Z", "2026-03-02T11:59:00Z"])
    await message(world, { sentAt: new Date(at), createdAt: new Date("2026-02-20T00:00:00Z") });
  await message(world, { channel: "CALL", sentAt: new Date("2026-03-01T10:14:59Z") });
  await updateSettings(world.ctx, { timeZone: "UTC" });
  const wanted = {
    days: [
      { day: "2026-03-01", SMS: 2, CALL: 1, EMAIL: 0 },
      { day: "2026-03-02", SMS: 1, CALL: 0, EMAIL: 0 },
    ],
    before: 1,
  };
  expect((await overview(world, "?days=2")).sends).toEqual(wanted);
  await countSends(world.ctx);
  expect((await overview(world, "?days=2")).sends).toEqual(wanted);
  world.clock.advance(3_600_000);
  await Promise.all([countSends(world.ctx), countSends(world.ctx)]);
  await countSends(world.ctx);
  expect((await overview(world, "?days=2")).sends).toEqual(wanted);
  const counted = await world.ctx.db.selectFrom("sendCounts").select(["quarter", "channel", "sent"]).execute();
  expect(counted).toHaveLength(5);
});

test("a reply waits once per lead until something that was written later is sent", async () => {
  const { world, lead, receive } = await conversation();
  await receive("Who is this?");
  world.clock.advance(60_000);
  await receive("Hello?");
  const waiting = await overview(world);
  expect(waiting.replies).toEqual({ count: 1, isMore: false, oldestAt: "2026-03-02T12:01:00.000Z" });
  const listed = await world.request("GET", "/messages?awaitsReply=true");
  expect(listed.body).toMatchObject({ data: [{ text: "Hello?", awaitsReply: true }], has_more: false });

  const sent = async (createdAt: Date) => {
    const id = await message(world, { leadId: lead.id, status: "queued", sentAt: null, createdAt });
    const change = { id, status: "sent" as const, providerRef: null, failure: null, deliveredAt: null, dueAt: null };
    await updateMessages(world.ctx, [{ ...change, sentAt: world.ctx.now() }]);
  };
  world.clock.advance(60_000);
  await sent(new Date("2026-03-02T12:00:30Z"));
  expect((await overview(world)).replies.count).toBe(1);
  await sent(world.ctx.now());
  expect((await overview(world)).replies).toMatchObject({ count: 0, oldestAt: null });
});

test("a STOP waits for nobody", async () => {
  const { world, receive } = await conversation();
  await receive("STOP");
  expect((await overview(world)).replies.count).toBe(0);
});

test("a person says that a reply waits no more, as often as they like; what was sent cannot be answered", async () => {
  const { world, receive } = await conversation();
  await receive("Thanks, no need.");
  const row = await world.ctx.db
    .selectFrom("messages")
    .select("id")
    .where("direction", "=", "inbound")
    .executeTakeFirstOrThrow();
  const mark = (id: string, as: "OWNER" | "VIEWER" = "OWNER") =>
    world.request("POST", `/messages/${id}/answered`, { as });
  expect((await mark(row.id, "VIEWER")).status).toBe(403);
  expect((await mark(row.id)).status).toBe(200);
  expect((await mark(row.id)).status).toBe(200);
  expect((await overview(world)).replies.count).toBe(0);
  expect((await mark(await message(world, {}))).status).toBe(404);
  const told = await world.ctx.db
    .selectFrom("events")
    .select("type")
    .where("type", "=", "messaging.message-answered")
    .execute();
  expect(told).toHaveLength(1);
});

test("what was settled as sent counts as sent", async () => {
  const world = await testWorld();
  const id = await message(world, { status: "unknown", sentAt: null });
  // Its vendor may still say, or is asked.
  expect(await overview(world, "?days=1")).toMatchObject({ unknown: { count: 0 } });
  await world.advance(24 * 60);
  expect(await overview(world, "?days=1")).toMatchObject({ unknown: { count: 1 }, sends: { days: [{ SMS: 0 }] } });
  await world.request("POST", `/messages/${id}/settle`, { body: { outcome: "sent" } });
  expect(await overview(world, "?days=1")).toMatchObject({ unknown: { count: 0 }, sends: { days: [{ SMS: 1 }] } });
});

test("who may see messages and no leads is told no names, and cannot ask by one", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({ firstName: "Ana", lastName: "Okafor" });
  const id = await message(world, { leadId: lead.id });
  const keyWith = async (...scopes: string[]) => {
    const { body } = await world.request("POST", "/api-keys", { body: { name: scopes.join(), scopes } });
    return { apiKey: z.object({ key: z.string() }).parse(body).key };
  };
  const read = (as: { apiKey: string }, path: string) => world.request("GET", path, { as });
  const both = await keyWith("messages:read", "leads:read");
  const one = await keyWith("messages:read");
  const since = new Date(world.ctx.now().getTime() - 60_000).toISOString();
  const before = new Date(world.ctx.now().getTime() + 60_000).toISOString();
  const lists = ["/messages", `/messages/sent?from=${since}&before=${before}`];
  for (const list of lists) {
    expect((await read(both, list)).body, list).toMatchObject({ data: [{ id, leadName: "Ana Okafor" }] });
    expect((await read(one, list)).body, list).toMatchObject({ data: [{ id, leadId: lead.id, leadName: "" }] });
  }
  expect((await read(one, `/messages/${id}`)).body).toMatchObject({ leadName: "" });
  expect((await read(both, "/messages?search=okafor")).body).toMatchObject({ data: [{ id }] });
  expect((await read(one, "/messages?search=okafor")).status).toBe(403);
});
