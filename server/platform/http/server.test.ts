import { Agent, type IncomingMessage, get } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { testWorld } from "#test/world.ts";
import { BODY_LIMIT, createServer } from "./server.ts";
import { testContract, testModule } from "./test-operations.ts";

const world = () => testWorld({ contract: testContract, modules: [testModule().module] });

test("each answer carries the id of its request, the caller's own where it is one", async () => {
  const { request } = await world();
  expect((await request("GET", "/open", { as: "anonymous" })).headers["x-request-id"]).toMatch(/^req_[0-9a-z]{26}$/);
  const given = await request("GET", "/open", { as: "anonymous", headers: { "x-request-id": "trace-7" } });
  expect(given.headers["x-request-id"]).toBe("trace-7");
  const odd = await request("GET", "/open", { as: "anonymous", headers: { "x-request-id": "<script>" } });
  expect(odd.headers["x-request-id"]).toMatch(/^req_/);
});

test("a server that closes answers what is under way and lets go of a client that would keep its connection", async () => {
  const { runtime } = await world();
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const nobody = async () => null;
  const server = createServer(runtime, { resolveIdentity: nobody }, async (to) => {
    to.get("/slow", async () => {
      begun.resolve();
      await answer.promise;
      return "done";
    });
    // Its head is out before the server closes.
    to.get("/long", (_request, reply) => {
      const body = new PassThrough();
      body.write("begun, ");
      void answer.promise.then(() => body.end("done"));
      return reply.send(body);
    });
  });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const ask = async (path: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    get(`${address}${path}`, { agent }, resolve).on("error", reject);
    return promise;
  };
  const slow = ask("/slow");
  const long = await ask("/long");
  await begun.promise;
  const closed = server.close();
  await sleep(10);
  answer.resolve();
  expect(await text(await slow)).toBe("done");
  expect((await slow).headers.connection).toBe("close");
  expect(await text(long)).toBe("begun, done");
  // Else it is over after `keepAliveTimeout`, which is longer than a test may take.
  await closed;
});

test("who may call is decided before the body is looked at", async () => {
  const { app, request } = await world();
  const stranger = await app.server.inject({
    method: "POST",
    url: "/api/v1/things",
    headers: { "content-type": "application/json" },
    payload: "{not json",
  });
  expect(stranger.statusCode).toBe(401);
  expect(await request("POST", "/things", { as: "VIEWER", body: { nonsense: 1 } })).toMatchObject({
    status: 403,
    body: { code: "not-allowed", detail: "This needs the permission leads:write." },
  });
  expect(await request("GET", "/mine", { as: "anonymous" })).toMatchObject({ status: 401 });
  expect(await request("GET", "/mine", { as: "VIEWER" })).toMatchObject({ status: 200 });
});

test("faults of the input are pointed at, with the pointer's own escapes", async () => {
  const { request } = await world();
  const reply = await request("POST", "/things", { body: { name: "x", size: { "width/height": "wide" } } });
  expect(reply).toMatchObject({
    status: 422,
    body: { type: "/problems/invalid-request", code: "invalid-request", instance: "/api/v1/things" },
  });
  expect(reply.body).toMatchObject({ errors: [{ pointer: "/name" }, { pointer: "/size/width~1height" }] });
  expect(await request("GET", "/things/a?limit=99")).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/limit" }] },
  });
});

test("a bug is answered without a word about the inside", async () => {
  const { request } = await world();
  const reply = await request("POST", "/things/break");
  expect(reply).toMatchObject({ status: 500, body: { code: "unexpected", request_id: reply.headers["x-request-id"] } });
  expect(reply.text).not.toContain("secret");
});

test("bodies that cannot be read or stored are refused as what they are", async () => {
  const { app, cookieOf } = await world();
  const cookie = await cookieOf("OWNER");
  const send = async (payload: string, type = "application/json") => {
    const response = await app.server.inject({
      method: "POST",
      url: "/api/v1/things",
      headers: { cookie, "content-type": type },
      payload,
    });
    expect(response.headers["content-type"]).toContain("application/problem+json");
    return response.statusCode;
  };
  expect(await send("{not json")).toBe(400);
  expect(await send("[".repeat(100_000))).toBe(400);
  expect(await send('{"__proto__": {"admin": true}, "name": "lamp"}')).toBe(400);
  expect(await send("<name>lamp</name>", "application/xml")).toBe(400);
  expect(await send(JSON.stringify({ name: "x".repeat(BODY_LIMIT) }))).toBe(413);
  expect(await send('{"name": "la\\u0000mp"}')).toBe(422);
  expect(await send('{"name": "la\\ud800mp"}')).toBe(422);
  expect(await send("")).toBe(422);
});

test("a session's request from another site is refused, an API client's is not asked where it comes from", async () => {
  const { request, runtime } = await world();
  const from = (origin: string) => request("POST", "/things", { body: { name: "lamp" }, headers: { origin } });
  expect(await from("https://evil.example")).toMatchObject({ status: 403, body: { code: "cross-site" } });
  expect(await from("null")).toMatchObject({ status: 403 });
  expect(await from(runtime.config.publicUrl)).toMatchObject({ status: 201 });
  expect(await request("POST", "/things", { body: { name: "lamp" } })).toMatchObject({ status: 201 });
});

test("an address that does not exist is a problem for programs and the app for browsers", async () => {
  const { request } = await world();
  expect(await request("GET", "/nothing")).toMatchObject({ status: 404, body: { code: "not-found" } });
  expect(await request("GET", "/api/v1/%zz")).toMatchObject({ status: 400, body: { code: "bad-request" } });
  const page = await request("GET", "/problems/nothing-known", { as: "anonymous" });
  expect(page).toMatchObject({ status: 404 });
  const unknown = await request("GET", "/api/v1/nothing", { headers: { accept: "text/html" } });
  expect(unknown.headers["content-type"]).toContain("problem+json");
});

test("every problem has a page for people and a document for programs", async () => {
  const { request } = await world();
  const document = await request("GET", "/problems/test-sold-out", { as: "anonymous" });
  expect(document.body).toMatchObject({ code: "test-sold-out", status: 409, about: "There are no more of these." });
  const page = await request("GET", "/problems/test-sold-out", {
    as: "anonymous",
    headers: { accept: "text/html,*/*" },
  });
  expect(page.headers["content-type"]).toContain("text/html");
  expect(page.text).toContain("There are no more of these.");
  const all = await request("GET", "/problems", { as: "anonymous", headers: { accept: "text/html" } });
  expect(all.text).toContain('href="/problems/not-signed-in"');
});

test("pages may load nothing from elsewhere", async () => {
  const { request } = await world();
  const { headers } = await request("GET", "/open", { as: "anonymous" });
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("object-src 'none'");
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
  expect(headers).not.toHaveProperty("strict-transport-security");
});

test("a body that never ends is cut off at the limit", async () => {
  const { app, cookieOf } = await world();
  const endless = Readable.from(
    (function* () {
      for (let sent = 0; sent < 8; sent++) yield Buffer.alloc(BODY_LIMIT / 4, "x");
    })(),
  );
  const headers = { cookie: await cookieOf("OWNER"), "content-type": "application/json" };
  const response = await app.server.inject({ method: "POST", url: "/api/v1/things", headers, payload: endless });
  expect(response.statusCode).toBe(413);
});
