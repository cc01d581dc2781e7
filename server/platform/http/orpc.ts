import {
  StandardBracketNotationSerializer,
  StandardOpenAPIJsonSerializer,
  StandardOpenAPISerializer,
} from "@orpc/openapi-client/standard";
import { StandardOpenAPICodec } from "@orpc/openapi/standard";
import {
  type AnyProcedure,
  type AnyRouter,
  createContractedProcedure,
  createProcedureClient,
  getRouter,
  isProcedure,
  unlazy,
} from "@orpc/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BadRequest } from "../problems.ts";
import { findUnstorable, unstorable } from "./json.ts";
import type { Operation } from "./operations.ts";

const codec = new StandardOpenAPICodec(
  new StandardOpenAPISerializer(new StandardOpenAPIJsonSerializer(), new StandardBracketNotationSerializer()),
);

/** What an operation answers when it does not refuse. */
export type Answer = { status: number; headers: Record<string, string>; body: string | ReadableStream | undefined };

/** The router's implementation of an operation; null when there is none. */
export async function findProcedure(router: AnyRouter, operation: Operation): Promise<AnyProcedure | null> {
  const found = getRouter(router, operation.keys);
  if (!found) return null;
  const { default: procedure } = await unlazy(found);
  return isProcedure(procedure) ? createContractedProcedure(procedure, operation.procedure) : null;
}

/** One Fastify route per operation: access is checked by the server before the body is read, metrics carry the route. */
export function serveOperation(
  server: FastifyInstance,
  operation: Operation,
  procedure: AnyProcedure,
  around: (request: FastifyRequest, run: () => Promise<Answer>) => Promise<Answer> = (_request, run) => run(),
): void {
  server.route({
    method: operation.method,
    url: operation.url,
    config: { access: operation.access, operationId: operation.id, answersSecret: operation.answersSecret },
    handler: async (request, reply) => {
      const answer = await around(request, () => callOperation(procedure, operation, request, reply));
      return sendAnswer(reply, answer);
    },
  });
}

async function callOperation(
  procedure: AnyProcedure,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer> {
  const input = await readInput(procedure, operation, request);
  const aborted = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) aborted.abort();
  });
  const client = createProcedureClient(procedure, { context: request.caller, path: [...operation.keys] });
  const output: unknown = await client(input, { signal: aborted.signal });
  const { status, headers, body } = codec.encode(output, procedure);
  const type: Record<string, string> = body instanceof Blob && body.type ? { "content-type": body.type } : {};
  return { status, headers: { ...type, ...flatten(headers) }, body: encodeBody(body) };
}

async function readInput(procedure: AnyProcedure, operation: Operation, request: FastifyRequest): Promise<unknown> {
  const url = new URL(request.url, "http://localhost");
  const params =
    typeof request.params === "object" && request.params ? Object.fromEntries(Object.entries(request.params)) : {};
  const unreadable = findUnstorable([...url.searchParams, ...Object.entries(params)]);
  if (unreadable !== null) throw unstorable("");
  try {
    // A multipart body stays a stream: the operation asks for it with `context.upload()`.
    const body = request.isMultipart() ? undefined : request.body;
    return await codec.decode(
      { method: operation.method, url, headers: request.headers, body: async () => body, signal: undefined },
      params,
      procedure,
    );
  } catch {
    throw BadRequest("The query or body cannot be read.");
  }
}

function encodeBody(body: unknown): Answer["body"] {
  if (body === undefined || body instanceof ReadableStream) return body;
  return body instanceof Blob ? body.stream() : JSON.stringify(body);
}

const flatten = (headers: Record<string, string | readonly string[] | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(", ")]],
    ),
  );

export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  reply
    .status(answer.body === undefined && answer.status === 200 ? 204 : answer.status)
    .headers({ "cache-control": "no-store", ...answer.headers });
  if (typeof answer.body === "string" && !answer.headers["content-type"]) reply.type("application/json; charset=utf-8");
  return reply.send(answer.body);
}
