import { expect, test } from "vitest";
import { z } from "zod";
import type { Dns } from "#platform/dns.ts";
import { connectTwilio, post, twilioPost } from "#test/vendors.ts";
import { type World, testWorld } from "#test/world.ts";

const DAY = 24 * 60;
type Body = Record<string, unknown>;

const add = async (world: World, body: Body) => world.request("POST", "/senders", { body });
const idOf = ({ body }: { body: unknown }) => z.object({ id: z.string() }).parse(body).id;

/** A domain name system that knows nothing, and can be taught. */
function teachable() {
  const texts = new Map<string, string[]>();
  let asked = 0;
  const dns: Dns = {
    txt: async (name) => {
      asked += 1;
      const records = texts.get(name);
      return records ? { kind: "found", records } : { kind: "none" };
    },
    cname: async () => ({ kind: "none" }),
    mx: async (name) => ({ kind: "found", records: [{ exchange: `mx.${name}`, priority: 10 }] }),
  };
  return { dns, texts, count: () => asked };
}

test("a sender is added, changed, paused, resumed and removed; each act is written down", async () => {
  const world = await testWorld();
  const made = await add(world, { channel: "EMAIL", address: "Ada@Maple.example", displayName: "Ada" });
  expect(made).toMatchObject({
    status: 201,
    body: {
      address: "ada@maple.example",
      status: "ACTIVE",
      takesNew: true,
      perDay: 200,
      today: { day: "2026-03-02", used: 0, limit: 20 },
      ramp: { full: "2026-05-31" },
      health: { sends: 0 },
      domain: { name: "maple.example", status: null, checkedAt: null },
    },
  });
  const path = `/senders/${idOf(made)}`;
  expect(await add(world, { channel: "EMAIL", address: "ada@maple.example" })).toMatchObject({
    status: 409,
    body: { code: "sender-exists" },
  });
  const change = { hasRamp: false, perDay: 90, takesNew: false };
  expect((await world.request("PATCH", path, { body: change })).body).toMatchObject({
    ramp: null,
    perDay: 90,
    takesNew: false,
    today: { limit: 90 },
  });
  expect((await world.request("POST", `${path}/pause`, { body: { reason: "Moving house" } })).body).toMatchObject({
    status: "PAUSED",
    paused: { cause: "person", reason: "Moving house" },
  });
  expect((await world.request("GET", "/senders?status=PAUSED&q=maple")).body).toMatchObject({
    data: [{ address: "ada@maple.example" }],
  });
  expect((await world.request("POST", `${path}/resume`, { body: {} })).body).toMatchObject({
    status: "ACTIVE",
    paused: null,
  });
  expect(await world.request("DELETE", path)).toMatchObject({ status: 204 });
  expect(await world.request("GET", path)).toMatchObject({ status: 404 });
  const events = await world.ctx.db
    .selectFrom("events")
    .select("type")
    .where("type", "like", "messaging.sender-%")
    .execute();
  expect(events.map(({ type }) => type.replace("messaging.sender-", "")).toSorted()).toEqual([
    "added",
    "changed",
    "paused",
    "removed",
    "resumed",
  ]);
});

test("an address that the channel cannot send from, and an integration of another channel, are refused on their fields", async () => {
  const world = await testWorld();
  await connectTwilio(world);
  const { id: integrationId } = await world.ctx.db
    .selectFrom("integrationConfigs")
    .select("id")
    .executeTakeFirstOrThrow();
  for (const [body, pointer] of [
    [{ channel: "EMAIL", address: "+1 212 555 0123" }, "/address"],
    [{ channel: "SMS", address: "ada@maple.example" }, "/address"],
    [{ channel: "CALL", address: "no number" }, "/address"],
    [{ channel: "EMAIL", address: "ada@maple.example", integrationId }, "/integrationId"],
    [{ channel: "EMAIL", address: "ada@maple.example", dkimSelector: "two words" }, "/dkimSelector"],
  ] as const)
    expect(await add(world, body), JSON.stringify(body)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    });
  expect(await add(world, { channel: "SMS", address: "+1 212 555 0123", integrationId })).toMatchObject({
    body: { address: "+12125550123", integrationId, domain: null },
  });
});

test("the domain is looked up when a sender is added, when asked, and once a day; what was found is kept with its time", async () => {
  const { dns, texts, count } = teachable();
  const world = await testWorld({ dns });
  const path = `/senders/${idOf(await add(world, { channel: "EMAIL", address: "ada@maple.example", dkimSelector: "s1" }))}`;
  await world.drain();
  expect((await world.request("GET", path)).body).toMatchObject({
    domain: {
      status: "incomplete",
      checkedAt: "2026-03-02T12:00:00.000Z",
      checks: [{ record: "SPF", state: "missing" }, { state: "missing" }, { state: "missing" }, { state: "ok" }],
    },
  });
  texts.set("maple.example", ["v=spf1 mx ~all"]);
  expect((await world.request("POST", `${path}/check-domain`, { body: {} })).body).toMatchObject({
    domain: { status: "incomplete", checks: [{ state: "ok" }, { state: "missing" }, { state: "missing" }, {}] },
  });
  texts.set("s1._domainkey.maple.example", ["p=MIGf"]);
  texts.set("_dmarc.maple.example", ["v=DMARC1; p=none"]);
  const before = count();
  await world.advance(DAY - 1);
  expect(count()).toBe(before);
  await world.advance(2);
  expect((await world.request("GET", path)).body).toMatchObject({
    domain: { status: "ready", checkedAt: "2026-03-03T12:01:00.000Z" },
  });
});

test("whoever writes first to a sender is answered from it", async () => {
  const world = await testWorld();
  await add(world, { channel: "SMS", address: "+12125550170" });
  const asked = await add(world, { channel: "SMS", address: "+12125550171" });
  const vendor = await connectTwilio(world);
  const lead = await world.make.lead({ phone: "+12125550199" });
  const text = { MessageSid: "SM9", From: "+12125550199", To: "+12125550171", Body: "HELP" };
  expect(await post(world, twilioPost(world, text))).toBe(200);
  await world.drain();
  expect(await world.ctx.db.selectFrom("leadSenders").select(["leadId", "senderId"]).execute()).toEqual([
    { leadId: lead.id, senderId: idOf(asked) },
  ]);
  expect(vendor.taken.map(({ body }) => new URLSearchParams(body).get("From"))).toEqual(["+12125550171"]);
});

test("a test goes out from a sender, in its budget, and says why when there is none", async () => {
  const world = await testWorld();
  await add(world, { channel: "SMS", address: "+12125550170", perDay: 1 });
  const script = await world.request("POST", "/scripts", { body: { name: "Hi", type: "SMS", content: "Hello" } });
  const path = `/scripts/${idOf(script)}/test-send`;
  expect(await world.request("POST", path, { body: { to: "+12125550123" } })).toMatchObject({
    body: { status: "sent" },
  });
  expect(await world.sandbox.sms()).toMatchObject([{ from: "+12125550170" }]);
  expect(await world.request("POST", path, { body: { to: "+12125550123" } })).toMatchObject({
    status: 409,
    body: { code: "test-refused", detail: "The senders of the channel have sent 1 today, as many as a day allows." },
  });
});
