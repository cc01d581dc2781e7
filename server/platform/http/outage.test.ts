import { expect, onTestFinished, test } from "vitest";
import { createApp } from "#server/app.ts";
import { testConfig } from "#test/world.ts";

/** Nothing listens there. */
const NOWHERE = "postgresql://postgres:x@127.0.0.1:1/throughline";

test("while the database is away requests get 503 and are told to come back, and the process says it is not ready", async () => {
  const app = await createApp({ config: testConfig(NOWHERE), databaseUrl: NOWHERE });
  onTestFinished(() => app.stop());
  const keyed = await app.server.inject({ url: "/api/v1/me", headers: { "x-api-key": "tl_whatever" } });
  expect(keyed.statusCode).toBe(503);
  expect(keyed.headers["retry-after"]).toBe("2");
  expect(keyed.json()).toMatchObject({ code: "unavailable", type: "/problems/unavailable" });
  const ready = await app.server.inject({ url: "/health/ready" });
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ status: "unavailable", checks: { database: { ok: false } } });
  expect((await app.server.inject({ url: "/health/live" })).statusCode).toBe(200);
  expect((await app.server.inject({ url: "/api/v1/info" })).statusCode).toBe(200);
});
