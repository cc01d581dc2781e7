import { expect, test } from "vitest";
import { testWorld } from "#test/world.ts";
import { forgetAnswers } from "./idempotency.ts";
import { testContract, testModule } from "./test-operations.ts";

async function worldOfThings() {
  const things = testModule();
  const world = await testWorld({ contract: testContract, modules: [things.module] });
  const make = (key: string, body: unknown = { name: "lamp" }, as: "OWNER" | "MEMBER" = "OWNER") =>
    world.request("POST", "/things", { body, as, headers: { "idempotency-key": key } });
  return { ...things, world, make };
}

test("a repeated request gets the answer of the first and does nothing", async () => {
  const { make, runs } = await worldOfThings();
  const first = await make("k1");
  const second = await make("k1");
  expect(first).toMatchObject({ status: 201, body: { id: "thing-1", name: "lamp" } });
  expect(second).toMatchObject({ status: 201, body: first.body, headers: { "idempotency-replayed": "true" } });
  expect(runs.make).toBe(1);
});

test("twenty equal requests at once have one effect; the others are told to wait or get its answer", async () => {
  const { make, runs, world } = await worldOfThings();
  const replies = await Promise.all(Array.from({ length: 20 }, () => make("k1")));
  expect(runs.make).toBe(1);
  expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true);
  expect(
    replies
      .filter(({ status }) => status === 201)
      .every(({ body }) => JSON.stringify(body) === JSON.stringify({ id: "thing-1", name: "lamp" })),
  ).toBe(true);
  const events = await world.ctx.db.selectFrom("events").select("id").where("type", "=", "test.thing-made").execute();
  expect(events).toHaveLength(1);
});

test("a second request while the first is running gets 409, and its answer afterwards", async () => {
  const { make, hold, runs } = await worldOfThings();
  let release: () => void = () => undefined;
  hold.until = new Promise<void>((done) => (release = done));
  const first = make("k1");
  await expect.poll(() => runs.make).toBe(1);
  expect(await make("k1")).toMatchObject({ status: 409, body: { code: "idempotency-in-flight" } });
  release();
  expect(await first).toMatchObject({ status: 201 });
  expect(await make("k1")).toMatchObject({ status: 201, body: { id: "thing-1" } });
});

test("an answer that is given while a person is erased is not kept, and a repeat does nothing twice and is told so", async () => {
  const { make, hold, runs, world } = await worldOfThings();
  let release: () => void = () => undefined;
  hold.until = new Promise<void>((done) => (release = done));
  const first = make("k1");
  await expect.poll(() => runs.make).toBe(1);
  expect(await forgetAnswers(world.ctx)).toBe(1);
  release();
  expect(await first).toMatchObject({ status: 201, body: { name: "lamp" } });
  const repeat = await make("k1");
  expect(repeat).toMatchObject({ status: 410, body: { code: "answer-forgotten" } });
  expect(repeat.text).toContain("201");
  expect(runs.make).toBe(1);
});

test("the same key with another body or address is refused", async () => {
  const { make, world, runs } = await worldOfThings();
  await make("k1");
  expect(await make("k1", { name: "chair" })).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
  const elsewhere = await world.request("POST", "/things?x=1", {
    body: { name: "lamp" },
    headers: { "idempotency-key": "k1" },
  });
  expect(elsewhere).toMatchObject({ status: 422, body: { code: "idempotency-key-reused" } });
  expect(runs.make).toBe(1);
});

test("two callers may use the same key, each for their own request", async () => {
  const { make, runs } = await worldOfThings();
  await make("k1", { name: "lamp" }, "OWNER");
  expect(await make("k1", { name: "chair" }, "MEMBER")).toMatchObject({ status: 201, body: { name: "chair" } });
  expect(runs.make).toBe(2);
});

test("a refusal is an answer too: it is repeated, not decided again", async () => {
  const { world, runs } = await worldOfThings();
  const refuse = () => world.request("POST", "/things/refuse", { headers: { "idempotency-key": "k1" } });
  const first = await refuse();
  const second = await refuse();
  expect(first).toMatchObject({ status: 409, body: { code: "test-sold-out", detail: "The last one went yesterday." } });
  expect(second).toMatchObject({ status: 409, body: first.body });
  expect(second.headers["content-type"]).toContain("application/problem+json");
  expect(runs.refuse).toBe(1);
});

test("an answer without a body is repeated without one", async () => {
  const { world } = await worldOfThings();
  const remove = () => world.request("DELETE", "/things", { headers: { "idempotency-key": "k1" } });
  expect(await remove()).toMatchObject({ status: 204, text: "" });
  expect(await remove()).toMatchObject({ status: 204, text: "", headers: { "idempotency-replayed": "true" } });
});

test("after a fault of ours the key is busy for a minute and free again after it", async () => {
  const { world, runs } = await worldOfThings();
  const attempt = () => world.request("POST", "/things/break", { headers: { "idempotency-key": "k1" } });
  expect(await attempt()).toMatchObject({ status: 500, body: { code: "unexpected" } });
  expect(await attempt()).toMatchObject({ status: 409, body: { code: "idempotency-in-flight" } });
  world.clock.advance(60_000);
  expect(await attempt()).toMatchObject({ status: 500 });
  expect(runs.break).toBe(2);
});

test("a key is forgotten after a day", async () => {
  const { make, world, runs } = await worldOfThings();
  await make("k1");
  world.clock.advance(24 * 60 * 60_000 - 1);
  expect((await make("k1")).headers).toHaveProperty("idempotency-replayed");
  world.clock.advance(1);
  expect(await make("k1", { name: "another" })).toMatchObject({ status: 201, body: { name: "another" } });
  expect(runs.make).toBe(2);
});

test("kept answers cannot be read in the database", async () => {
  const { make, world } = await worldOfThings();
  await make("k1", { name: "very-secret-lamp" });
  const rows = await world.ctx.db.selectFrom("idempotencyKeys").selectAll().execute();
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain("very-secret-lamp");
});

test("a secret is answered once and kept nowhere: a repeat is told that it was shown, and makes no other", async () => {
  const { world, runs } = await worldOfThings();
  const mint = (name: string, key: string) =>
    world.request("POST", "/things/mint", { body: { name }, headers: { "idempotency-key": key } });
  expect(await mint("lamp", "k1")).toMatchObject({ status: 201, body: { secret: "secret-of-lamp" } });
  const rows = await world.ctx.db.selectFrom("idempotencyKeys").select(["status", "body"]).execute();
  expect(rows).toEqual([{ status: 201, body: null }]);
  const repeat = await mint("lamp", "k1");
  expect(repeat).toMatchObject({ status: 409, body: { code: "secret-shown-once" } });
  expect(repeat.text).not.toContain("secret-of-lamp");
  expect(runs.mint).toBe(1);

  expect(await mint("none", "k2")).toMatchObject({ status: 409, body: { code: "test-sold-out" } });
  expect(await mint("none", "k2")).toMatchObject({ status: 409, body: { code: "test-sold-out" } });
  expect(runs.mint).toBe(2);
});

test("a key that is no key is refused before anything is done", async () => {
  const { make, runs } = await worldOfThings();
  for (const key of ["", "with space", "é", "x".repeat(256)]) expect(await make(key)).toMatchObject({ status: 400 });
  expect(runs.make).toBe(0);
});

test("another workspace's key is another key", async () => {
  const here = await worldOfThings();
  const there = await worldOfThings();
  await here.make("k1");
  expect(await there.make("k1", { name: "chair" })).toMatchObject({ status: 201, body: { name: "chair" } });
});
