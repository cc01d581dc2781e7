import type { Context } from "../context.ts";
import type { Runtime } from "../runtime.ts";

/** Who is signed in, resolved from the session cookie or the API key before the operation runs. */
export type Identity = {
  userId: string | null;
  sessionId: string | null;
  apiKeyId: string | null;
  workspaceId: string | null;
};

/** What every oRPC handler receives. `ctx` throws NotSignedIn when nobody is signed in or no workspace is chosen. */
export type RequestContext = {
  readonly runtime: Runtime;
  readonly requestId: string;
  readonly headers: Headers;
  readonly identity: Identity | null;
  readonly ctx: Context;
};
