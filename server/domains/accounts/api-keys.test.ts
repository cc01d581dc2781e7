import { expect, test } from "vitest";
import { z } from "zod";
import { sha256 } from "#platform/ids.ts";
import { testWorld, type World } from "#test/world.ts";
import { changeRole } from "./commands/change-role.ts";
import { apiKeySchema } from "./contract.ts";
import { findMemberByUser } from "./queries/members.ts";

const madeSchema = z.object({ apiKey: apiKeySchema, key: z.string() });
type Made = z.infer<typeof madeSchema>;

async function makeKey(world: World, body: object, as: "OWNER" | "ADMIN" = "OWNER"): Promise<Made> {
  const answer = await world.request("POST", "/api-keys", { body, as });
  expect(answer.status).toBe(201);
  return madeSchema.parse(answer.body);
}

const statusOf = async (world: World, path: string, apiKey: string) =>
  (await world.request("GET", path, { as: { apiKey } })).status;

test("a key is shown once, kept as a hash, and works in either header", async () => {
  const world = await testWorld();
  const { key, apiKey } = await makeKey(world, { name: "Zapier", scopes: ["members:read", "members:read"] });
  expect(key).toMatch(/^tl_[\w-]{43}$/);
  expect(apiKey).toMatchObject({ name: "Zapier", scopes: ["members:read"], expiresAt: null, lastUsedAt: null });
  expect(key.startsWith(apiKey.start)).toBe(true);

  const stored = await world.ctx.db.selectFrom("apiKeys").selectAll().where("id", "=", apiKey.id).execute();
  expect(JSON.stringify(stored)).not.toContain(key);
  expect(stored[0]?.keyHash).toBe(sha256(key));
  expect((await world.request("GET", "/api-keys")).text).not.toContain(key);

  expect(await statusOf(world, "/members", key)).toBe(200);
  const bearer = { authorization: `Bearer ${key}` };
  expect((await world.request("GET", "/members", { as: "anonymous", headers: bearer })).status).toBe(200);
  expect(await world.request("GET", "/me", { as: { apiKey: key } })).toMatchObject({
    status: 200,
    body: { user: null, apiKey: { name: "Zapier" }, activeWorkspaceId: world.workspace, permissions: ["members:read"] },
  });
});

test("a key does what its scopes say and nothing else", async () => {
  const world = await testWorld();
  const { key } = await makeKey(world, { name: "Reader", scopes: ["members:read"] });
  expect(await statusOf(world, "/members", key)).toBe(200);
  expect(await statusOf(world, "/workspace/settings", key)).toBe(403);
  expect(await statusOf(world, "/api-keys", key)).toBe(403);
  const rename = await world.request("PATCH", "/workspace", { as: { apiKey: key }, body: { name: "Taken over" } });
  expect(rename.status).toBe(403);
});

test("a key never reaches further than the role of its maker does today", async () => {
  const world = await testWorld();
  const admin = await world.as("ADMIN");
  const { key } = await makeKey(world, { name: "Admin's", scopes: ["workspace:write", "workspace:read"] }, "ADMIN");
  const rename = () => world.request("PATCH", "/workspace", { as: { apiKey: key }, body: { name: "New name" } });
  expect((await rename()).status).toBe(200);

  const member = await findMemberByUser(world.ctx, admin.actor.id);
  await changeRole(world.ctx, member?.id ?? "", "VIEWER");
  expect((await rename()).status).toBe(403);
  expect(await statusOf(world, "/workspace/settings", key)).toBe(200);
});

test("a key cannot make a stronger key", async () => {
  const world = await testWorld();
  const { key } = await makeKey(world, { name: "Key maker", scopes: ["api-keys:write", "leads:read"] });
  const make = (scopes: string[]) =>
    world.request("POST", "/api-keys", { as: { apiKey: key }, body: { name: "Child", scopes } });
  expect(await make(["leads:write"])).toMatchObject({ status: 403, body: { code: "scope-too-wide" } });
  expect(await make(["leads:read"])).toMatchObject({
    status: 201,
    body: { apiKey: { createdBy: { id: world.owner.id } } },
  });
});

test("a revoked key is refused at once, also by another process that has just used it", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { key, apiKey } = await makeKey(world, { name: "Short-lived", scopes: ["members:read"] });
  expect(await statusOf(world, "/members", key)).toBe(200);
  expect(await statusOf(other, "/members", key)).toBe(200);
  expect((await world.request("DELETE", `/api-keys/${apiKey.id}`)).status).toBe(204);
  expect(await statusOf(world, "/members", key)).toBe(401);
  expect(await statusOf(other, "/members", key)).toBe(401);
  expect((await world.request("DELETE", `/api-keys/${apiKey.id}`)).status).toBe(404);
});

test("a key expires when it was told to", async () => {
  const world = await testWorld();
  const { key } = await makeKey(world, { name: "For a day", scopes: ["members:read"], expiresInDays: 1 });
  world.clock.advance(86_400_000 - 1);
  expect(await statusOf(world, "/members", key)).toBe(200);
  world.clock.advance(1);
  expect(await statusOf(world, "/members", key)).toBe(401);
});

test("the last use is known to the minute", async () => {
  const world = await testWorld();
  const { key } = await makeKey(world, { name: "Busy", scopes: ["members:read"] });
  const lastUsed = async () => {
    const row = await world.ctx.db
      .selectFrom("apiKeys")
      .select("lastUsedAt")
      .where("keyHash", "=", sha256(key))
      .executeTakeFirst();
    return row?.lastUsedAt?.toISOString();
  };
  await statusOf(world, "/members", key);
  expect(await lastUsed()).toBe("2026-03-02T12:00:00.000Z");
  world.clock.advance(59_999);
  await statusOf(world, "/members", key);
  expect(await lastUsed()).toBe("2026-03-02T12:00:00.000Z");
  world.clock.advance(1);
  await statusOf(world, "/members", key);
  expect(await lastUsed()).toBe("2026-03-02T12:01:00.000Z");
});

test("a wrong key is refused even where a stranger would be let in, and even beside a good cookie", async () => {
  const world = await testWorld();
  const wrong: Record<string, string>[] = [
    { "x-api-key": "tl_wrong" },
    { "x-api-key": "" },
    { authorization: "Bearer abc" },
  ];
  for (const headers of wrong) {
    expect((await world.request("GET", "/info", { as: "anonymous", headers })).status).toBe(401);
    expect((await world.request("GET", "/members", { headers })).status).toBe(401);
  }
  const basic = { authorization: "Basic abc" };
  expect((await world.request("GET", "/members", { headers: basic })).status).toBe(200);
});

test("a key acts in its own workspace only, and on no person's account", async () => {
  const [world, other] = [await testWorld(), await testWorld()];
  const { key, apiKey } = await makeKey(world, { name: "Ours", scopes: ["members:read", "api-keys:write"] });
  expect((await other.request("DELETE", `/api-keys/${apiKey.id}`)).status).toBe(404);
  const seen = await world.request("GET", "/members", { as: { apiKey: key } });
  expect(seen.text).toContain(world.owner.id);
  expect(seen.text).not.toContain(other.owner.id);
  for (const path of ["/sessions", "/workspaces"]) {
    expect(await world.request("GET", path, { as: { apiKey: key } })).toMatchObject({
      status: 403,
      body: { code: "person-needed" },
    });
  }
  const leave = await world.request("POST", "/workspace/leave", { as: { apiKey: key } });
  expect(leave.status).toBe(403);
});

test("making and revoking a key are on the record, without the key", async () => {
  const world = await testWorld();
  const { key, apiKey } = await makeKey(world, { name: "Recorded", scopes: ["members:read"] });
  await world.request("DELETE", `/api-keys/${apiKey.id}`);
  const events = await world.ctx.db
    .selectFrom("events")
    .selectAll()
    .where("subjectId", "=", apiKey.id)
    .orderBy("id")
    .execute();
  expect(events).toMatchObject([
    {
      type: "accounts.api-key-created",
      payload: { name: "Recorded", scopes: ["members:read"] },
      actorId: world.owner.id,
    },
    { type: "accounts.api-key-revoked", payload: { name: "Recorded", because: "revoked" } },
  ]);
  expect(JSON.stringify(events)).not.toContain(key);
  expect(JSON.stringify(events)).not.toContain(sha256(key));
});
