import { createHmac, timingSafeEqual } from "node:crypto";
import type { ResolveIdentity, SignedIn } from "#platform/http/request-context.ts";
import { sha256 } from "#platform/ids.ts";
import { NotSignedIn } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { apiKeyActor, userActor } from "./actors.ts";
import { cookieSecret, sessionCookie } from "./auth.ts";
import { API_KEY_PREFIX } from "./commands/create-api-key.ts";
import { findApiKey, findSession, markKeyUsed } from "./queries/identity.ts";

/** Credentials whose last workspace is remembered, per process. */
const HINTS_KEPT = 10_000;
/** `lastUsedAt` is to the minute, so that a busy key is not an update per request. */
const USED_EVERY_MS = 60_000;

type Door = {
  cookie: string;
  secret: string;
  /**
   * The workspace that a credential was last used in. Only a hint which connection to ask, never an answer: the account tables read the same
   * on each, but a connection that already serves the workspace need not change hands twice within one request.
   */
  hints: Map<string, string>;
};

const doors = new WeakMap<Runtime, Door>();

function doorOf(runtime: Runtime): Door {
  let door = doors.get(runtime);
  if (!door) {
    door = { cookie: sessionCookie(runtime.config.publicUrl), secret: cookieSecret(runtime), hints: new Map() };
    doors.set(runtime, door);
  }
  return door;
}

/**
 * Who sends this request: one indexed read, nothing cached, so a session or key that was revoked in any process is refused by the next
 * request. A key counts before a cookie; one that is wrong throws.
 */
export const resolveIdentity: ResolveIdentity = async (runtime, headers) => {
  const key = readApiKey(headers);
  if (key !== null) return resolveApiKey(runtime, key);
  const door = doorOf(runtime);
  const token = readSessionToken(headers.get("cookie"), door);
  return token === null ? null : resolveSession(runtime, door, token);
};

function readApiKey(headers: Headers): string | null {
  const plain = headers.get("x-api-key");
  if (plain !== null) return plain.trim();
  const [scheme, token] = headers.get("authorization")?.trim().split(/\s+/, 2) ?? [];
  return scheme?.toLowerCase() === "bearer" ? (token ?? "") : null;
}

/** The token in better-auth's cookie: `<token>.<base64 HMAC-SHA256>`, percent-encoded. Null when it is absent or not signed by us. */
function readSessionToken(cookies: string | null, { cookie, secret }: Door): string | null {
  const pair = cookies?.split(";").find((part) => part.trim().startsWith(`${cookie}=`));
  if (!pair) return null;
  const value = decode(pair.trim().slice(cookie.length + 1));
  const dot = value.lastIndexOf(".");
  if (dot < 1) return null;
  const token = value.slice(0, dot);
  const expected = createHmac("sha256", secret).update(token).digest();
  const given = Buffer.from(value.slice(dot + 1), "base64");
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

async function resolveSession(runtime: Runtime, door: Door, token: string): Promise<SignedIn | null> {
  const session = await findSession(hinted(runtime, door, token), token);
  if (!session) return null;
  const { sessionId, userId, userName, workspaceId, role } = session;
  const actor = role ? userActor({ id: userId, name: userName }, role) : null;
  remember(door, token, workspaceId);
  return { identity: { userId, sessionId, apiKeyId: null, workspaceId }, actor };
}

async function resolveApiKey(runtime: Runtime, text: string): Promise<SignedIn> {
  const door = doorOf(runtime);
  if (!text.startsWith(API_KEY_PREFIX)) throw NotSignedIn("The API key is not valid.");
  const hash = sha256(text);
  const db = hinted(runtime, door, hash);
  const key = await findApiKey(db, hash);
  const now = runtime.clock.now();
  if (!key || (key.expiresAt && key.expiresAt <= now)) throw NotSignedIn("The API key is not valid.");
  if (!key.lastUsedAt || now.getTime() - key.lastUsedAt.getTime() >= USED_EVERY_MS) await markKeyUsed(db, key.id, now);
  remember(door, hash, key.workspaceId);
  const identity = { userId: null, sessionId: null, apiKeyId: key.id, workspaceId: key.workspaceId };
  return { identity, actor: apiKeyActor(key, key.role) };
}

const hinted = (runtime: Runtime, { hints }: Door, credential: string) =>
  runtime.database.forWorkspace(hints.get(credential) ?? "");

function remember({ hints }: Door, credential: string, workspaceId: string | null): void {
  if (!workspaceId || hints.get(credential) === workspaceId) return;
  if (hints.size >= HINTS_KEPT) hints.clear();
  hints.set(credential, workspaceId);
}
