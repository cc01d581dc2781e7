import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect, onTestFinished, test } from "vitest";
import { type World, testWorld } from "#test/world.ts";
import { listOperations } from "./operations.ts";
import { findProcedure, serveOperation } from "./orpc.ts";
import { createServer } from "./server.ts";
import { testContract, testModule } from "./test-operations.ts";

const MB = 1024 * 1024;

/** A file of that many bytes that takes no room on the disk. */
async function sparseFile(bytes: number): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "throughline-upload-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, "leads.csv");
  const handle = await open(path, "w");
  await handle.truncate(bytes);
  await handle.close();
  return path;
}

const HEAD =
  '--edge\r\ncontent-disposition: form-data; name="file"; filename="leads.csv"\r\ncontent-type: text/csv\r\n\r\n';
const TAIL = "\r\n--edge--\r\n";

/** Sends a file as a browser does, reading it as it goes. */
async function upload(
  address: string,
  headers: Record<string, string>,
  path: string,
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(address);
  const outgoing = request({
    hostname,
    port,
    path: "/api/v1/things/upload",
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=edge", ...headers },
  });
  const answered = new Promise<{ status: number; text: string }>((done, failed) => {
    outgoing.once("error", failed);
    outgoing.once("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => done({ status: response.statusCode ?? 0, text }));
    });
  });
  outgoing.write(HEAD);
  await pipeline(createReadStream(path), outgoing, { end: false }).catch(() => undefined);
  outgoing.end(TAIL);
  return answered;
}

const worldOfThings = () => testWorld({ contract: testContract, modules: [testModule().module] });

const inject = async (world: World, headers: Record<string, string>, payload: string) => {
  const cookie = await world.cookieOf("OWNER");
  return world.app.server.inject({
    method: "POST",
    url: "/api/v1/things/upload",
    headers: { cookie, ...headers },
    payload,
  });
};

test("a large file passes through without being kept in memory", async () => {
  const world = await worldOfThings();
  const address = await world.listen();
  const headers = { cookie: await world.cookieOf("OWNER") };
  const path = await sparseFile(200 * MB);
  const before = process.memoryUsage.rss();
  const reply = await upload(address, headers, path);
  expect(reply).toMatchObject({ status: 200, text: JSON.stringify({ fileName: "leads.csv", bytes: 200 * MB }) });
  expect(process.memoryUsage.rss() - before).toBeLessThan(120 * MB);
});

test("an upload may carry an Idempotency-Key, which is not looked at", async () => {
  const world = await worldOfThings();
  const headers = { "content-type": "multipart/form-data; boundary=edge", "idempotency-key": "k1" };
  expect((await inject(world, headers, `${HEAD}one${TAIL}`)).json()).toMatchObject({ bytes: 3 });
  expect((await inject(world, headers, `${HEAD}three${TAIL}`)).json()).toMatchObject({ bytes: 5 });
});

test("a stranger's file is not read at all", async () => {
  const world = await worldOfThings();
  const address = await world.listen();
  expect(await upload(address, {}, await sparseFile(1024))).toMatchObject({ status: 401 });
});

test("a request without a file has none", async () => {
  const world = await worldOfThings();
  expect((await inject(world, { "content-type": "application/json" }, "{}")).json()).toEqual({
    fileName: null,
    bytes: 0,
  });
  expect(
    (await inject(world, { "content-type": "multipart/form-data; boundary=edge" }, "--edge--\r\n")).json(),
  ).toEqual({ fileName: null, bytes: 0 });
});

test("a broken upload is refused as one", async () => {
  const world = await worldOfThings();
  const broken = await inject(world, { "content-type": "multipart/form-data; boundary=edge" }, HEAD.slice(0, 40));
  expect(broken.statusCode).toBeGreaterThanOrEqual(400);
  expect(broken.statusCode).toBeLessThan(500);
});

test("half a file never passes for a whole one: over the limit is refused", async () => {
  const world = await worldOfThings();
  const { runtime } = world;
  const signedIn = {
    identity: { userId: "user_1", sessionId: null, apiKeyId: null, workspaceId: world.workspace },
    actor: world.ctx.actor,
  };
  const operation = listOperations(testContract).find(({ id }) => id === "things.upload");
  const procedure = operation && (await findProcedure({ things: testModule().module.router ?? {} }, operation));
  if (!operation || !procedure) throw new Error("The operation is missing.");
  const server = createServer(runtime, { resolveIdentity: async () => signedIn, uploadLimit: 1_000 }, async (to) =>
    serveOperation(to, operation, procedure),
  );
  onTestFinished(() => server.close());
  const send = (bytes: number) =>
    server.inject({
      method: "POST",
      url: "/api/v1/things/upload",
      headers: { "content-type": "multipart/form-data; boundary=edge" },
      payload: HEAD + "x".repeat(bytes) + TAIL,
    });
  expect((await send(1_000)).json()).toMatchObject({ bytes: 1_000 });
  const refused = await send(1_001);
  expect(refused.statusCode).toBe(413);
  expect(refused.json()).toMatchObject({ code: "too-large" });
});
