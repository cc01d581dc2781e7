import { expect, test } from "vitest";
import { suppress } from "#domains/leads/index.ts";
import { testWorld } from "#test/world.ts";
import { createScript } from "./commands/create-script.ts";
import { sendingWorld } from "./test-sequences.ts";

test("a test goes to the address that is named, filled in for the chosen lead, and is nobody's touch", async () => {
  const world = await sendingWorld();
  const { ctx, make } = world;
  const lead = await make.lead({ firstName: "Grace", country: "DE" });
  const scriptId = await createScript(ctx, {
    name: "Letter",
    type: "EMAIL",
    subject: "Hi {{ firstName }}",
    content: "Dear {{ firstName }}, [leave]({{ unsubscribeUrl }})",
  });
  const body = { to: " Me@Studio.Example ", leadId: lead.id };
  const reply = await world.request("POST", `/scripts/${scriptId}/test-send`, { body });
  expect(reply).toMatchObject({ status: 200, body: { to: "me@studio.example", status: "sent", failure: null } });
  const [mail] = await world.sandbox.emails();
  expect(mail).toMatchObject({ to: "me@studio.example", subject: "Hi Grace" });
  expect(mail?.text).toContain("/u/preview");
  const messages = await ctx.db.selectFrom("messages").select(["purpose", "leadId", "scriptId"]).execute();
  expect(messages).toEqual([{ purpose: "test", leadId: null, scriptId }]);
  expect(await ctx.db.selectFrom("contactAttempts").select("id").execute()).toEqual([]);
  await world.advance(60);
  expect(await world.sandbox.sent()).toHaveLength(1);
});

test("without a lead an invented person stands in, on every channel", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const sms = await createScript(ctx, { name: "Text", type: "SMS", content: "Hi {{ firstName }} at {{ phone }}" });
  const call = await createScript(ctx, {
    name: "Call",
    type: "CALL",
    vapiConfig: {
      model: "gpt-4o",
      voice: "alloy",
      temperature: 0.7,
      firstMessage: "Hi {{ firstName }}",
      instructions: "Be kind.",
    },
  });
  for (const scriptId of [sms, call]) {
    const reply = await world.request("POST", `/scripts/${scriptId}/test-send`, { body: { to: "+1 (212) 555-0123" } });
    expect(reply, reply.text).toMatchObject({ status: 200, body: { to: "+12125550123" } });
  }
  expect(await world.sandbox.sent()).toMatchObject([
    { channel: "SMS", text: "Hi Robin at +12125550123" },
    { channel: "CALL", to: "+12125550123" },
  ]);
});

test("a test is refused for a suppressed address, a missing value, what is no address, and without a vendor", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const scriptId = await createScript(ctx, { name: "Text", type: "SMS", content: "Your {{ custom.plan }} plan" });
  const path = `/scripts/${scriptId}/test-send`;
  const refused = (detail: string) => ({
    status: 409,
    body: { code: "test-refused", detail: expect.stringContaining(detail) },
  });
  expect(await world.request("POST", path, { body: { to: "+12125550123" } })).toMatchObject(refused("custom.plan"));
  await suppress(ctx, { kind: "PHONE", value: "+12125550123", reason: "MANUAL" });
  expect(await world.request("POST", path, { body: { to: "+12125550123" } })).toMatchObject(refused("suppressed"));
  expect(await world.request("POST", path, { body: { to: "my phone" } })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/to" }] },
  });
  expect((await world.request("POST", path, { body: { to: "+12125550123" }, as: "VIEWER" })).status).toBe(403);
  expect(await world.sandbox.sent()).toEqual([]);

  const bare = await testWorld({ env: { SANDBOX: "off" } });
  const other = await createScript(bare.ctx, { name: "Text", type: "SMS", content: "Hi" });
  const reply = await bare.request("POST", `/scripts/${other}/test-send`, { body: { to: "+12125550123" } });
  expect(reply).toMatchObject(refused("No active integration"));
});

test("a test that its vendor would take later has failed, and is not tried again", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const scriptId = await createScript(ctx, { name: "Letter", type: "EMAIL", subject: "Hi", content: "Hello" });
  const reply = await world.request("POST", `/scripts/${scriptId}/test-send`, {
    body: { to: "ratelimit@sandbox.example" },
  });
  expect(reply).toMatchObject({ status: 200, body: { status: "failed", failure: expect.stringContaining("429") } });
  await world.advance(60 * 24);
  const messages = await ctx.db.selectFrom("messages").select(["tries", "status"]).execute();
  expect(messages).toEqual([{ tries: 1, status: "failed" }]);
});
