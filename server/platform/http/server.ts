import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { elapsed } from "../clock.ts";
import { newId } from "../ids.ts";
import { httpDuration } from "../metrics.ts";
import { Unavailable } from "../problems.ts";
import type { Runtime } from "../runtime.ts";
import { checkAccess, makeRequestContext, refuseCrossSite, toHeaders } from "./access.ts";
import type { Access } from "./endpoint.ts";
import { readJsonBodies } from "./json.ts";
import { sendProblem, toProblem } from "./problem-reply.ts";
import { createBuckets, limitRate } from "./rate-limit.ts";
import type { RequestContext, ResolveIdentity, SignedIn } from "./request-context.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call the route. Routes without it (pages, webhooks, health) are not operations: nobody is asked who they are. */
    access?: Access;
    operationId?: string;
    /** Its answer is not to be kept, not even encrypted. */
    answersSecret?: boolean;
  }
  interface FastifyRequest {
    /** The caller of a route that names its access. */
    caller: RequestContext;
    signedIn: SignedIn | null;
    startedAt: number;
  }
}

/** Bodies that are read into memory. Files come as multipart and are streamed. */
export const BODY_LIMIT = 1024 * 1024;
export const UPLOAD_LIMIT = 512 * 1024 * 1024;

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** What the pages may load: our own files and nothing else. Styles in attributes are needed by charts and virtual lists. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "media-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
  },
};

export type ServerOptions = { resolveIdentity: ResolveIdentity; uploadLimit?: number };

/**
 * The HTTP server: what holds for all routes, and the routes that `addRoutes` adds. Both are put together when the server is first needed (`ready`,
 * `listen`, `inject`): whoever only works and serves nobody, as most tests do, does not pay for 250 routes.
 */
export function createServer(
  runtime: Runtime,
  options: ServerOptions,
  addRoutes: (server: FastifyInstance) => Promise<void>,
): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && REQUEST_ID.test(given) ? given : newId("req");
    },
    trustProxy: (_address, hop) => hop < runtime.config.trustProxy,
    // Longer than the idle time-outs of common load balancers (60 s), so that they never write to a socket we are closing.
    keepAliveTimeout: 65_000,
    // Half a gigabyte over a slow line; headers have Node's own minute.
    requestTimeout: 30 * 60_000,
    forceCloseConnections: "idle",
    return503OnClosing: true,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, toProblem(error).problem);
    },
    // Nobody is asked for anything while it is put together: a machine that is slow is no fault.
    pluginTimeout: 0,
  });
  const puttingTogether = async (): Promise<void> => {
    await addCommonGround(server, runtime, options);
    await addRoutes(server);
  };
  // Of the server itself and not of a part of it: its hooks hold for all.
  server.register(Object.assign(puttingTogether, { [Symbol.for("skip-override")]: true }));
  return server;
}

/** Answers to what is under way when the server closes end their connections; a client that kept one open would hold the end up for a minute. */
function letGoOfClients(server: FastifyInstance): void {
  let isClosing = false;
  server.addHook("preClose", async () => {
    isClosing = true;
  });
  server.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
  // Of an answer that began before, the head had gone out.
  server.addHook("onResponse", async () => {
    if (isClosing) setImmediate(() => server.server.closeIdleConnections());
  });
}

async function addCommonGround(server: FastifyInstance, runtime: Runtime, options: ServerOptions): Promise<void> {
  letGoOfClients(server);
  await server.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    // Served over plain HTTP on one's own machine too: browsers must not be told to insist on HTTPS unless the address says so.
    strictTransportSecurity: runtime.config.publicUrl.startsWith("https://"),
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
  await server.register(multipart, {
    limits: { fileSize: options.uploadLimit ?? UPLOAD_LIMIT, files: 1, fields: 20, fieldSize: 64 * 1024, parts: 30 },
  });
  readJsonBodies(server);
  server.removeContentTypeParser("text/plain");

  const buckets = createBuckets(runtime.clock);
  /** Somebody who tries keys until one fits is counted by address. */
  const identify = async (reply: FastifyReply, headers: Headers) => {
    try {
      return await options.resolveIdentity(runtime, headers);
    } catch (error) {
      limitRate(buckets, runtime.config.rateLimits, reply, null);
      throw error;
    }
  };

  server.decorateRequest("startedAt", 0);
  server.decorateRequest("signedIn", null);
  server.addHook("onRequest", async (request, reply) => {
    request.startedAt = elapsed();
    reply.header("x-request-id", request.id);
    const { access } = request.routeOptions.config;
    if (access === undefined) return;
    const headers = toHeaders(request);
    request.signedIn = await identify(reply, headers);
    limitRate(buckets, runtime.config.rateLimits, reply, request.signedIn);
    request.caller = makeRequestContext(runtime, request, headers, request.signedIn);
    refuseCrossSite(request, request.signedIn, runtime.config.publicUrl);
    checkAccess(access, request.signedIn);
  });
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const seconds = (elapsed() - request.startedAt) / 1_000;
    httpDuration.observe({ method: request.method, route, status: reply.statusCode }, seconds);
    // Without the address: it may hold a cursor, a token or what somebody searched for.
    const { identity } = request.signedIn ?? {};
    runtime.log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(seconds * 1_000),
        ...identity,
      },
      "answered",
    );
  });

  server.setErrorHandler((error, request, reply) => {
    const { problem, expected } = toProblem(error);
    if (!expected) {
      const level = problem.definition.status >= 500 ? "error" : "warn";
      runtime.log[level](
        { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
        "a request failed",
      );
    }
    if (problem.definition === Unavailable.definition) reply.header("retry-after", "2");
    return sendProblem(reply, problem);
  });
}
