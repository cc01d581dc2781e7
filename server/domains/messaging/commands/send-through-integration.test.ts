import { createServer } from "node:http";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { suppress } from "#domains/leads/index.ts";
import { connectSandbox } from "#platform/integrations/commands/connect.ts";
import { integrationSchema } from "#platform/integrations/contract.ts";
import { type World, testWorld } from "#test/world.ts";

const SANDBOXES = ["sandbox-email", "sandbox-sms", "sandbox-voice"] as const;
const PHONE = "+12125550123";

const send = (world: World, integrationId: string, to: string, as?: "VIEWER" | "MEMBER") =>
  world.request("POST", `/integrations/${integrationId}/test-send`, { body: { to }, as });

test("a test through each channel's vendor says that it is one, reaches the address, and is nobody's touch", async () => {
  const world = await testWorld();
  const { ctx, runtime } = world;
  for (const provider of SANDBOXES) {
    const { id } = await connectSandbox(runtime, ctx, provider);
    const to = provider === "sandbox-email" ? " Me@Studio.Example " : "+1 (212) 555-0123";
    const reply = await send(world, id, to);
    const read = provider === "sandbox-email" ? "me@studio.example" : PHONE;
    expect(reply, reply.text).toMatchObject({ status: 200, body: { to: read, status: "sent", failure: null } });
  }
  expect(await world.sandbox.sent()).toMatchObject([
    { channel: "EMAIL", to: "me@studio.example", subject: "Test message" },
    { channel: "SMS", to: PHONE, text: expect.stringContaining("test message") },
    { channel: "CALL", to: PHONE },
  ]);
  const rows = await ctx.db.selectFrom("messages").select(["purpose", "leadId", "scriptId"]).execute();
  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ purpose: "test", leadId: null, scriptId: null })));
  expect(await ctx.db.selectFrom("contactAttempts").select("id").execute()).toEqual([]);
});

test("a vendor that is switched off is tried all the same, and not the one that the channel sends through", async () => {
  const world = await testWorld();
  const calls: string[] = [];
  const twilio = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response
      .writeHead(201, { "content-type": "application/json" })
      .end(JSON.stringify({ sid: "SM1", status: "queued" }));
  });
  twilio.listen(0, "127.0.0.1");
  await once(twilio, "listening");
  onTestFinished(() => {
    twilio.closeAllConnections();
    twilio.close();
  });
  const address = twilio.address();
  if (typeof address !== "object" || !address) throw new Error("the vendor does not listen");
  const credentials = {
    accountSid: "AC0001",
    authToken: "twilio-auth-token-0123456789",
    fromNumber: "+15005550006",
    baseUrl: `http://127.0.0.1:${address.port}`,
  };
  const connected = await world.request("POST", "/integrations", { body: { provider: "twilio", credentials } });
  expect(connected.status, connected.text).toBe(201);
  const { id } = integrationSchema.parse(connected.body);
  await connectSandbox(world.runtime, world.ctx, "sandbox-sms");
  const reply = await send(world, id, PHONE);
  expect(reply, reply.text).toMatchObject({ status: 200, body: { status: "sent" } });
  expect(calls).toHaveLength(1);
  expect(await world.sandbox.sent()).toEqual([]);
  const rows = await world.ctx.db.selectFrom("messages").select(["provider", "providerRef"]).execute();
  expect(rows).toEqual([{ provider: "twilio", providerRef: "SM1" }]);
});

test("a test is refused for a suppressed address, for what is no address of the channel, and to those who may not", async () => {
  const world = await testWorld();
  const { id } = await connectSandbox(world.runtime, world.ctx, "sandbox-sms");
  await suppress(world.ctx, { kind: "PHONE", value: PHONE, reason: "MANUAL" });
  expect(await send(world, id, PHONE)).toMatchObject({
    status: 409,
    body: { code: "test-refused", detail: expect.stringContaining("suppressed") },
  });
  expect(await send(world, id, "me@studio.example")).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/to" }] },
  });
  expect((await send(world, id, "+12125550124", "MEMBER")).status).toBe(403);
  expect((await send(world, "int_none", "+12125550124")).status).toBe(404);
  expect(await world.sandbox.sent()).toEqual([]);
});

test("a vendor whose stored credentials cannot be read sends no test", async () => {
  const world = await testWorld();
  const { id } = await connectSandbox(world.runtime, world.ctx, "sandbox-sms");
  await world.ctx.db.updateTable("integrationConfigs").set({ secrets: "unreadable" }).where("id", "=", id).execute();
  world.runtime.providers.forget(world.workspace);
  expect(await send(world, id, PHONE)).toMatchObject({
    status: 409,
    body: { code: "test-refused", detail: expect.stringContaining("Enter its credentials again") },
  });
});
