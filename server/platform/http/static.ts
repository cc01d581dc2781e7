import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { NotFound } from "../problems.ts";
import { htmlPage, wantsHtml } from "./html.ts";
import { sendProblem } from "./problem-reply.ts";

export const WEB_DIR = join(import.meta.dirname, "../../../dist/web");

const NOT_BUILT = htmlPage(
  "Throughline",
  "<h1>The pages are not built</h1><p><code>npm start</code> builds them; <code>npm run dev</code> serves them while you change them.</p>",
);

/** Addresses that are never pages: a wrong one is answered with a problem document, whatever the browser says it wants. */
const NOT_PAGES = ["/api/", "/webhooks/", "/health/", "/assets/", "/metrics"];

const isPage = (request: FastifyRequest) =>
  (request.method === "GET" || request.method === "HEAD") &&
  wantsHtml(request.headers.accept) &&
  !NOT_PAGES.some((prefix) => request.url.startsWith(prefix));

/**
 * Serves the built web app: files named by their content for a year, everything else asked for again each time; `.br` and `.gz` beside a
 * file go out where the browser takes them. Every other address that a browser opens as a page is the app, which knows its own routes.
 */
export async function serveWeb(server: FastifyInstance, root = WEB_DIR): Promise<void> {
  const isBuilt = existsSync(join(root, "index.html"));
  if (isBuilt) {
    await server.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header("cache-control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  server.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return sendProblem(reply, noSuchAddress());
    return isBuilt ? sendApp(reply) : reply.status(503).type("text/html; charset=utf-8").send(NOT_BUILT);
  });
}

/** For a process without pages: every unknown address is a problem document. */
export function refuseUnknown(server: FastifyInstance): void {
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, noSuchAddress()));
}

const noSuchAddress = () => NotFound("There is no such address here.");

const sendApp = (reply: FastifyReply) => reply.status(200).sendFile("index.html");
