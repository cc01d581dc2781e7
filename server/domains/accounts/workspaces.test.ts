import { expect, test } from "vitest";
import { z } from "zod";
import { testWorld } from "#test/world.ts";
import { sessionSchema, workspaceSchema } from "./contract.ts";
import { getWorkspaceSettings, givePassword } from "./index.ts";
import { openBrowser, ownWorkspace, PASSWORD, signIn } from "./test-browser.ts";

test("a person founds a second workspace, works there and goes back", async () => {
  const world = await testWorld();
  const { owner, workspaceId: first } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  const made = await browser.request("POST", "/workspaces", { name: "  Second  " });
  expect(made).toMatchObject({ status: 201, body: { name: "Second", role: "OWNER" } });
  const { id: second } = workspaceSchema.parse(made.body);

  expect(await browser.request("GET", "/me")).toMatchObject({ body: { activeWorkspaceId: second } });
  expect((await browser.request("PATCH", "/workspace", { name: "Second to none" })).status).toBe(200);
  expect((await browser.request("POST", `/workspaces/${first}/switch`)).status).toBe(204);
  expect(await browser.request("GET", "/me")).toMatchObject({ body: { activeWorkspaceId: first } });
  expect(await browser.request("GET", "/workspaces")).toMatchObject({
    body: {
      data: [
        { id: first, name: "Northwind" },
        { id: second, name: "Second to none" },
      ],
    },
  });
});

test("nobody switches to a workspace they do not belong to", async () => {
  const world = await testWorld();
  const { owner, workspaceId } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  expect((await browser.request("POST", `/workspaces/${world.workspace}/switch`)).status).toBe(404);
  expect(await browser.request("GET", "/me")).toMatchObject({ body: { activeWorkspaceId: workspaceId } });
});

test("who is removed from the workspace they work in goes on in another of theirs", async () => {
  const world = await testWorld();
  const { owner, workspaceId } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  const { ctx, workspaceId: other } = await ownWorkspace(world);
  await world.ctx.db
    .insertInto("memberships")
    .values({ id: `mbr_${other}`, workspaceId: other, userId: owner.id, role: "MEMBER" })
    .execute();
  await browser.request("POST", `/workspaces/${other}/switch`);
  expect(await browser.request("GET", "/me")).toMatchObject({ body: { activeWorkspaceId: other, role: "MEMBER" } });
  await ctx.db.deleteFrom("memberships").where("id", "=", `mbr_${other}`).execute();
  expect(await browser.request("GET", "/me")).toMatchObject({
    body: { activeWorkspaceId: workspaceId, role: "OWNER" },
  });
});

test("who belongs nowhere is signed in, sees nothing, and may found a workspace", async () => {
  const world = await testWorld();
  const { owner, ctx, workspaceId } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  await ctx.db.deleteFrom("memberships").where("workspaceId", "=", workspaceId).execute();
  expect(await browser.request("GET", "/me")).toMatchObject({
    status: 200,
    body: { user: { email: owner.email }, workspaces: [], activeWorkspaceId: null, role: null, permissions: [] },
  });
  expect((await browser.request("GET", "/members")).status).toBe(403);
  expect((await browser.request("POST", "/workspaces", { name: "Mine again" })).status).toBe(201);
  expect((await browser.request("GET", "/members")).status).toBe(200);
});

test("who belongs nowhere when signing in gets a workspace, and one only, however often at once", async () => {
  const world = await testWorld();
  const { owner, ctx, workspaceId } = await ownWorkspace(world);
  await ctx.db.deleteFrom("memberships").where("workspaceId", "=", workspaceId).execute();
  const [browser] = await Promise.all(Array.from({ length: 4 }, () => signIn(world, owner.email)));
  expect(await browser?.request("GET", "/me")).toMatchObject({
    body: { workspaces: [{ name: "Nora Owner's workspace", role: "OWNER" }], role: "OWNER" },
  });
});

test("a revoked session is refused at once, and only one's own can be revoked", async () => {
  const world = await testWorld();
  const { owner } = await ownWorkspace(world);
  const [here, there] = [await signIn(world, owner.email), await signIn(world, owner.email)];
  expect((await there.request("GET", "/me")).status).toBe(200);
  const list = await here.request("GET", "/sessions");
  const { data } = z.object({ data: z.array(sessionSchema) }).parse(list.body);
  expect(data).toHaveLength(2);
  expect(data.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
  const other = data.find(({ isCurrent }) => !isCurrent)?.id ?? "";

  const { owner: stranger } = await ownWorkspace(world);
  const foreign = await signIn(world, stranger.email);
  expect((await foreign.request("DELETE", `/sessions/${other}`)).status).toBe(404);
  expect((await here.request("DELETE", `/sessions/${other}`)).status).toBe(204);
  expect((await there.request("GET", "/me")).status).toBe(401);
  expect((await here.request("GET", "/me")).status).toBe(200);

  const third = await signIn(world, owner.email);
  expect(await here.request("POST", "/sessions/revoke-others")).toMatchObject({ status: 200, body: { revoked: 1 } });
  expect((await third.request("GET", "/me")).status).toBe(401);
});

test("a cookie that was tampered with is no session", async () => {
  const world = await testWorld();
  const { owner } = await ownWorkspace(world);
  const cookie = (await signIn(world, owner.email)).cookie();
  const statusOf = async (changed: string) =>
    (await openBrowser(world, { cookie: changed }).request("GET", "/me")).status;
  expect(await statusOf(cookie)).toBe(200);
  expect(await statusOf(cookie.replace("=", "=x"))).toBe(401);
  expect(await statusOf(cookie.slice(0, -8))).toBe(401);
  expect(await statusOf(cookie.replace(/\.[^.]*$/, ""))).toBe(401);
  expect(await statusOf(`${cookie.split("=")[0]}=%E0%A4%A`)).toBe(401);
});

test("settings start at their defaults and change field by field, on the record", async () => {
  const world = await testWorld();
  expect(await world.request("GET", "/workspace/settings")).toMatchObject({
    status: 200,
    body: {
      timeZone: "America/New_York",
      country: "US",
      sendWindow: { days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00" },
      holidays: [],
      capPerChannelPerDay: 1,
      capPerWeek: 3,
    },
  });
  const change = { timeZone: "Europe/London", holidays: ["2026-12-25"], capPerWeek: 3 };
  expect(await world.request("PATCH", "/workspace/settings", { body: change })).toMatchObject({
    status: 200,
    body: { timeZone: "Europe/London", holidays: ["2026-12-25"], country: "US" },
  });
  expect(await getWorkspaceSettings(world.ctx)).toMatchObject({ timeZone: "Europe/London", capPerWeek: 3 });
  const events = world.ctx.db.selectFrom("events").select("payload").where("type", "=", "accounts.settings-changed");
  expect(await events.execute()).toEqual([
    {
      payload: {
        changes: [
          { field: "timeZone", from: "America/New_York", to: "Europe/London" },
          { field: "holidays", from: [], to: ["2026-12-25"] },
        ],
      },
    },
  ]);
  await world.request("PATCH", "/workspace/settings", { body: change });
  expect(await events.execute()).toHaveLength(1);
});

test("settings that cannot be meant are refused at their field and nothing changes", async () => {
  const world = await testWorld();
  const faulty = { capPerWeek: 5, country: "AQ" };
  expect(await world.request("PATCH", "/workspace/settings", { body: faulty })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/country" }] },
  });
  const unknown = { sendWindow: { days: [], start: "9", end: "10:00", extra: 1 } };
  expect((await world.request("PATCH", "/workspace/settings", { body: unknown })).status).toBe(422);
  expect(await getWorkspaceSettings(world.ctx)).toMatchObject({ capPerWeek: 3, country: "US" });
});

test("whoever has no password can be given a first one, once", async () => {
  const world = await testWorld();
  expect(await givePassword(world.ctx, world.owner.id, PASSWORD)).toBe(true);
  expect(await givePassword(world.ctx, world.owner.id, "another long password")).toBe(false);
  await signIn(world, world.owner.email);
});

test("a workspace begins with the clock of the browser that founds it, also by a sign-up; a zone that nobody knows is refused, or counts as none", async () => {
  const world = await testWorld();
  const { owner } = await ownWorkspace(world);
  const zoneIn = async (browser: ReturnType<typeof openBrowser>) =>
    z.object({ timeZone: z.string() }).parse((await browser.request("GET", "/workspace/settings")).body).timeZone;
  const browser = await signIn(world, owner.email);
  await browser.request("POST", "/workspaces", { name: "Second", timeZone: "Asia/Tokyo" });
  expect(await zoneIn(browser)).toBe("Asia/Tokyo");
  expect(await browser.request("POST", "/workspaces", { name: "Third", timeZone: "Mars/Olympus" })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/timeZone" }] },
  });
  for (const [timeZone, expected] of [
    ["America/Bogota", "America/Bogota"],
    ["Mars/Olympus", "America/New_York"],
  ] as const) {
    const fresh = openBrowser(world);
    const email = `clock-${expected === timeZone ? "known" : "unknown"}@fresh.example`;
    const body = { name: "Clock", email, password: PASSWORD, timeZone };
    expect((await fresh.request("POST", "/api/auth/sign-up/email", body)).status).toBe(200);
    expect(await zoneIn(fresh)).toBe(expected);
  }
});
