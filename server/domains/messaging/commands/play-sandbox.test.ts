import { expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { databaseSandboxStore } from "#platform/integrations/sandbox-store.ts";
import { sandboxRef } from "#providers/sandbox/outcome.ts";
import { type World, testWorld } from "#test/world.ts";

const NUMBER = "+15005550006";

type Person = { id: string; phone: string | null };
const callTo = (world: World, lead: Person) => handOver(world, lead, "CALL");
const textTo = (world: World, lead: Person) => handOver(world, lead, "SMS");

/** What the sandbox has taken, with its message and attempt, as handing it over leaves them. */
async function handOver(world: World, lead: Person, channel: "CALL" | "SMS"): Promise<string> {
  const { ctx, workspace } = world;
  const messageId = newId("msg");
  const contactAttemptId = newId("att");
  const at = ctx.now();
  const vendor = { workspaceId: workspace, channel, provider: channel === "CALL" ? "sandbox-voice" : "sandbox-sms" };
  await ctx.db
    .insertInto("contactAttempts")
    .values({ ...vendor, id: contactAttemptId, leadId: lead.id, status: "IN_PROGRESS", handedAt: at })
    .execute();
  await ctx.db
    .insertInto("messages")
    .values({
      ...vendor,
      id: messageId,
      leadId: lead.id,
      direction: "outbound",
      status: "sent",
      purpose: "sequence",
      from: NUMBER,
      to: lead.phone ?? "",
      text: "Hello",
      providerRef: sandboxRef(messageId),
      contactAttemptId,
      createdAt: at,
    })
    .execute();
  await databaseSandboxStore(world.runtime.database, workspace).record({
    id: sandboxRef(messageId),
    channel,
    messageId,
    from: NUMBER,
    to: lead.phone ?? "",
    subject: null,
    text: "Hello",
    html: null,
    headers: null,
    call: null,
    outcome: "accepted",
    at,
  });
  return messageId;
}

const endCall = (world: World, messageId: string, outcome: string) =>
  world.request("POST", `/sandbox/deliveries/${sandboxRef(messageId)}/call`, { body: { outcome } });

const report = (world: World, messageId: string | undefined, outcome: string) =>
  world.request("POST", `/sandbox/deliveries/${sandboxRef(messageId ?? "")}/receipt`, { body: { outcome } });

const statusOf = (world: World, messageId: string | undefined) =>
  world.ctx.db
    .selectFrom("messages")
    .select(["status", "deliveredAt"])
    .where("id", "=", messageId ?? "")
    .executeTakeFirstOrThrow();

const attemptOf = (world: World, messageId: string) =>
  world.ctx.db
    .selectFrom("contactAttempts")
    .innerJoin("messages", "messages.contactAttemptId", "contactAttempts.id")
    .select(["contactAttempts.status", "contactAttempts.result"])
    .where("messages.id", "=", messageId)
    .executeTakeFirstOrThrow();

test("of two calls to one number each ends as was chosen for it, the earlier one too when it ends last", async () => {
  const world = await testWorld();
  const lead = await world.make.lead({});
  const [first, second] = [await callTo(world, lead), await callTo(world, lead)];

  expect((await endCall(world, second, "busy")).status).toBe(200);
  await world.drain();
  expect(await attemptOf(world, second)).toEqual({ status: "NO_ANSWER", result: "customer-busy" });
  expect(await attemptOf(world, first)).toMatchObject({ status: "IN_PROGRESS" });

  expect((await endCall(world, first, "answered")).status).toBe(200);
  await world.drain();
  expect(await attemptOf(world, first)).toEqual({ status: "SUCCESS", result: "customer-ended-call" });
  expect(await attemptOf(world, second)).toEqual({ status: "NO_ANSWER", result: "customer-busy" });

  const ends = await world.ctx.db
    .selectFrom("sandboxDeliveries")
    .select(["messageId", "outcome"])
    .where("direction", "=", "inbound")
    .orderBy("outcome")
    .execute();
  expect(ends).toEqual([
    { messageId: first, outcome: "answered" },
    { messageId: second, outcome: "busy" },
  ]);
});

test("a call ends once, and its end is no call", async () => {
  const world = await testWorld();
  const call = await callTo(world, await world.make.lead({}));
  expect((await endCall(world, call, "no_answer")).status).toBe(200);
  const again = await endCall(world, call, "answered");
  expect([again.status, again.text]).toEqual([409, expect.stringContaining("ended already")]);
  const end = await world.request("POST", `/sandbox/deliveries/${sandboxRef(call)}:end/call`, {
    body: { outcome: "answered" },
  });
  expect([end.status, end.text]).toEqual([409, expect.stringContaining("no call")]);
});

test("what the sandbox took is delivered by itself a moment later, unless the person has said otherwise", async () => {
  const world = await testWorld({ receipts: true });
  const people = [await world.make.lead({}), await world.make.lead({}), await world.make.lead({})];
  const [plain, bounced, late] = await Promise.all(people.map((lead) => textTo(world, lead)));
  expect((await report(world, bounced, "bounced")).status).toBe(200);
  await world.drain();
  expect(await statusOf(world, plain)).toEqual({ status: "sent", deliveredAt: null });

  world.clock.advance(2_000);
  await world.drain();
  const deliveredAt = new Date("2026-03-02T12:00:02.000Z");
  expect(await statusOf(world, plain)).toEqual({ status: "delivered", deliveredAt });
  expect(await statusOf(world, bounced)).toMatchObject({ status: "failed", deliveredAt: null });

  // A mailbox may still turn away what its server has taken.
  expect((await report(world, late, "bounced")).status).toBe(200);
  await world.drain();
  expect(await statusOf(world, late)).toEqual({ status: "failed", deliveredAt });
});
