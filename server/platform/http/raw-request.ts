import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RawRequest } from "#providers/webhook.ts";
import { defineProblem } from "../problems.ts";

export const BadSignature = defineProblem(
  "bad-signature",
  401,
  "The signature is not the vendor's",
  "The webhook's signature does not match its body, or the secret stored for this integration is not the vendor's. Nothing was stored.",
);

/** Signatures cover exact bytes: routes of this scope get the body as a Buffer, and nothing parses it. */
export function keepBytes(scope: FastifyInstance, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body));
}

/** A vendor's request as it came, with the URL that the vendor called. */
export function rawRequest(request: FastifyRequest, publicUrl: string): RawRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return {
    method: request.method,
    url: `${publicUrl}${request.raw.url ?? request.url}`,
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}
