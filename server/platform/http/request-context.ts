import type { Readable } from "node:stream";
import type { Actor, Context } from "../context.ts";
import type { Runtime } from "../runtime.ts";

/** Who is signed in, resolved from the session cookie or the API key before the operation runs. */
export type Identity = {
  userId: string | null;
  sessionId: string | null;
  apiKeyId: string | null;
  workspaceId: string | null;
};

/** A caller as accounts knows them. `actor` is null while no workspace is chosen; it acts in `identity.workspaceId`. */
export type SignedIn = { identity: Identity; actor: Actor | null };

/**
 * Finds out who calls; null: nobody is signed in. Throws NotSignedIn for an API key that is wrong, expired or switched off, so that a caller
 * who meant to sign in is never served as a stranger.
 */
export type ResolveIdentity = (runtime: Runtime, headers: Headers) => Promise<SignedIn | null>;

/** A file sent as multipart/form-data, read as a stream: nothing of it is kept in memory. */
export type Upload = { fileName: string; mimeType: string; stream: Readable };

/** What every oRPC handler receives. `ctx` throws NotSignedIn when nobody is signed in, NoWorkspace when no workspace is chosen. */
export type RequestContext = {
  readonly runtime: Runtime;
  readonly requestId: string;
  readonly headers: Headers;
  /** The caller's address, as the nearest trusted proxy tells it. */
  readonly ip: string;
  readonly identity: Identity | null;
  readonly ctx: Context;
  /** The file of a multipart request; null when there is none. Only for operations that say they take one. */
  upload(): Promise<Upload | null>;
};
