import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { keeperOf, keptDir, whenKeptIsDone } from "#platform/kept-requests.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { signMetaWebhook } from "#providers/leads/port.ts";
import { createApp } from "#server/app.ts";
import { enroll, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { temporaryDir } from "#test/processes.ts";
import { connectSendgrid, connectTwilio, post, sendgridPost, twilioText, until } from "#test/vendors.ts";
import { testDatabase, type World } from "#test/world.ts";

/** Longer than a test takes. */
const NEVER_MS = 3_600_000;

async function worldWithDisk(): Promise<World> {
  return readyWorld({ env: { DATA_DIR: await temporaryDir() } });
}

/** From now on the database of this process is away, until the returned function is called; `asked` says how often it was wanted. */
function cutOff(world: World): (() => void) & { asked: () => number } {
  let asked = 0;
  const real = { ...world.runtime };
  const away = new Proxy(world.ctx.db, {
    get() {
      throw Object.assign(new Error("terminating connection"), { code: "57P01" });
    },
  });
  Object.assign(world.runtime, {
    contextFor: (...whose: Parameters<typeof real.contextFor>) => {
      asked++;
      return { ...real.contextFor(...whose), db: away };
    },
  });
  return Object.assign(() => void Object.assign(world.runtime, real), { asked: () => asked });
}

const kept = (world: World) => readdir(keptDir(world.runtime.config.dataDir)).catch(() => []);
const suppressions = (world: World) =>
  world.ctx.db.selectFrom("suppressions").select(["kind", "value", "reason"]).execute();

/** A mail that went out, and the address at which its person says no. */
async function letter(world: World, hours = [0]) {
  const lead = await world.make.lead({ email: "ana@example.com" });
  const steps = hours.map((value) => ({ channel: "EMAIL", value, unit: "HOURS" }) as const);
  await enroll(world, await sequenceOf(world, steps), lead);
  await world.advance(1);
  const [message] = await messagesOf(world);
  const [, path] = /https?:\/\/[^/]+(\/u\/[^>]+)>/.exec(String(message?.headers["List-Unsubscribe"])) ?? [];
  if (path === undefined) throw new Error("The mail says no address to unsubscribe at");
  return path;
}

const unsubscribe = (server: World["app"]["server"], path: string) =>
  server.inject({
    method: "POST",
    url: path,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "List-Unsubscribe=One-Click",
  });

test("who unsubscribes while the database is away is answered, and suppressed when it is back, also by the next process", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  expect((await unsubscribe(world.app.server, `${path}x`)).statusCode).toBe(404);
  expect(await kept(world)).toHaveLength(1);
  // This one never sees the database again.
  await world.app.server.close();
  expect(await kept(world)).toHaveLength(1);

  const { config, clock } = world.runtime;
  const next = await createApp({ config, databaseUrl: (await testDatabase()).url, clock });
  await next.server.ready();
  await until(async () => (await kept(world)).length === 0);
  expect(await suppressions(world)).toEqual([{ kind: "EMAIL", value: "ana@example.com", reason: "UNSUBSCRIBE" }]);
  await next.stop();
});

test("the next process sends nothing before it has done what the one before has left", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  await world.app.server.close();

  const { config, clock } = world.runtime;
  const next = await createApp({ config, databaseUrl: (await testDatabase()).url, clock });
  onTestFinished(() => next.stop());
  await next.start();
  // As whoever hands a message over does, in the first turn of a loop.
  await whenKeptIsDone(world.workspace);
  expect(await suppressions(world)).toMatchObject([{ value: "ana@example.com" }]);
});

test("a process that stops hands nothing over any more while what it has kept is not done", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  await world.app.server.close();
  // Its loops turn until the last of their work is over, and the database may be back for them.
  await expect(whenKeptIsDone(world.workspace)).rejects.toThrow("stops before");
  await whenKeptIsDone("ws_another");
});

test("what another process of the same disk has done is done for the one that kept it, which sends again", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  keeperOf(world.runtime).pace.retryMs = NEVER_MS;
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  await until(async () => back.asked() === 2);

  const { config, clock } = world.runtime;
  const other = await createApp({ config, databaseUrl: (await testDatabase()).url, clock });
  onTestFinished(() => other.stop());
  await other.server.ready();
  await until(async () => (await kept(world)).length === 0);
  back();
  await whenKeptIsDone(world.workspace);
  expect(await suppressions(world)).toMatchObject([{ value: "ana@example.com" }]);
});

/** Another process of the same disk, that sees the database. */
async function beside(world: World, role: "web" | "worker" = "web") {
  const { config, clock } = world.runtime;
  const app = await createApp({ config: { ...config, role }, databaseUrl: (await testDatabase()).url, clock });
  onTestFinished(() => app.stop());
  await app.server.ready();
  return app;
}

test("a worker sends nothing before it has done what a web process of the same disk has kept and left", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  await world.app.server.ready();
  await beside(world, "worker");
  cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  // Nobody is left but the worker, which is told of nothing.
  await world.app.server.close();
  await whenKeptIsDone(world.workspace);
  expect(await suppressions(world)).toMatchObject([{ value: "ana@example.com" }]);
  expect(await kept(world)).toEqual([]);
});

test("what is kept for one workspace holds up no other, and for none what names no workspace", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  await world.app.server.ready();
  await whenKeptIsDone(world.workspace);
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  await whenKeptIsDone(newId("ws"));
  const stranger = { method: "POST", url: "/webhooks/..%2Felsewhere/twilio", payload: "x" } as const;
  expect((await world.app.server.inject(stranger)).statusCode).toBe(503);
  expect(await kept(world)).toHaveLength(1);
  back();
  await whenKeptIsDone(world.workspace);
  expect(await suppressions(world)).toHaveLength(1);
});

test("what the database gives up every time holds sending up for a while, is set aside and told, and is done when it no longer does", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  keeperOf(world.runtime).pace.retryMs = 1;
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  let asked = 0;
  Object.assign(world.runtime, {
    contextFor: () => {
      asked++;
      throw Object.assign(new Error("canceling statement due to statement timeout"), { code: "57014" });
    },
  });
  await whenKeptIsDone(world.workspace);
  expect(asked).toBeGreaterThan(5);
  expect(await kept(world)).toEqual([expect.stringMatching(/\.json\.failed$/)]);
  back();
  const { body } = await world.app.server.inject({ url: "/health/ready" });
  expect(JSON.parse(body)).toMatchObject({
    checks: { kept: { ok: true, detail: expect.stringContaining("1 could not") } },
  });
  // Whoever starts next tries it once before it sends anything.
  await beside(world);
  await whenKeptIsDone(world.workspace);
  expect(await suppressions(world)).toMatchObject([{ value: "ana@example.com" }]);
  expect(await kept(world)).toEqual([]);
});

test("what the database gives up of one workspace holds up only what is behind it of the same", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  await world.app.server.ready();
  await whenKeptIsDone(world.workspace);
  const keeper = keeperOf(world.runtime);
  const poisoned = newId("ws");
  const done: unknown[] = [];
  keeper.takes("poison", () =>
    Promise.reject(Object.assign(new Error("canceling statement due to statement timeout"), { code: "57014" })),
  );
  keeper.takes("harmless", async ({ whose }) => void done.push(whose));
  keeper.pace.retryMs = 5;
  await keeper.keep({ kind: "poison" }, poisoned);
  await keeper.keep({ kind: "harmless", whose: "the same" }, poisoned);
  await keeper.keep({ kind: "harmless", whose: "another" }, newId("ws"));
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  back();
  await whenKeptIsDone(world.workspace);
  expect(await suppressions(world)).toMatchObject([{ value: "ana@example.com" }]);
  await whenKeptIsDone(poisoned);
  expect(done).toEqual(["another", "the same"]);
});

test("what is kept and cannot be read is not taken for done", async () => {
  const world = await worldWithDisk();
  const dir = keptDir(world.runtime.config.dataDir);
  await mkdir(join(dir, "inb_0.json"), { recursive: true });
  const path = await letter(world);
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  back();
  await until(async () => (await kept(world)).join(" ") === "inb_0.json.failed");
  expect(await suppressions(world)).toMatchObject([{ value: "ana@example.com" }]);
});

test("a STOP that a vendor brings while the database is away is heeded once when it is back, and a forged one never", async () => {
  const world = await worldWithDisk();
  const lead = await world.make.lead({ phone: "+12125550142", country: "US" });
  await connectTwilio(world);
  const text = (sid: string) => ({ sid, from: lead.phone ?? "", body: "STOP" });
  const genuine = twilioText(world, text("SM1"));
  const back = cutOff(world);
  expect(await post(world, genuine)).toBe(503);
  expect(await post(world, twilioText(world, { ...text("SM2"), from: "+12125550143" }, "not the token"))).toBe(503);
  expect(await kept(world)).toHaveLength(2);
  back();
  // Its vendor asks again, too.
  expect(await post(world, genuine)).toBe(200);
  await until(async () => (await kept(world)).length === 0);
  await world.drain();
  expect(await suppressions(world)).toEqual([{ kind: "PHONE", value: lead.phone, reason: "STOP_REPLY" }]);
  const words = world.ctx.db.selectFrom("messages").select("text").where("direction", "=", "inbound");
  expect(await words.execute()).toHaveLength(1);
});

test("what a vendor brought while the database was away is heeded however long that was: its signature is as old as it was then", async () => {
  const world = await worldWithDisk();
  await connectSendgrid(world);
  const back = cutOff(world);
  const complaint = {
    event: "spamreport",
    email: "ana@example.com",
    sg_event_id: "e1",
    sg_message_id: "m1",
    timestamp: 1,
  };
  expect(await post(world, sendgridPost(world, [complaint]))).toBe(503);
  world.clock.advance(3 * 3_600_000);
  back();
  await until(async () => (await kept(world)).length === 0);
  expect(await world.ctx.db.selectFrom("inboundEvents").select("externalId").execute()).toHaveLength(1);
});

test("what cannot be done because of a fault of ours is set aside, and not lost", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  const away = { ...world.runtime };
  Object.assign(world.runtime, {
    contextFor: () => {
      throw new Error("A fault of ours");
    },
  });
  await until(async () => (await kept(world)).some((name) => name.endsWith(".failed")));
  Object.assign(world.runtime, away);
  back();
  expect(await kept(world)).toHaveLength(1);
});

test("a no that was kept is done before its process sends anything again, however soon the database is back", async () => {
  const world = await worldWithDisk();
  const path = await letter(world, [0, 1]);
  keeperOf(world.runtime).pace.retryMs = NEVER_MS;
  const back = cutOff(world);
  expect((await unsubscribe(world.app.server, path)).statusCode).toBe(200);
  // By the request, and once by what was kept.
  await until(async () => back.asked() === 2);
  back();
  // The next letter is due now, and nobody else would try again what is kept.
  await world.advance(3_600_000);
  expect(await suppressions(world)).toMatchObject([{ kind: "EMAIL", reason: "UNSUBSCRIBE" }]);
  expect((await messagesOf(world)).filter(({ status }) => status !== "cancelled")).toHaveLength(1);
});

test("so is a STOP that a vendor brought: it is read before its process sends anything again", async () => {
  const world = await worldWithDisk();
  const lead = await world.make.lead({ phone: "+12125550142", country: "US" });
  await connectTwilio(world);
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 1, unit: "HOURS" }]), lead);
  keeperOf(world.runtime).pace.retryMs = NEVER_MS;
  const back = cutOff(world);
  expect(await post(world, twilioText(world, { sid: "SM1", from: lead.phone ?? "", body: "STOP" }))).toBe(503);
  await until(async () => back.asked() === 2);
  back();
  await world.advance(3_600_000);
  expect(await suppressions(world)).toMatchObject([{ kind: "PHONE", reason: "STOP_REPLY" }]);
  const sent = (await messagesOf(world)).filter(
    ({ status, direction }) => direction === "outbound" && status !== "cancelled",
  );
  expect(sent.map(({ purpose }) => purpose)).not.toContain("sequence");
});

test("who turns everything off on the page of their link while the database is away is answered, and it is done; other choices are asked for again", async () => {
  const world = await worldWithDisk();
  const path = await letter(world);
  const save = (payload: string) =>
    world.app.server.inject({
      method: "POST",
      url: `${path}/preferences`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload,
    });
  const back = cutOff(world);
  expect((await save("channel=EMAIL")).statusCode).toBe(503);
  const off = await save("");
  expect(off.statusCode).toBe(200);
  expect(off.body).toContain("You are unsubscribed");
  expect(await kept(world)).toHaveLength(1);
  back();
  await until(async () => (await kept(world)).length === 0);
  expect(await suppressions(world)).toMatchObject([
    { kind: "EMAIL", value: "ana@example.com", reason: "UNSUBSCRIBE" },
    { kind: "PHONE", reason: "UNSUBSCRIBE" },
  ]);
});

test("a lead of an advertisement that a vendor brings while the database is away is taken in when it is back, and a forged one never", async () => {
  const world = await worldWithDisk();
  const secret = "the-app-secret";
  await connectIntegration(world.runtime, world.ctx, {
    provider: "meta-leads",
    credentials: { appSecret: secret, verifyToken: "a-word-of-ours", pageAccessToken: "page-token" },
  });
  const notice = (id: string, by: string) => {
    const value = { leadgen_id: id, form_id: "7", page_id: "8", created_time: 1_772_452_770 };
    const payload = JSON.stringify({
      object: "page",
      entry: [{ id: "8", time: 1, changes: [{ field: "leadgen", value }] }],
    });
    return world.app.server.inject({
      method: "POST",
      url: `/webhooks/${world.workspace}/meta-leads`,
      headers: { "content-type": "application/json", "x-hub-signature-256": signMetaWebhook(by, Buffer.from(payload)) },
      payload,
    });
  };
  const back = cutOff(world);
  expect((await notice("901", secret)).statusCode).toBe(503);
  expect((await notice("902", "another")).statusCode).toBe(503);
  expect(await kept(world)).toHaveLength(2);
  back();
  await until(async () => (await kept(world)).length === 0);
  const submissions = world.ctx.db.selectFrom("leadSubmissions").select("externalId");
  expect(await submissions.execute()).toEqual([{ externalId: "901" }]);
});
