import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { serveWeb } from "./static.ts";

async function serverOf(files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), "throughline-web-"));
  await mkdir(join(root, "assets"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  const server = fastify();
  await serveWeb(server, root);
  onTestFinished(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  return (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });
}

const BUILT = {
  "index.html": "<title>app</title>",
  "assets/app-3f2a.js": "plain",
  "assets/app-3f2a.js.br": "squeezed",
};
const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("files named by their content are kept for a year, the page itself is asked for each time", async () => {
  const get = await serverOf(BUILT);
  expect((await get("/assets/app-3f2a.js")).headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect((await get("/", BROWSER)).headers["cache-control"]).toBe("no-cache");
});

test("a squeezed variant goes out where it is understood", async () => {
  const get = await serverOf(BUILT);
  expect(await get("/assets/app-3f2a.js", { "accept-encoding": "br" })).toMatchObject({
    body: "squeezed",
    headers: { "content-encoding": "br" },
  });
  expect((await get("/assets/app-3f2a.js")).body).toBe("plain");
});

test("every page of the app is the app; anything else unknown is a problem", async () => {
  const get = await serverOf(BUILT);
  expect(await get("/leads/lead_123", BROWSER)).toMatchObject({ statusCode: 200, body: "<title>app</title>" });
  for (const url of ["/api/v1/nothing", "/assets/gone.js", "/webhooks/x"])
    expect((await get(url, BROWSER)).statusCode).toBe(404);
  expect((await get("/leads/lead_123", { accept: "application/json" })).statusCode).toBe(404);
  expect((await get("/../package.json", BROWSER)).body).not.toContain("dependencies");
});

test("without a build a browser is told how to get one", async () => {
  const get = await serverOf({});
  expect(await get("/", BROWSER)).toMatchObject({ statusCode: 503 });
  expect((await get("/", BROWSER)).body).toContain("npm start");
});
