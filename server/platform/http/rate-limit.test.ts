import fc from "fast-check";
import { expect, test } from "vitest";
import { createApiKey } from "#domains/accounts/commands/create-api-key.ts";
import { virtualClock } from "#platform/clock.ts";
import { testWorld } from "#test/world.ts";
import { createBuckets } from "./rate-limit.ts";

const START = new Date("2026-03-02T12:00:00Z");

test("a bucket lets a minute's worth through at once, then as much as time refills", () => {
  const clock = virtualClock(START);
  const buckets = createBuckets(clock);
  const take = () => buckets.take("a", 60).allowed;
  expect(Array.from({ length: 61 }, take).filter(Boolean)).toHaveLength(60);
  clock.advance(1_000);
  expect([take(), take()]).toEqual([true, false]);
  clock.advance(60_000);
  expect(Array.from({ length: 61 }, take).filter(Boolean)).toHaveLength(60);
});

test("whoever is refused is told when the next request will be let through", () => {
  const clock = virtualClock(START);
  const buckets = createBuckets(clock);
  for (let i = 0; i < 6; i++) buckets.take("a", 6);
  const refused = buckets.take("a", 6);
  expect(refused).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 10 });
  clock.advance(refused.retryAfterSeconds * 1_000);
  expect(buckets.take("a", 6).allowed).toBe(true);
});

test("no schedule of requests gets more through than one bucket and what refills", () => {
  const schedule = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(schedule, fc.integer({ min: 1, max: 100 }), (pauses, perMinute) => {
      const clock = virtualClock(START);
      const buckets = createBuckets(clock);
      let allowed = 0;
      for (const pause of pauses) {
        clock.advance(pause);
        if (buckets.take("a", perMinute).allowed) allowed++;
      }
      const passed = clock.now().getTime() - START.getTime();
      expect(allowed).toBeLessThanOrEqual(perMinute + (passed * perMinute) / 60_000 + 1e-6);
    }),
  );
});

test("a clock that is set back takes nothing away and gives nothing", () => {
  const clock = virtualClock(START);
  const buckets = createBuckets(clock);
  buckets.take("a", 2);
  clock.set(new Date(START.getTime() - 3_600_000));
  expect(buckets.take("a", 2).allowed).toBe(true);
  expect(buckets.take("a", 2).allowed).toBe(false);
});

test("people, keys and addresses have a limit each, and over it is 429 with Retry-After", async () => {
  const env = { RATE_LIMIT_PER_USER: "3", RATE_LIMIT_PER_KEY: "2", RATE_LIMIT_PER_ADDRESS: "1" };
  const world = await testWorld({ env });
  const { key: apiKey } = await createApiKey(world.ctx, {
    name: "Test",
    scopes: ["workspace:read"],
    expiresInDays: null,
  });
  const statuses = async (as: Parameters<typeof world.request>[2]) => {
    const replies = [];
    for (let i = 0; i < 4; i++) replies.push(await world.request("GET", "/events/types", as));
    return replies;
  };
  expect((await statuses({ as: "OWNER" })).map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect((await statuses({ as: "ADMIN" })).map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect((await statuses({ as: { apiKey } })).map(({ status }) => status)).toEqual([200, 200, 429, 429]);
  const strangers = await statuses({ as: "anonymous" });
  expect(strangers.map(({ status }) => status)).toEqual([401, 429, 429, 429]);
  expect(strangers[1]).toMatchObject({
    body: { code: "too-many-requests" },
    headers: { "retry-after": "60", "ratelimit-remaining": "0" },
  });
});

test("whoever tries keys until one fits is counted by address", async () => {
  const world = await testWorld({ env: { RATE_LIMIT_PER_ADDRESS: "2" } });
  const guess = (n: number) => world.request("GET", "/me", { as: { apiKey: `tl_wrong-${n}` } });
  expect([(await guess(1)).status, (await guess(2)).status, (await guess(3)).status]).toEqual([401, 401, 429]);
});
