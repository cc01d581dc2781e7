import { expect, test } from "vitest";
import { testWorld } from "./world.ts";

test("a world answers requests of its own workspace", async () => {
  const world = await testWorld();
  const reply = await world.request("GET", "/info", { as: "anonymous" });
  expect(reply).toMatchObject({ status: 200, body: { name: "Throughline", now: "2026-03-02T12:00:00.000Z" } });
});

test("a stranger is asked to sign in and a viewer is kept from the jobs", async () => {
  const world = await testWorld();
  expect(await world.request("GET", "/jobs", { as: "anonymous" })).toMatchObject({
    status: 401,
    body: { code: "not-signed-in" },
  });
  expect(await world.request("GET", "/jobs", { as: "VIEWER" })).toMatchObject({
    status: 403,
    body: { code: "not-allowed" },
  });
  expect(await world.request("GET", "/jobs")).toMatchObject({ status: 200, body: { data: [], has_more: false } });
});

test("time passes to the minute asked for", async () => {
  const world = await testWorld();
  await world.advance(90);
  expect(world.ctx.now()).toEqual(new Date("2026-03-02T13:30:00Z"));
});

test("a world makes leads that differ from each other", async () => {
  const world = await testWorld();
  const [first, second] = [await world.make.lead(), await world.make.lead({ firstName: "Grace", email: null })];
  expect(first).toMatchObject({ firstName: "Ada", timeZone: "America/New_York" });
  expect(first.email).toMatch(/@example\.test$/);
  expect(second).toMatchObject({ firstName: "Grace", email: null });
  expect(second.phone).not.toBe(first.phone);
});
