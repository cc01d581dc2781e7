import { expect, test } from "vitest";
import { countSends } from "#platform/metrics.ts";
import { testWorld } from "#test/world.ts";
import { checkLoops } from "./health.ts";

test("a process is alive as long as it answers, and ready when its database is", async () => {
  const world = await testWorld();
  expect(await world.request("GET", "/health/live", { as: "anonymous" })).toMatchObject({
    status: 200,
    body: { status: "ok" },
  });
  expect(await world.request("GET", "/health/ready", { as: "anonymous" })).toMatchObject({
    status: 200,
    body: { status: "ok", checks: { database: { ok: true }, migrations: { ok: true }, work: { ok: true } } },
  });
});

test("a loop that has not come round for a minute is stuck", () => {
  const now = new Date("2026-03-02T12:00:00Z");
  const loop = (lastTurnAt: Date | null) => ({
    worker: undefined,
    loops: [{ name: "a.loop", everyMs: 500, lastTurnAt, lastError: null }],
  });
  expect(checkLoops(now, loop(null)).ok).toBe(true);
  expect(checkLoops(now, loop(new Date("2026-03-02T11:59:01Z"))).ok).toBe(true);
  expect(checkLoops(now, loop(new Date("2026-03-02T11:58:59Z")))).toEqual({ ok: false, detail: "stuck: a.loop" });
});

test("a worker that is not running makes the process unready", () => {
  const worker = { isAlive: () => false, stop: async () => undefined };
  expect(checkLoops(new Date(), { worker, loops: [] }).ok).toBe(false);
});

test("figures are for this machine, or for whoever has the token", async () => {
  const open = await testWorld();
  countSends("EMAIL", "accepted", 3);
  const figures = await open.request("GET", "/metrics", { as: "anonymous" });
  expect(figures.status).toBe(200);
  expect(figures.text).toMatch(/throughline_sends_total\{channel="EMAIL",outcome="accepted"\} 3/);
  expect(figures.text).toContain('throughline_queue_jobs{state="ready"} 0');
  expect(figures.text).toContain("throughline_http_request_duration_seconds_bucket");
  const proxied = await open.request("GET", "/metrics", {
    as: "anonymous",
    headers: { "x-forwarded-for": "203.0.113.9" },
  });
  expect(proxied.status).toBe(404);

  const closed = await testWorld({ env: { METRICS_TOKEN: "a-long-enough-token" } });
  expect((await closed.request("GET", "/metrics", { as: "anonymous" })).status).toBe(404);
  const authorization = "Bearer a-long-enough-token";
  expect((await closed.request("GET", "/metrics", { as: "anonymous", headers: { authorization } })).status).toBe(200);
});
