import type { FastifyInstance } from "fastify";
import { BadRequest, Invalid, type Problem } from "../problems.ts";

/** Deeper than any request of ours by far; a parser that recurses is stopped before the stack is. */
export const MAX_JSON_DEPTH = 64;

/** Escapes that PostgreSQL cannot store (NUL) or that may stand for half a character. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** How deep arrays and objects are nested in JSON text, without parsing it. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === 0x5c) at++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x7d || char === 0x5d) depth--;
  }
  return deepest;
}

/** The first string, key or value, that cannot be stored: it holds NUL or half of a surrogate pair. */
export function findUnstorable(value: unknown, pointer = ""): string | null {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? pointer : null;
  if (Array.isArray(value)) return firstOf(value.entries(), pointer);
  if (typeof value === "object" && value !== null) return firstOf(Object.entries(value), pointer);
  return null;
}

function firstOf(entries: Iterable<readonly [string | number, unknown]>, pointer: string): string | null {
  for (const [key, inner] of entries) {
    const found =
      typeof key === "string" && findUnstorable(key) !== null ? pointer : findUnstorable(inner, `${pointer}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

export const unstorable = (pointer: string): Problem =>
  Invalid(undefined, [{ pointer, detail: "The text holds a NUL or half a character, which cannot be stored." }]);

/** Reads JSON bodies: nesting is bounded, `__proto__` refused, unstorable text answered with 422. An empty body is no body. */
export function readJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, text, done) => {
    if (text.trim() === "") return done(null, undefined);
    if (jsonDepth(text) > MAX_JSON_DEPTH)
      return done(BadRequest(`The body is nested deeper than ${MAX_JSON_DEPTH} levels.`));
    const finish = (error: Error | null, body?: unknown) => {
      if (error) return done(BadRequest("The body is not valid JSON."));
      const pointer = SUSPECT_ESCAPE.test(text) ? findUnstorable(body) : null;
      return pointer === null ? done(null, body) : done(unstorable(pointer));
    };
    return parse(request, text, finish);
  });
}

const clean = (text: string) => text.toWellFormed().replaceAll("\0", "\uFFFD");

/**
 * JSON without what PostgreSQL cannot keep in text, for what a vendor or a stranger wrote: a NUL or half a character becomes U+FFFD, in keys
 * and values, and the rest stays.
 */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === "string") return clean(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part);
    return entries.some(([key]) => clean(key) !== key)
      ? Object.fromEntries(entries.map(([key, inner]) => [clean(key), inner]))
      : part;
  });
