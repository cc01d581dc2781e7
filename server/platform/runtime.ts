import type { Logger } from "pino";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Actor, Context } from "./context.ts";
import { sign } from "./crypto.ts";
import type { Database } from "./database/pool.ts";
import type { Providers } from "./integrations/providers.ts";

/** What a process holds once: made by app.ts, closed by main.ts. Contexts for requests, jobs and loops come from here. */
export type Runtime = {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly providers: Providers;
  contextFor(workspaceId: string, actor: Actor): Context;
};

export function createRuntime(parts: Omit<Runtime, "contextFor">): Runtime {
  return {
    ...parts,
    contextFor: (workspace, actor) => ({
      db: parts.database.forWorkspace(workspace),
      workspace,
      actor,
      now: () => parts.clock.now(),
      providers: parts.providers,
      log: parts.log.child({ workspace }),
      keyedHash: (use, text) => sign(parts.config.secretKey, `hash:${use}`, `${workspace} ${text}`),
    }),
  };
}
