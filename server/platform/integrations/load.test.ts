import { once } from "node:events";
import { createServer } from "node:http";
import { sql } from "kysely";
import { expect, onTestFinished, test, vi } from "vitest";
import { testWorld } from "#test/world.ts";
import { connectIntegration } from "./commands/connect.ts";
import { updateIntegration } from "./commands/update.ts";
import { disableIntegration } from "./commands/set-active.ts";
import { sandboxWebhookSecret } from "./load.ts";

const twilio = {
  provider: "twilio",
  credentials: { accountSid: "AC0001", authToken: "a-token-of-some-length", fromNumber: "+15005550006" },
};

test("an adapter is kept while its credentials stay the same, and replaced and closed when they change", async () => {
  const world = await testWorld();
  const { runtime, ctx } = world;
  const { id } = await connectIntegration(runtime, ctx, twilio);
  const first = await runtime.providers.active(ctx, "SMS");
  expect(await runtime.providers.active(ctx, "SMS")).toBe(first);
  runtime.providers.forget(world.workspace);
  expect(await runtime.providers.active(ctx, "SMS")).toBe(first);

  if (!first) throw new Error("no vendor");
  const closed = vi.spyOn(first.vendor, "close");
  await updateIntegration(runtime, ctx, id, { fromNumber: "+15005550007" });
  const second = await runtime.providers.active(ctx, "SMS");
  expect(second).toMatchObject({ integrationId: id, from: "+15005550007" });
  expect(closed).toHaveBeenCalledOnce();
});

test("another process follows a change within five seconds, without being told", async () => {
  const world = await testWorld();
  const { runtime, ctx } = world;
  const other = await testWorld();
  const there = other.runtime.contextFor(world.workspace, ctx.actor);
  const { id } = await connectIntegration(runtime, ctx, twilio);
  expect(await other.runtime.providers.active(there, "SMS")).toMatchObject({ integrationId: id });

  await disableIntegration(runtime, ctx, id);
  expect(await runtime.providers.active(ctx, "SMS")).toBeNull();
  const now = performance.now();
  const elapsed = vi.spyOn(performance, "now").mockReturnValue(now + 5_001);
  onTestFinished(() => elapsed.mockRestore());
  expect(await other.runtime.providers.active(there, "SMS")).toBeNull();
});

test("in production no message goes inside the network, whatever was stored before", async () => {
  const world = await testWorld({ env: { NODE_ENV: "production", SANDBOX: "allowed" } });
  const { runtime, ctx } = world;
  const { id } = await connectIntegration(runtime, ctx, twilio);
  const store = async (baseUrl: string) => {
    const config = sql<Record<string, unknown>>`config || ${JSON.stringify({ baseUrl })}::jsonb`;
    await ctx.db.updateTable("integrationConfigs").set({ config }).where("id", "=", id).execute();
    runtime.providers.forget(world.workspace);
  };
  let calls = 0;
  const inside = createServer((_request, response) => {
    calls++;
    response.end("{}");
  });
  inside.listen(0);
  await once(inside, "listening");
  onTestFinished(() => void inside.close());
  const address = inside.address();
  if (typeof address !== "object" || !address) throw new Error("nothing listens");

  await store(`http://localhost:${address.port}`);
  const sms = await runtime.providers.active(ctx, "SMS");
  if (sms?.channel !== "SMS") throw new Error("no vendor");
  expect(await sms.vendor.send({ messageId: "msg_1", to: "+15557770001", text: "Hi" })).toMatchObject({
    kind: "failed",
    detail: expect.stringContaining("not on the public internet"),
  });
  await store(`http://127.0.0.1:${address.port}`);
  expect(await runtime.providers.active(ctx, "SMS")).toBeNull();
  expect(calls).toBe(0);
});

test("a workspace's sandbox vendors sign with a secret of that workspace", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { secretKey } = world.runtime.config;
  expect(sandboxWebhookSecret(secretKey, world.workspace)).not.toBe(sandboxWebhookSecret(secretKey, other.workspace));
});

test("what a sandbox vendor sends is kept for its workspace only, once per message", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { runtime, ctx } = world;
  const sms = await runtime.providers.active(ctx, "SMS");
  const call = await runtime.providers.active(ctx, "CALL");
  if (sms?.channel !== "SMS" || call?.channel !== "CALL") throw new Error("no sandbox");
  const message = { messageId: "msg_1", to: "+15557770001", text: "Hi Ada" };
  expect(await sms.vendor.send(message)).toMatchObject({ kind: "accepted" });
  expect(await sms.vendor.send(message)).toMatchObject({ kind: "accepted" });
  await call.vendor.send({
    messageId: "msg_2",
    to: "+15557770001",
    vapiConfig: { model: "gpt-4o", voice: "11labs/burt", instructions: "Be kind." },
    variables: { firstName: "Ada" },
  });
  const rows = await ctx.db.selectFrom("sandboxDeliveries").selectAll().orderBy("messageId").execute();
  expect(rows).toMatchObject([
    {
      id: "sandbox_msg_1",
      channel: "SMS",
      messageId: "msg_1",
      to: "+15557770001",
      text: "Hi Ada",
      direction: "outbound",
      outcome: "accepted",
    },
    { channel: "CALL", messageId: "msg_2", headers: { call: { variables: { firstName: "Ada" } } } },
  ]);
  expect(await other.ctx.db.selectFrom("sandboxDeliveries").selectAll().execute()).toEqual([]);
});
