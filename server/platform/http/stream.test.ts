import { type IncomingMessage, get } from "node:http";
import { onTestFinished, expect, test } from "vitest";
import { inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { type World, testWorld } from "#test/world.ts";
import { testContract, testModule, thingMade } from "./test-operations.ts";

async function listeningWorld() {
  const world = await testWorld({ contract: testContract, modules: [testModule().module] });
  await world.app.server.listen({ host: "127.0.0.1", port: 0 });
  return world;
}

/** Opens the stream as a browser does and collects what comes. */
async function openStream(world: World, headers: Record<string, string>) {
  const [address] = world.app.server.addresses();
  if (typeof address !== "object") throw new Error("The server does not listen.");
  const response = await new Promise<IncomingMessage>((done, failed) => {
    get({ host: "127.0.0.1", port: address.port, path: "/api/v1/events/stream", headers }, done).once("error", failed);
  });
  let text = "";
  let ended = false;
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => (text += chunk));
  response.once("close", () => (ended = true));
  onTestFinished(() => void response.destroy());
  const messages = () => [...text.matchAll(/^data: (\{"type".*\})$/gm)].map(([, data = ""]) => data);
  return { response, messages, text: () => text, ended: () => ended, close: () => response.destroy() };
}

const emitThing = (world: World, name = "lamp") => inTransaction(world.ctx, (tx) => emit(tx, thingMade, { name }));
const message = '{"type":"test.thing-made"}';

test("an event reaches the browsers of its workspace, and no others", async () => {
  const here = await listeningWorld();
  const there = await listeningWorld();
  const mine = await openStream(here, { cookie: await here.cookieOf("VIEWER") });
  const other = await openStream(there, { cookie: await there.cookieOf("OWNER") });
  expect(mine.response.headers["content-type"]).toContain("text/event-stream");
  await emitThing(here);
  await expect.poll(mine.messages).toEqual([message]);
  await emitThing(there);
  await expect.poll(other.messages).toEqual([message]);
  expect(mine.messages()).toEqual([message]);
});

test("what was rolled back is never told", async () => {
  const world = await listeningWorld();
  const stream = await openStream(world, { cookie: await world.cookieOf("OWNER") });
  await inTransaction(world.ctx, async (tx) => {
    await emit(tx, thingMade, { name: "lamp" });
    throw new Error("no");
  }).catch(() => undefined);
  await emitThing(world);
  await expect.poll(stream.messages).toEqual([message]);
});

test("a burst of a hundred events is a handful of messages", async () => {
  const world = await listeningWorld();
  const stream = await openStream(world, { cookie: await world.cookieOf("OWNER") });
  for (let i = 0; i < 100; i++) await emitThing(world);
  await expect.poll(() => stream.messages().length).toBeGreaterThan(0);
  const afterBurst = stream.messages().length;
  expect(afterBurst).toBeLessThan(20);
});

test("strangers get no stream, and nobody gets more than twenty", async () => {
  const world = await listeningWorld();
  expect((await openStream(world, {})).response.statusCode).toBe(401);
  const cookie = await world.cookieOf("OWNER");
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(world, { cookie })));
  expect(streams.map(({ response }) => response.statusCode)).toEqual(Array.from({ length: 20 }, () => 200));
  expect((await openStream(world, { cookie })).response.statusCode).toBe(429);
  streams[0]?.close();
  await expect.poll(async () => (await openStream(world, { cookie })).response.statusCode).toBe(200);
});

test("closing the server ends the streams instead of waiting for them", async () => {
  const world = await listeningWorld();
  const stream = await openStream(world, { cookie: await world.cookieOf("OWNER") });
  await world.close();
  await expect.poll(stream.ended).toBe(true);
});
