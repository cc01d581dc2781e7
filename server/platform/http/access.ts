import type { FastifyRequest } from "fastify";
import { CrossSite, NotAllowed, NotSignedIn, NoWorkspace } from "../problems.ts";
import type { Runtime } from "../runtime.ts";
import type { Access } from "./endpoint.ts";
import type { RequestContext, SignedIn } from "./request-context.ts";
import { readUpload } from "./upload.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Throws the problem that keeps this caller out. Runs before the body is read, so strangers cannot make the server parse anything. */
export function checkAccess(access: Access, caller: SignedIn | null): void {
  if (access === "public") return;
  if (!caller) throw NotSignedIn();
  if (access === "signed-in") return;
  if (!caller.actor) throw NoWorkspace();
  const { actor } = caller;
  if (actor.kind !== "user" && actor.kind !== "api_key") throw NotSignedIn();
  if (!actor.permissions.has(access)) throw NotAllowed(`This needs the permission ${access}.`);
}

/**
 * A page of another site may make a signed-in browser send a request; it cannot hide where it comes from. Only sessions are concerned: an
 * API key is never sent by a browser on its own (OWASP, cross-site request forgery prevention: verifying origin with standard headers).
 */
export function refuseCrossSite(request: FastifyRequest, caller: SignedIn | null, publicUrl: string): void {
  if (SAFE_METHODS.has(request.method) || !caller?.identity.sessionId) return;
  const { origin } = request.headers;
  if (!origin) return;
  const own = new Set([new URL(publicUrl).host, request.headers.host]);
  if (!URL.canParse(origin) || !own.has(new URL(origin).host)) throw CrossSite();
}

/** Node's headers as the web's: what accounts reads sessions and keys from. */
export function toHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}

export function makeRequestContext(
  runtime: Runtime,
  request: FastifyRequest,
  headers: Headers,
  caller: SignedIn | null,
): RequestContext {
  const make = () => {
    if (!caller) throw NotSignedIn();
    const workspace = caller.identity.workspaceId;
    if (!caller.actor || !workspace) throw NoWorkspace();
    return runtime.contextFor(workspace, caller.actor);
  };
  let ctx: ReturnType<typeof make> | undefined;
  return {
    runtime,
    requestId: request.id,
    headers,
    ip: request.ip,
    identity: caller?.identity ?? null,
    get ctx() {
      return (ctx ??= make());
    },
    upload: () => readUpload(request),
  };
}
