import type { AnyRouter } from "@orpc/server";
import type { FastifyInstance } from "fastify";
import type { Loop } from "./loops.ts";
import type { Runtime } from "./runtime.ts";

/** What a domain hands to app.ts. */
export type Module = {
  name: string;
  /** oRPC handlers of the domain's contract; app.ts mounts them under the same key as the contract. */
  router?: AnyRouter;
  /** Work that the clock brings. */
  loops?: Loop[];
  /** Names job handlers and event subscriptions, once per process. */
  register?: () => void;
  /** Names who does what was kept while the database was away (`kept-requests.ts`): in every process, as any may find it. */
  takesUp?: (runtime: Runtime) => void;
  /** Routes that are not operations of the API: webhooks, public pages. */
  http?: (server: FastifyInstance, runtime: Runtime) => void | Promise<void>;
};
