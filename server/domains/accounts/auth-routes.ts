import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  BadRequest,
  CrossSite,
  defineProblem,
  findProblem,
  Invalid,
  NotFound,
  NotSignedIn,
  Problem,
  TooManyRequests,
  Unexpected,
} from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { ADDRESS_HEADER, AUTH_PATH, authOf } from "./auth.ts";
import { consume, forgive, type LimitRule, RESET_LIMIT, SIGN_IN_LIMIT } from "./rate-limit.ts";
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "./rules.ts";

export const WrongCredentials = defineProblem(
  "wrong-credentials",
  401,
  "The address or the password is wrong",
  "No account has this e-mail address and password together. Try again, or ask for a new password.",
);
export const AddressTaken = defineProblem(
  "address-taken",
  409,
  "There is an account with this address",
  "Sign in with it, or ask for a new password.",
);
export const LinkSpent = defineProblem(
  "link-spent",
  410,
  "This link no longer works",
  "It was used, is older than an hour, or is not complete. Ask for a new one.",
);

/** What better-auth offers beyond this list is not ours to serve: workspaces and keys have operations of their own. */
const PATHS: Record<string, "GET" | "POST"> = {
  "/sign-up/email": "POST",
  "/sign-in/email": "POST",
  "/sign-out": "POST",
  "/get-session": "GET",
  "/request-password-reset": "POST",
  "/reset-password": "POST",
  "/change-password": "POST",
  "/update-user": "POST",
};

/** Mounts better-auth: its responses as they are, its refusals as problem documents. */
export function serveAuth(server: FastifyInstance, runtime: Runtime): void {
  const auth = authOf(runtime);
  server.addHook("onClose", () => auth.settled());
  for (const [path, method] of Object.entries(PATHS)) {
    server.route({
      method,
      url: AUTH_PATH + path,
      handler: async (request, reply) => {
        const release = await checkLimit(runtime, path, request);
        const response = await auth.handle(toRequest(runtime, request));
        if (response.ok) await release?.();
        return send(reply, response, path);
      },
    });
  }
  server.all(`${AUTH_PATH}/*`, () => {
    throw NotFound("There is no such address here.");
  });
}

/** Counts what is done to one account. Returns how to take the count back. */
async function checkLimit(
  runtime: Runtime,
  path: string,
  request: FastifyRequest,
): Promise<(() => Promise<void>) | null> {
  const email = textIn(request.body, "email")?.toLowerCase().slice(0, 254);
  if (!email) return null;
  const db = runtime.database.forWorkspace("");
  if (path === "/sign-in/email") {
    const key = `sign-in|${request.ip}|${email}`;
    await limit(key, SIGN_IN_LIMIT);
    return () => forgive(db, key);
  }
  if (path === "/request-password-reset") await limit(`reset|${email}`, RESET_LIMIT);
  return null;

  async function limit(key: string, rule: LimitRule): Promise<void> {
    const wait = await consume(db, key, rule);
    if (wait > 0) throw tooMany(wait);
  }
}

const tooMany = (seconds: number) =>
  new Problem(TooManyRequests.definition, {
    detail: `Try again in ${seconds} second${seconds === 1 ? "" : "s"}.`,
    headers: { "retry-after": String(seconds) },
  });

function toRequest(runtime: Runtime, request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== "content-length") headers.set(name, [value].flat().join(", "));
  }
  headers.set(ADDRESS_HEADER, request.ip);
  const body = request.method === "POST" ? JSON.stringify(request.body ?? {}) : undefined;
  if (body !== undefined) headers.set("content-type", "application/json");
  return new Request(runtime.config.publicUrl + request.url, { method: request.method, headers, body });
}

async function send(reply: FastifyReply, response: Response, path: string): Promise<FastifyReply> {
  for (const cookie of response.headers.getSetCookie()) reply.header("set-cookie", cookie);
  reply.header("cache-control", "no-store");
  const text = await response.text();
  if (!response.ok) throw problemOf(response, text, path);
  return reply.status(response.status).type("application/json; charset=utf-8").send(withoutToken(text));
}

/** The session's token is the cookie's alone: a script in the page must not be able to read it out of an answer. */
const withoutToken = (text: string): string =>
  text === ""
    ? text
    : JSON.stringify(JSON.parse(text, (name, value: unknown) => (name === "token" ? undefined : value)));

const refusalSchema = z.object({ code: z.string().optional(), message: z.string().optional() });

/** better-auth's refusals in our words. A refusal that this does not know is passed on by its status. */
function problemOf(response: Response, text: string, path: string): Problem {
  const { code = "", message } = readRefusal(text);
  if (response.status === 429) return tooMany(Number(response.headers.get("x-retry-after") ?? 60));
  const known = findProblem(code);
  if (known) return new Problem(known);
  switch (code) {
    case "INVALID_EMAIL_OR_PASSWORD":
      return WrongCredentials();
    case "USER_ALREADY_EXISTS":
    case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
      return AddressTaken();
    case "INVALID_TOKEN":
      return LinkSpent();
    case "INVALID_PASSWORD":
      return fault("/currentPassword", "This is not your password.");
    case "INVALID_NAME":
      return fault("/name", `A name has 1 to ${NAME_MAX} characters.`);
    case "INVALID_EMAIL":
      return fault("/email", "Write an e-mail address.");
    case "PASSWORD_TOO_SHORT":
    case "PASSWORD_TOO_LONG":
      return fault(
        path === "/sign-up/email" ? "/password" : "/newPassword",
        `A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`,
      );
    case "INVALID_ORIGIN":
    case "MISSING_OR_NULL_ORIGIN":
    case "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED":
      return CrossSite();
    case "VALIDATION_ERROR":
      return Invalid(message);
  }
  if (response.status === 401) return NotSignedIn();
  return response.status >= 500 ? Unexpected() : BadRequest(message);
}

const fault = (pointer: string, detail: string) => Invalid(undefined, [{ pointer, detail }]);

function readRefusal(text: string): z.infer<typeof refusalSchema> {
  try {
    return refusalSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

function textIn(body: unknown, name: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : null;
}
