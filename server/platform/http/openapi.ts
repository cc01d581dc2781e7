import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { AnyContractRouter, OpenAPI } from "@orpc/contract";
import { OpenAPIGenerator } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import type { FastifyInstance } from "fastify";
import {
  BadRequest,
  findProblem,
  AnswerForgotten,
  IdempotencyInFlight,
  IdempotencyReused,
  Invalid,
  NotAllowed,
  NotSignedIn,
  problemSchema,
  TooManyRequests,
  Unexpected,
} from "../problems.ts";
import { version } from "../version.ts";
import { API_PREFIX, type Operation, listOperations } from "./operations.ts";
import { PROBLEM_TYPE } from "./problem-reply.ts";

type Schema = Record<string, unknown>;

const ABOUT = `Everything the pages can do, with the same names.

**Signing in.** Send an API key in \`x-api-key\`, or the session cookie of a signed-in browser. Each operation names the permission it needs.

**Refusals** are problem documents (RFC 9457); \`code\` says which, \`/problems/{code}\` explains each. Faults of fields are 422 with JSON pointers in \`errors\`.

**Lists** take \`limit\` and the opaque \`cursor\` of the page before.

**Repeating safely.** POST, PUT, PATCH and DELETE take an \`Idempotency-Key\`: a repeated request gets the answer of the first, for 24 hours, or, once a person was erased since, 410 \`answer-forgotten\`: nothing is done twice. Uploads are exempt.`;

const codesOf = (operation: Operation): string[] => {
  const hasInput = operation.procedure["~orpc"].inputSchema !== undefined;
  const changes = operation.method !== "GET";
  return [
    ...(operation.access === "public" ? [] : [NotSignedIn.definition.code]),
    ...(operation.access === "public" || operation.access === "signed-in" ? [] : [NotAllowed.definition.code]),
    ...(hasInput ? [Invalid.definition.code] : []),
    ...(changes ? [BadRequest.definition.code] : []),
    ...(changes && operation.access !== "public"
      ? [IdempotencyReused, IdempotencyInFlight, AnswerForgotten].map(({ definition }) => definition.code)
      : []),
    ...operation.problems,
    TooManyRequests.definition.code,
    Unexpected.definition.code,
  ];
};

/** One response for each status, naming every problem that answers with it. */
function problemResponses(operation: Operation): Record<string, Schema> {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codesOf(operation))) {
    const problem = findProblem(code);
    if (!problem) throw new Error(`The operation ${operation.id} utters ${code}, which is no problem of ours.`);
    byStatus.set(problem.status, [
      ...(byStatus.get(problem.status) ?? []),
      `[\`${code}\`](/problems/${code}): ${problem.title}.`,
    ]);
  }
  const content = { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } };
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [String(status), { description: lines.join("\n\n"), content }]),
  );
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Any text of your own, new for each new request: repeating the request with it does nothing twice.",
  schema: { type: "string", maxLength: 255 },
};

/** Not an operation of the contract: it never ends. */
const EVENT_STREAM: OpenAPI.OperationObject = {
  operationId: "platform.events.stream",
  summary: "Hear of events as they happen",
  description:
    "Server-Sent Events: a message with the type of each kind of event that happened in the workspace, at most one of a type in a quarter of a second; the event `resync` when some may have been missed. What changed is fetched through the other operations. The connection ends after 15 minutes; clients come back by themselves.\n\nNeeds the permission `workspace:read`.",
  tags: ["Platform"],
  security: [{ apiKey: [] }, { session: [] }],
  responses: {
    200: { description: "OK", content: { "text/event-stream": { schema: { type: "string" } } } },
  },
};

const accessNote: Record<string, string> = { public: "Anyone may call it.", "signed-in": "Needs a signed-in caller." };

/** The OpenAPI 3.1 document of a contract: security, permission and problems of each operation come from its `endpoint`. */
export async function describeApi(contract: AnyContractRouter, publicUrl: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const operations = new Map(
    listOperations(contract).map((operation) => [`${operation.method} ${operation.path}`, operation]),
  );
  const document = await generator.generate(contract, {
    info: { title: "Throughline", version, description: ABOUT },
    servers: [{ url: publicUrl + API_PREFIX }],
    commonSchemas: { Problem: { strategy: "output", schema: problemSchema } },
    components: {
      securitySchemes: {
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "x-api-key",
          description: "A key of the workspace, made on the API keys page.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "throughline.session_token",
          description: "The cookie of a signed-in browser.",
        },
      },
    },
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of ["get", "post", "put", "patch", "delete"] as const) {
      const described = item?.[method];
      const operation = operations.get(`${method.toUpperCase()} ${path}`);
      if (!described || !operation) continue;
      const needs = accessNote[operation.access] ?? `Needs the permission \`${operation.access}\`.`;
      const keyed = method !== "get" && operation.access !== "public";
      Object.assign(described, {
        operationId: operation.id,
        description: [described.description, needs].filter(Boolean).join("\n\n"),
        "x-permission": operation.access,
        security: operation.access === "public" ? [] : [{ apiKey: [] }, { session: [] }],
        parameters: [...(described.parameters ?? []), ...(keyed ? [IDEMPOTENCY_KEY] : [])],
        responses: { ...described.responses, ...problemResponses(operation) },
      });
    }
  }
  Object.assign((document.paths ??= {}), { "/events/stream": { get: EVENT_STREAM } });
  return document;
}

const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Throughline API</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const DOCS_START = `SwaggerUIBundle({
  url: "${API_PREFIX}/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

/** `/api/v1/openapi.json`, and a page at `/api/docs` that reads it: every file of it comes from this server. */
export async function serveApiDocument(
  server: FastifyInstance,
  contract: AnyContractRouter,
  publicUrl: string,
): Promise<void> {
  let document: Promise<string> | undefined;
  server.get(`${API_PREFIX}/openapi.json`, async (_request, reply) => {
    document ??= describeApi(contract, publicUrl).then((described) => JSON.stringify(described));
    return reply.type("application/json; charset=utf-8").send(await document);
  });
  server.get("/api/docs", async (_request, reply) => reply.type("text/html; charset=utf-8").send(DOCS_PAGE));
  server.get("/api/docs/start.js", async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").send(DOCS_START),
  );
  const assets = join(fileURLToPath(import.meta.resolve("@fastify/swagger-ui")), "../static");
  await server.register(fastifyStatic, {
    root: assets,
    prefix: "/api/docs/assets/",
    decorateReply: false,
    index: false,
    maxAge: "1d",
  });
}
