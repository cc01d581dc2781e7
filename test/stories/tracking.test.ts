import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { updateSettings } from "#domains/accounts/index.ts";
import { recorderOf } from "#domains/messaging/tracking/recorder.ts";
import { elapsed } from "#platform/clock.ts";
import { freePort, start, temporaryDir } from "#test/processes.ts";
import { countEvents, enroll, executionsOf, messagesOf, readyWorld, sequenceOf } from "#test/sequences.ts";
import { connectSendgrid, post, sendgridPost, until } from "#test/vendors.ts";
import { testDatabase, type World } from "#test/world.ts";

const PERSON =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const LETTER = "Hello {{ firstName }}, [book](https://book.example/slot?a=1&b=2) or [read](https://read.example/).";

async function trackedWorld(): Promise<World> {
  // In the morning of New York: texts may go.
  const world = await readyWorld({ start: new Date("2026-03-02T15:00:00Z") });
  await updateSettings(world.ctx, { trackOpens: true, trackClicks: true, trackingHost: "go.maple.example" });
  return world;
}

async function letter(world: World, content = LETTER) {
  const lead = await world.make.lead();
  await enroll(world, await sequenceOf(world, [{ channel: "EMAIL", value: 0, unit: "HOURS", content }]), lead);
  await world.drain();
  const [message] = await messagesOf(world);
  const html = message?.html ?? "";
  const links = [...html.matchAll(/href="http:\/\/go\.maple\.example(\/l\/[\w-]+)"/g)].map(([, path = ""]) => path);
  const picture = /src="http:\/\/go\.maple\.example(\/o\/[\w-]+\.gif)"/.exec(html)?.[1] ?? "";
  return { lead, message, html, links, picture };
}

/** Follows a link or fetches the picture on the workspace's own host, and waits until it is written down. */
async function visit(world: World, url: string, { agent = PERSON, method = "GET" as "GET" | "HEAD" } = {}) {
  const headers = { host: "go.maple.example", "user-agent": agent };
  const reply = await world.app.server.inject({ method, url, headers });
  await recorderOf(world.runtime).written();
  return reply;
}

const seen = (world: World) =>
  world.ctx.db.selectFrom("engagements").select(["kind", "url", "source", "botReason"]).orderBy("id").execute();

test("a link on the workspace's own host leads where it led before; a person's first open and click are on the message, the touch and the timeline, once", async () => {
  const world = await trackedWorld();
  const { links, picture, html, message } = await letter(world);
  expect(links).toHaveLength(2);
  expect(html).not.toContain("book.example");
  expect(html).toContain(`${world.runtime.config.publicUrl}/u/`);
  await world.advance(5);
  const opened = await visit(world, picture);
  expect(opened).toMatchObject({
    statusCode: 200,
    headers: { "content-type": "image/gif", "cache-control": "no-store" },
  });
  const openedAt = world.clock.now();
  await world.advance(1);
  const clicked = await visit(world, links[0] ?? "");
  expect(clicked).toMatchObject({
    statusCode: 302,
    headers: {
      location: "https://book.example/slot?a=1&b=2",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    },
  });
  const clickedAt = world.clock.now();
  await visit(world, links[0] ?? "");
  await visit(world, picture);
  await world.advance(1);
  expect(await messagesOf(world)).toMatchObject([{ openedAt, clickedAt, status: "delivered" }]);
  expect(await executionsOf(world)).toMatchObject([
    { status: "DELIVERED", result: { openedAt: openedAt.toISOString(), clickedAt: clickedAt.toISOString() } },
  ]);
  expect(await countEvents(world, "messaging.message-opened")).toBe(1);
  expect(await countEvents(world, "messaging.message-clicked")).toBe(1);
  await visit(world, links[1] ?? "");
  await world.advance(1);
  expect(await countEvents(world, "messaging.message-clicked")).toBe(2);
  const shown = await world.request("GET", `/messages/${message?.id}`);
  expect(JSON.stringify(shown.body)).not.toContain("go.maple.example");
  expect(shown.body).toMatchObject({ openedAt: openedAt.toISOString() });
});

test("what machines do is kept with its reason, counts for nobody, and stops or proves nothing", async () => {
  const world = await trackedWorld();
  const { links, picture } = await letter(world, `${LETTER} [more](https://more.example/)`);
  await visit(world, links[0] ?? "");
  await world.advance(10);
  await visit(world, links[0] ?? "", { method: "HEAD" });
  await visit(world, links[1] ?? "", { agent: "Slackbot-LinkExpanding 1.0" });
  await visit(world, picture, { agent: "Mozilla/5.0" });
  await world.advance(10);
  for (const link of links) await visit(world, link);
  await world.advance(10);
  const reasons = (await seen(world)).map(({ botReason }) => botReason);
  expect(reasons).toEqual(["too_soon", "head_request", "scanner", "prefetch", "burst", "burst", "burst"]);
  expect(await messagesOf(world)).toMatchObject([{ status: "sent", openedAt: null, clickedAt: null }]);
  expect(await countEvents(world, "messaging.message-clicked")).toBe(0);
  await visit(world, links[2] ?? "");
  await world.advance(1);
  expect((await messagesOf(world))[0]?.clickedAt).not.toBeNull();
});

test("a text's links are short, and lead on although its lead was erased; then nothing is noted", async () => {
  const world = await trackedWorld();
  const lead = await world.make.lead();
  const content = "Hi, pick a time: https://book.example/slot?who={{ lastName | url_encode }}. Yours";
  await enroll(world, await sequenceOf(world, [{ channel: "SMS", value: 0, unit: "HOURS", content }]), lead);
  await world.drain();
  const [message] = await messagesOf(world);
  const path = /http:\/\/go\.maple\.example(\/l\/[\w-]{12})\. Yours$/.exec(message?.text ?? "")?.[1] ?? "";
  await world.advance(1);
  const reply = await visit(world, path);
  expect(reply.headers["location"]).toMatch(/^https:\/\/book\.example\/slot\?who=Example/);
  await world.advance(1);
  expect((await messagesOf(world))[0]?.clickedAt).not.toBeNull();
  const erased = await world.request("POST", `/leads/${lead.id}/erase`, {
    body: { reason: "Asked", confirm: lead.fullName ?? `${lead.firstName} ${lead.lastName}` },
  });
  expect(erased.status).toBeLessThan(300);
  expect((await visit(world, path)).headers["location"]).toBe("https://book.example/slot");
  await world.advance(1);
  expect(await seen(world)).toMatchObject([{ kind: "CLICK", url: null }]);
});

test("nothing leads to where we did not put it", async () => {
  const world = await trackedWorld();
  const { links } = await letter(world);
  const forged = [
    "/l/https://evil.example",
    "/l//evil.example",
    `${links[0]}x`,
    `${links[0]?.slice(0, 71)}${Buffer.from("https://evil.example").toString("base64url")}`,
    "/l/AAAAAAAAAAAA",
    "/l/",
  ];
  for (const path of forged) {
    const reply = await visit(world, path);
    expect([path, reply.statusCode, reply.headers["location"]]).toEqual([path, 404, undefined]);
  }
  expect(await seen(world)).toEqual([]);
});

test("who tries short links at random is slowed down, and a link of a mail is not", async () => {
  const world = await trackedWorld();
  const { links } = await letter(world);
  const codes = new Set<number>();
  for (let index = 0; index < 70; index += 1)
    codes.add((await visit(world, `/l/${String(index).padStart(12, "A")}`)).statusCode);
  expect([...codes]).toEqual([404, 429]);
  expect((await visit(world, links[0] ?? "")).statusCode).toBe(302);
});

test("a vendor's opens and clicks take the same way: its machines are marked, and what we saw ourselves is not counted twice", async () => {
  const world = await trackedWorld();
  await connectSendgrid(world);
  const { picture, links } = await letter(world);
  const [message] = await messagesOf(world);
  await world.advance(5);
  await visit(world, picture);
  const at = Math.floor(world.clock.now().getTime() / 1000);
  const event = (event: string, id: string, rest: object = {}) => ({
    event,
    sg_event_id: id,
    sg_message_id: `${message?.providerRef}.recv`,
    email: message?.to,
    timestamp: at,
    useragent: PERSON,
    ...rest,
  });
  const events = [
    event("open", "e1"),
    event("click", "e2", { url: `http://go.maple.example${links[0]}` }),
    event("open", "e3", { sg_machine_open: true, timestamp: at + 300 }),
    event("open", "e4", { timestamp: at + 240 }),
    event("click", "e5", { url: "https://elsewhere.example", timestamp: at + 240 }),
  ];
  expect(await post(world, sendgridPost(world, events))).toBe(200);
  await world.advance(10);
  expect(await post(world, sendgridPost(world, events))).toBe(200);
  await world.advance(10);
  expect(await seen(world)).toMatchObject([
    { kind: "OPEN", source: "tracking", botReason: null },
    { kind: "OPEN", source: "sendgrid", botReason: "vendor_says" },
    { kind: "OPEN", source: "sendgrid", botReason: null },
    { kind: "CLICK", source: "sendgrid", botReason: null, url: "https://elsewhere.example" },
  ]);
  expect(await countEvents(world, "messaging.message-opened")).toBe(1);
  expect(await countEvents(world, "messaging.message-clicked")).toBe(1);
});

test("a click is in the database before its redirect is answered, many at once too: a process that is killed then loses none", async () => {
  const world = await trackedWorld();
  const { links } = await letter(world);
  await world.advance(5);
  const headers = { host: "go.maple.example", "user-agent": PERSON };
  let answered = 0;
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      const { statusCode } = await world.app.server.inject({ method: "GET", url: links[0] ?? "", headers });
      answered += statusCode === 302 ? 1 : 0;
      const before = answered;
      expect((await seen(world)).length).toBeGreaterThanOrEqual(before);
    }),
  );
  expect(await seen(world)).toHaveLength(40);
});

test("a link leads on while the database is slow, and the click is written when it is not", async () => {
  const world = await trackedWorld();
  const { links } = await letter(world);
  await world.advance(5);
  const client = await world.app.ownerPool.connect();
  await client.query("begin; lock table engagements in access exclusive mode");
  const headers = { host: "go.maple.example", "user-agent": PERSON };
  const reply = await world.app.server.inject({ method: "GET", url: links[0] ?? "", headers });
  expect(reply).toMatchObject({ statusCode: 302, headers: { location: "https://book.example/slot?a=1&b=2" } });
  await client.query("commit");
  client.release();
  await recorderOf(world.runtime).written();
  expect(await seen(world)).toMatchObject([{ kind: "CLICK" }]);
});

test("a link leads on while the database is away, and the click is written down when it is back", async () => {
  const world = await trackedWorld();
  const { links } = await letter(world);
  await world.advance(5);
  const real = { ...world.runtime };
  let isAway = true;
  const away = new Proxy(world.ctx.db, {
    get() {
      throw Object.assign(new Error("terminating connection"), { code: "57P01" });
    },
  });
  Object.assign(world.runtime, {
    contextFor: (...asked: Parameters<typeof real.contextFor>) =>
      isAway ? { ...real.contextFor(...asked), db: away } : real.contextFor(...asked),
  });
  const reply = await visit(world, links[0] ?? "");
  expect(reply).toMatchObject({ statusCode: 302, headers: { location: "https://book.example/slot?a=1&b=2" } });
  isAway = false;
  await recorderOf(world.runtime).written();
  await world.advance(1);
  expect((await messagesOf(world))[0]?.clickedAt).not.toBeNull();
});

test("a click while the database does not answer outlives a killed process, leads on in time, and counts once", async () => {
  const world = await trackedWorld();
  const { links } = await letter(world);
  const { url } = await testDatabase();
  const DATA_DIR = await temporaryDir();
  const [SECRET_KEY, PORT] = [world.runtime.config.secretKey.toString("base64"), String(await freePort())];
  const env = { ROLE: "web", DATABASE_URL: url, DATA_DIR, SECRET_KEY, PORT, LOG_LEVEL: "fatal" };
  const follow = () =>
    fetch(`http://127.0.0.1:${PORT}${links[0]}`, { redirect: "manual", headers: { "user-agent": PERSON } });
  const client = await world.app.ownerPool.connect();
  try {
    const first = start(env);
    await first.until(/is running/);
    await client.query("begin; lock table engagements in access exclusive mode");
    const begun = elapsed();
    const replies = await Promise.all([follow(), follow()]);
    expect(replies.map(({ status }) => status)).toEqual([302, 302]);
    // Half a second is the bound; the rest is a busy machine's.
    expect(elapsed() - begun).toBeLessThan(5_000);
    first.child.kill("SIGKILL");
    await first.exit;
    // The server would do for the dead what it was asked for.
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
  } finally {
    await client.query("commit");
    client.release();
  }
  expect(await seen(world)).toEqual([]);
  expect(await readdir(join(DATA_DIR, "clicks"))).toHaveLength(1);

  const again = start(env);
  await again.until(/is running/);
  await until(async () => (await readdir(join(DATA_DIR, "clicks"))).length === 0);
  expect(await seen(world)).toMatchObject([{ kind: "CLICK" }, { kind: "CLICK" }]);
  again.child.kill("SIGTERM");
  await again.exit;
  expect(await seen(world)).toHaveLength(2);
});

test.each(["EMAIL", "SMS"] as const)(
  "what is sent again by %s has links of its own, each led over us once, though the host changed in between",
  async (channel) => {
    const world = await trackedWorld();
    const lead = await world.make.lead({ country: "DE", timeZone: "Europe/Berlin" });
    const content = channel === "EMAIL" ? LETTER : "Book: https://book.example/slot?a=1&b=2.";
    await enroll(world, await sequenceOf(world, [{ channel, value: 0, unit: "HOURS", content }]), lead);
    await world.drain();
    const [former] = await messagesOf(world);
    await world.app.ownerPool.query("update messages set status = 'unknown', due_at = null where id = $1", [
      former?.id,
    ]);
    await updateSettings(world.ctx, { trackOpens: true, trackClicks: true, trackingHost: "new.maple.example" });
    await world.advance({ to: new Date("2026-03-04T15:00:00Z") });
    const reply = await world.request("POST", `/messages/${former?.id}/send-again`);
    expect(reply.status).toBe(200);
    const again = (await messagesOf(world)).find(({ id }) => id !== former?.id);
    const words = `${again?.text} ${again?.html ?? ""}`;
    expect(words).not.toContain("go.maple.example");
    expect(words.match(/<img /g) ?? []).toHaveLength(channel === "EMAIL" ? 1 : 0);
    const [path = ""] = /\/l\/[\w-]+/.exec(again?.text ?? "") ?? [];
    const headers = { host: "new.maple.example", "user-agent": PERSON };
    const followed = await world.app.server.inject({ method: "GET", url: path, headers });
    expect(followed).toMatchObject({ statusCode: 302, headers: { location: "https://book.example/slot?a=1&b=2" } });
    await recorderOf(world.runtime).written();
    const clicks = await world.ctx.db
      .selectFrom("engagements")
      .select("messageId")
      .where("kind", "=", "CLICK")
      .execute();
    expect(clicks).toEqual([{ messageId: again?.id }]);
  },
);
