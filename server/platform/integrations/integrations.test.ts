import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { sql } from "kysely";
import { z } from "zod";
import { testWorld, type World } from "#test/world.ts";
import { problemSchema } from "../problems.ts";
import { type Integration, integrationSchema, integrationsSchema, vendorSchema } from "./contract.ts";
import { connectSandbox } from "./commands/connect.ts";
import { recordHealth } from "./commands/test.ts";
import { createProviders } from "./load.ts";

const TOKEN = "twilio-auth-token-0123456789";
const KEY = "SG.sendgrid-key-abcdefghijkl";

/** A vendor on this machine: it knows one authorization and repeats what it was sent when it refuses. */
async function vendor(authorization: () => string, { refusal = 401, repeat = "" } = {}) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    const isKnown = request.headers.authorization === authorization();
    response.writeHead(isKnown ? 200 : refusal, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        isKnown
          ? { status: "active", scopes: ["mail.send"] }
          : { message: `who is ${request.headers.authorization} or ${repeat}?` },
      ),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the vendor does not listen");
  return { baseUrl: `http://127.0.0.1:${address.port}`, calls };
}

const twilio = (change: Record<string, unknown> = {}) => ({
  provider: "twilio",
  credentials: { accountSid: "AC0001", authToken: TOKEN, fromNumber: "+15005550006", ...change },
});
const sendgrid = (change: Record<string, unknown> = {}) => ({
  provider: "sendgrid",
  credentials: { apiKey: KEY, fromEmail: "line@northwind.example", ...change },
});

async function connect(world: World, body: object): Promise<Integration> {
  const answer = await world.request("POST", "/integrations", { body });
  expect(answer.status, answer.text).toBe(201);
  return integrationSchema.parse(answer.body);
}

const viaOf = async (world: World) => {
  const { body } = await world.request("GET", "/integrations");
  const { channels } = integrationsSchema.parse(body);
  return Object.fromEntries(channels.map(({ channel, via }) => [channel, via]));
};

test("every vendor says which fields it asks for and which of them are secret", async () => {
  const world = await testWorld();
  const answer = await world.request("GET", "/integration-vendors");
  const { data } = z.object({ data: z.array(vendorSchema) }).parse(answer.body);
  expect(data.map(({ provider }) => provider).toSorted()).toEqual(["meta-leads", "sendgrid", "smtp", "twilio", "vapi"]);
  const found = data.find(({ provider }) => provider === "twilio");
  expect(found?.webhookUrl).toBe(`http://127.0.0.1:3000/webhooks/${world.workspace}/twilio`);
  expect(found?.fields).toContainEqual({
    name: "authToken",
    title: "Auth token",
    description: "Also signs Twilio's webhooks",
    kind: "text",
    isSecret: true,
    isRequired: true,
    default: null,
  });
  const smtp = data.find(({ provider }) => provider === "smtp");
  expect(smtp?.fields).toContainEqual(
    expect.objectContaining({ name: "port", kind: "number", isRequired: false, default: 587 }),
  );
});

test("a connected vendor takes its channel over from the sandbox, and a disabled one leaves it silent", async () => {
  const world = await testWorld();
  expect(await viaOf(world)).toEqual({ EMAIL: "sandbox", SMS: "sandbox", CALL: "sandbox" });
  expect(await world.runtime.providers.active(world.ctx, "SMS")).toMatchObject({
    integrationId: null,
    vendor: { name: "sandbox-sms" },
  });

  const { id, webhookUrl, secretsSet } = await connect(world, twilio());
  expect(secretsSet).toEqual(["authToken"]);
  expect(webhookUrl).toBe(`http://127.0.0.1:3000/webhooks/${world.workspace}/twilio`);
  expect(await viaOf(world)).toEqual({ EMAIL: "sandbox", SMS: "integration", CALL: "sandbox" });
  expect(await world.runtime.providers.active(world.ctx, "SMS")).toMatchObject({
    channel: "SMS",
    integrationId: id,
    from: "+15005550006",
    vendor: { name: "twilio" },
  });

  expect(await world.request("POST", `/integrations/${id}/disable`)).toMatchObject({ body: { isActive: false } });
  expect(await viaOf(world)).toMatchObject({ SMS: "none" });
  expect(await world.runtime.providers.active(world.ctx, "SMS")).toBeNull();
  // Callbacks about what was sent before still arrive.
  expect(await world.runtime.providers.byName(world.ctx, "twilio")).toMatchObject({ vendor: { name: "twilio" } });

  expect((await world.request("POST", `/integrations/${id}/enable`)).status).toBe(200);
  expect(await viaOf(world)).toMatchObject({ SMS: "integration" });
  expect((await world.request("DELETE", `/integrations/${id}`)).status).toBe(204);
  expect(await viaOf(world)).toMatchObject({ SMS: "sandbox" });
  expect(await world.runtime.providers.byName(world.ctx, "twilio")).toBeNull();
  expect((await world.request("GET", `/integrations/${id}`)).status).toBe(404);
});

test("of two vendors of one type the one connected or enabled last sends, also when twenty changes come at once", async () => {
  const world = await testWorld();
  const first = await connect(world, sendgrid());
  const second = await connect(world, {
    provider: "smtp",
    credentials: { host: "127.0.0.1", fromEmail: "a@northwind.example" },
  });
  expect(second.webhookUrl).toBeNull();
  const activeIds = async () => {
    const rows = await world.ctx.db
      .selectFrom("integrationConfigs")
      .select("id")
      .where("isActive", "=", true)
      .execute();
    return rows.map(({ id }) => id);
  };
  expect(await activeIds()).toEqual([second.id]);
  const enable = (id: string) => world.request("POST", `/integrations/${id}/enable`);
  await Promise.all(Array.from({ length: 20 }, (_, number) => enable(number % 2 ? first.id : second.id)));
  expect(await activeIds()).toHaveLength(1);
  await enable(first.id);
  expect(await activeIds()).toEqual([first.id]);
  expect(await world.request("POST", "/integrations", { body: sendgrid() })).toMatchObject({
    status: 409,
    body: { code: "integration-exists" },
  });
});

test("where the sandbox is not allowed nothing is sent until a vendor is connected", async () => {
  const world = await testWorld({ env: { SANDBOX: "off" } });
  expect(await viaOf(world)).toEqual({ EMAIL: "none", SMS: "none", CALL: "none" });
  expect(await world.runtime.providers.byName(world.ctx, "sandbox-sms")).toBeNull();
});

test("faults of credentials stand at their fields, without repeating what was typed", async () => {
  const world = await testWorld();
  const answer = await world.request("POST", "/integrations", {
    body: twilio({ fromNumber: "12", extra: "x", authToken: null }),
  });
  expect(answer.status).toBe(422);
  const { errors = [] } = problemSchema.parse(answer.body);
  expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
    "/credentials/authToken",
    "/credentials/extra",
    "/credentials/fromNumber",
  ]);
  expect(answer.text).not.toContain(TOKEN);
  for (const provider of ["nobody", "sandbox-sms", "__proto__", "toString"]) {
    const body = { provider, credentials: {} };
    expect(await world.request("POST", "/integrations", { body })).toMatchObject({
      status: 404,
      body: { code: "unknown-vendor" },
    });
  }
});

test("in production no vendor is reached inside the network", async () => {
  const world = await testWorld({ env: { NODE_ENV: "production" } });
  const body = twilio({ baseUrl: "http://169.254.169.254/", webhookUrl: "http://[::1]/hook" });
  const answer = await world.request("POST", "/integrations", { body });
  expect(answer).toMatchObject({
    status: 422,
    body: {
      errors: [
        { pointer: "/credentials/baseUrl", detail: "This address is not on the public internet." },
        { pointer: "/credentials/webhookUrl", detail: "This address is not on the public internet." },
      ],
    },
  });
  expect((await world.request("POST", "/integrations/try", { body })).status).toBe(422);
});

test("a test tells whether the vendor takes the credentials, and is kept as the integration's health", async () => {
  const world = await testWorld();
  const basic = `Basic ${Buffer.from(`AC0001:${TOKEN}`).toString("base64")}`;
  const stub = await vendor(() => basic);
  const tried = await world.request("POST", "/integrations/try", { body: twilio({ baseUrl: stub.baseUrl }) });
  expect(tried).toMatchObject({ status: 200, body: { isWorking: true } });
  expect(await viaOf(world)).toMatchObject({ SMS: "sandbox" });

  const { id, health } = await connect(world, twilio({ baseUrl: stub.baseUrl }));
  expect(health).toBeNull();
  expect(await world.request("POST", `/integrations/${id}/test`)).toMatchObject({ body: { isWorking: true } });
  expect(await world.request("GET", `/integrations/${id}`)).toMatchObject({
    body: { health: { status: "ok", at: "2026-03-02T12:00:00.000Z" } },
  });

  const changed = { authToken: "another-token-that-is-wrong" };
  const body = { provider: "twilio", credentials: changed, integrationId: id };
  expect(await world.request("POST", "/integrations/try", { body })).toMatchObject({ body: { isWorking: false } });
  expect(await world.request("POST", `/integrations/${id}/test`)).toMatchObject({ body: { isWorking: true } });

  const updated = await world.request("PATCH", `/integrations/${id}`, { body: { credentials: changed } });
  expect(updated).toMatchObject({
    status: 200,
    body: { health: null, config: { accountSid: "AC0001", baseUrl: stub.baseUrl } },
  });
  expect(await world.request("POST", `/integrations/${id}/test`)).toMatchObject({ body: { isWorking: false } });
  expect(await world.request("GET", `/integrations/${id}`)).toMatchObject({ body: { health: { status: "failing" } } });
  await recordHealth(world.ctx, id, { status: "ok", detail: "It answers again" });
  expect(await world.request("GET", `/integrations/${id}`)).toMatchObject({
    body: { health: { detail: "It answers again" } },
  });
});

test("fields that are left out keep their value, null takes an optional one away", async () => {
  const world = await testWorld();
  const { id } = await connect(world, sendgrid({ fromName: "Northwind", inboundToken: "a-token-of-sixteen-chars" }));
  const update = (credentials: object) => world.request("PATCH", `/integrations/${id}`, { body: { credentials } });
  expect(await update({ fromName: "North" })).toMatchObject({
    body: {
      config: { fromName: "North", fromEmail: "line@northwind.example" },
      secretsSet: ["apiKey", "inboundToken"],
    },
  });
  const cleared = await update({ fromName: null, inboundToken: null });
  expect(cleared).toMatchObject({ body: { config: { fromEmail: "line@northwind.example" }, secretsSet: ["apiKey"] } });
  expect((await update({ apiKey: null })).status).toBe(422);
  const events = world.ctx.db.selectFrom("events").select("payload").where("type", "=", "platform.integration-updated");
  expect((await events.orderBy("id").execute()).map(({ payload }) => payload["fields"])).toEqual([
    ["fromName"],
    ["fromName", "inboundToken"],
  ]);
});

test("no answer, event, stored column or log line holds a credential", async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => Boolean(lines.push(String(chunk))));
  onTestFinished(() => write.mockRestore());
  const world = await testWorld({ env: { LOG_LEVEL: "trace" } });
  const stubs = [
    await vendor(() => "nobody gets in", { refusal: 418, repeat: TOKEN }),
    await vendor(() => "nobody gets in", { refusal: 418, repeat: KEY }),
  ] as const;
  const texts: string[] = [];
  const say = async (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) => {
    const answer = await world.request(method, path, { body });
    texts.push(answer.text, JSON.stringify(answer.headers));
    return answer;
  };
  const ids: string[] = [];
  for (const body of [twilio({ baseUrl: stubs[0].baseUrl }), sendgrid({ baseUrl: stubs[1].baseUrl })]) {
    ids.push(integrationSchema.parse((await say("POST", "/integrations", body)).body).id);
    await say("POST", "/integrations", body);
    await say("POST", "/integrations/try", body);
  }
  for (const id of ids) {
    await say("POST", `/integrations/${id}/test`);
    await say("PATCH", `/integrations/${id}`, { credentials: { baseUrl: `${stubs[0].baseUrl}/v9` } });
    await say("GET", `/integrations/${id}`);
    await say("POST", `/integrations/${id}/disable`);
  }
  await say("GET", "/integrations");
  const { rows } = await sql<{
    row: string;
  }>`select row_to_json(i)::text as row from integration_configs i`.execute(world.ctx.db);
  // Broken on purpose: what is logged about unreadable credentials must not quote them.
  await world.ctx.db.updateTable("integrationConfigs").set({ secrets: "v1.x.y.z" }).execute();
  world.runtime.providers.forget(world.workspace);
  await say("GET", "/integrations");
  const events = await world.ctx.db.selectFrom("events").selectAll().execute();
  for (const { calls } of stubs) expect(calls.length).toBeGreaterThanOrEqual(2);
  expect(lines.join("")).toContain("cannot be read");
  const everything = [...texts, ...lines, ...rows.map(({ row }) => row), JSON.stringify(events)].join("\n");
  const holds = (text: string) => everything.includes(text);
  expect(holds("[secret]")).toBe(true);
  expect([TOKEN, KEY, Buffer.from(`AC0001:${TOKEN}`).toString("base64")].filter(holds)).toEqual([]);
});

test("a sealed credential that is moved to another row, or read with another key, opens nothing", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { id } = await connect(world, twilio());
  const { id: otherId } = await connect(other, twilio({ authToken: "the other workspace's token" }));
  const sealed = await world.ctx.db
    .selectFrom("integrationConfigs")
    .select("secrets")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  await other.ctx.db.updateTable("integrationConfigs").set(sealed).where("id", "=", otherId).execute();
  other.runtime.providers.forget(other.workspace);
  expect(await other.runtime.providers.active(other.ctx, "SMS")).toBeNull();
  expect(await other.request("GET", `/integrations/${otherId}`)).toMatchObject({
    body: { isReadable: false, secretsSet: [] },
  });
  expect(await other.request("POST", `/integrations/${otherId}/test`)).toMatchObject({ body: { isWorking: false } });

  const rekeyed = await testWorld({ env: { SECRET_KEY: Buffer.alloc(32, 9).toString("base64") } });
  const ctx = rekeyed.runtime.contextFor(world.workspace, world.ctx.actor);
  expect(await rekeyed.runtime.providers.active(ctx, "SMS")).toBeNull();
  // Entering the secrets again heals it.
  const healed = await other.request("PATCH", `/integrations/${otherId}`, {
    body: { credentials: { authToken: TOKEN } },
  });
  expect(healed).toMatchObject({ status: 200, body: { isReadable: true, secretsSet: ["authToken"] } });
  expect(await other.runtime.providers.active(other.ctx, "SMS")).toMatchObject({ integrationId: otherId });
});

test("integrations of another workspace are not there, and only admins change one's own", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { id } = await connect(world, twilio());
  for (const [method, path, body] of [
    ["GET", `/integrations/${id}`, undefined],
    ["PATCH", `/integrations/${id}`, { credentials: { fromNumber: "+15005550001" } }],
    ["POST", `/integrations/${id}/test`, undefined],
    ["POST", `/integrations/${id}/enable`, undefined],
    ["POST", `/integrations/${id}/disable`, undefined],
    ["DELETE", `/integrations/${id}`, undefined],
    ["POST", "/integrations/try", { ...twilio(), integrationId: id }],
  ] as const) {
    expect((await other.request(method, path, { body })).status, `${method} ${path}`).toBe(404);
    if (method === "GET") continue;
    expect((await world.request(method, path, { as: "MEMBER", body })).status, `${method} ${path} as member`).toBe(403);
  }
  expect((await world.request("GET", "/integrations", { as: "VIEWER" })).status).toBe(200);
  expect((await world.request("GET", `/integrations/${id}`)).status).toBe(200);
  expect((await other.request("GET", "/integrations")).text).not.toContain(id);
});

test("what happened to a vendor is on the record", async () => {
  const world = await testWorld();
  const { id } = await connect(world, {
    provider: "smtp",
    credentials: { host: "127.0.0.1", port: 9, fromEmail: "a@northwind.example" },
  });
  await world.request("POST", `/integrations/${id}/test`);
  await world.request("POST", `/integrations/${id}/disable`);
  await world.request("POST", `/integrations/${id}/disable`);
  await world.request("POST", `/integrations/${id}/enable`);
  await world.request("DELETE", `/integrations/${id}`);
  const events = await world.ctx.db
    .selectFrom("events")
    .select(["type", "payload"])
    .where("subjectId", "=", id)
    .orderBy("id")
    .execute();
  expect(events.map(({ type }) => type)).toEqual([
    "platform.integration-connected",
    "platform.integration-tested",
    "platform.integration-disabled",
    "platform.integration-enabled",
    "platform.integration-removed",
  ]);
  expect(events[1]?.payload).toMatchObject({ isWorking: false, provider: "smtp" });
});

test("a channel that is tied to its sandbox by name is listed, reaches nobody, and is silent where the sandbox is not allowed", async () => {
  const world = await testWorld();
  const { id } = await connectSandbox(world.runtime, world.ctx, "sandbox-sms");
  const { body } = await world.request("GET", "/integrations");
  const shown = integrationsSchema.parse(body);
  expect(shown.channels).toContainEqual({ channel: "SMS", via: "sandbox", integrationId: id });
  expect(shown.data).toMatchObject([{ id, label: "Sandbox phone", isActive: true, secretsSet: ["webhookSecret"] }]);
  expect(await world.request("POST", `/integrations/${id}/test`)).toMatchObject({ body: { isWorking: true } });

  const strict = createProviders({
    ...world.runtime,
    config: { ...world.runtime.config, sandboxAllowed: false },
  });
  expect(await strict.active(world.ctx, "SMS")).toBeNull();
  await strict.close();

  await connect(world, twilio());
  expect(await viaOf(world)).toMatchObject({ SMS: "integration" });
});
