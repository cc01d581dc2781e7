import { ORPCError, ValidationError } from "@orpc/server";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isCollision, isDatabaseAway } from "../database/faults.ts";
import {
  BadRequest,
  Conflict,
  Invalid,
  Problem,
  type ProblemDocument,
  TooLarge,
  Unavailable,
  Unexpected,
} from "../problems.ts";

export const PROBLEM_TYPE = "application/problem+json";

type Fault = { pointer: string; detail: string };
type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] };

/** One segment of an RFC 6901 pointer. */
const escapePointer = (segment: PropertyKey) => String(segment).replaceAll("~", "~0").replaceAll("/", "~1");

export function pointerOf(path: Issue["path"]): string {
  return (path ?? []).map((part) => `/${escapePointer(typeof part === "object" ? part.key : part)}`).join("");
}

const faultsOf = (issues: readonly Issue[]): Fault[] =>
  issues.map((issue) => ({ pointer: pointerOf(issue.path), detail: issue.message }));

const textOf = (value: unknown, key: string): string | undefined => {
  if (typeof value !== "object" || value === null || !(key in value)) return undefined;
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" ? found : undefined;
};

/**
 * What the database says with its five-letter code (PostgreSQL manual, appendix A). Class 22 is a value that a column cannot hold, 23 a rule
 * that another row already broke; both are answers to the caller. A database that cannot be reached is not the caller's fault.
 */
function fromDatabase(error: unknown): Problem | null {
  if (isDatabaseAway(error)) return Unavailable();
  if (isCollision(error)) return Conflict("Someone changed the same thing at the same moment. Try again.");
  const code = textOf(error, "code");
  if (!code) return null;
  if (/^22[0-9A-Z]{3}$/.test(code)) return Invalid("A value is out of the range that can be stored.");
  if (/^23[0-9A-Z]{3}$/.test(code)) return Conflict();
  return null;
}

/** Fastify's own refusals (body too large, bad JSON, unknown content type) carry a status below 500. */
function fromFramework(error: unknown): Problem | null {
  const code = textOf(error, "code");
  if (!code?.startsWith("FST_")) return null;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || code === "FST_REQ_FILE_TOO_LARGE") return TooLarge();
  const message = error instanceof Error ? error.message : undefined;
  const status = typeof error === "object" && error && "statusCode" in error ? Number(error.statusCode) : 500;
  return status < 500 ? BadRequest(message) : null;
}

/** Any error as the problem that the caller gets to see. `expected` false: a bug of ours, to be logged with its stack. */
export function toProblem(error: unknown): { problem: Problem; expected: boolean } {
  if (error instanceof Problem) return { problem: error, expected: true };
  if (error instanceof ORPCError && error.cause instanceof ValidationError && error.code === "BAD_REQUEST") {
    return { problem: Invalid(undefined, faultsOf(error.cause.issues)), expected: true };
  }
  const framework = fromFramework(error);
  if (framework) return { problem: framework, expected: true };
  return { problem: fromDatabase(error) ?? Unexpected(), expected: false };
}

export function problemDocument(problem: Problem, requestId: string, instance?: string): ProblemDocument {
  const { code, status, title } = problem.definition;
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: problem.detail,
    instance,
    code,
    errors: problem.errors,
    request_id: requestId,
    moved_to: problem.movedTo,
    changed_at: problem.changed?.at.toISOString(),
    changed_by: problem.changed?.by ?? undefined,
    changed_fields: problem.changed && [...problem.changed.fields],
  };
}

/** The problem as an answer; the path of the request is its `instance`. */
export function problemAnswer(problem: Problem, request: FastifyRequest) {
  const [path] = request.url.split("?");
  const document = problemDocument(problem, request.id, path);
  const headers: Record<string, string> = { ...problem.headers, "content-type": PROBLEM_TYPE };
  return { status: problem.definition.status, headers, body: JSON.stringify(document) };
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, headers, body } = problemAnswer(problem, reply.request);
  return reply.status(status).headers(headers).send(body);
}
