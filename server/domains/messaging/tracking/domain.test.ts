import { expect, test } from "vitest";
import type { Dns } from "#platform/dns.ts";
import { testWorld } from "#test/world.ts";
import { updateSettings } from "#domains/accounts/index.ts";
import { judgeTrackingDomain, type TrackingDomain } from "./domain.ts";

test.each<[Parameters<typeof judgeTrackingDomain>[2], TrackingDomain["state"]]>([
  [{ kind: "found", records: ["App.Example."] }, "points"],
  [{ kind: "found", records: ["other.example"] }, "elsewhere"],
  [{ kind: "none" }, "missing"],
  [{ kind: "failed", detail: "no answer in time" }, "unknown"],
  [null, "none"],
])("a host of which the name servers say %j is in the state %s", (answer, state) => {
  expect(judgeTrackingDomain("go.maple.example", "app.example", answer)).toMatchObject({
    state,
    target: "app.example",
  });
});

test("the page says which CNAME to publish, and whether it is there, as soon as it is", async () => {
  const records = new Map<string, string>();
  const dns: Dns = {
    txt: async () => ({ kind: "none" }),
    mx: async () => ({ kind: "none" }),
    cname: async (name) => {
      const record = records.get(name);
      return record ? { kind: "found", records: [record] } : { kind: "none" };
    },
  };
  const world = await testWorld({ dns, env: { PUBLIC_URL: "https://app.example" } });
  const look = async () => (await world.request("GET", "/workspace/tracking-domain")).body;
  expect(await look()).toMatchObject({ state: "none", host: "" });
  await updateSettings(world.ctx, { trackingHost: "go.maple.example" });
  expect(await look()).toMatchObject({ state: "missing", host: "go.maple.example", target: "app.example" });
  records.set("go.maple.example", "app.example");
  expect(await look()).toMatchObject({ state: "points" });
});

test.each([
  "https://go.maple.example",
  "go.maple.example/l",
  "go.maple.example:8080",
  "localhost",
  "1.2.3.4",
  "-a.example",
])("%s is no host name", async (trackingHost) => {
  const world = await testWorld();
  const reply = await world.request("PATCH", "/workspace/settings", { body: { trackingHost } });
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: "/trackingHost" }] } });
});
