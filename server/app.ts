import type { FastifyInstance } from "fastify";
import { Pool } from "pg";
import { contract } from "./contract.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import type { Config } from "./platform/config.ts";
import { type Database, openDatabase } from "./platform/database/pool.ts";
import { listOperations } from "./platform/http/operations.ts";
import { findProcedure, serveOperation } from "./platform/http/orpc.ts";
import type { ResolveIdentity } from "./platform/http/request-context.ts";
import { createServer } from "./platform/http/server.ts";
import type { Providers } from "./platform/integrations/providers.ts";
import { type JobWorker, startJobWorker } from "./platform/job-worker.ts";
import { createLog } from "./platform/log.ts";
import { type Loop, type RunningLoops, startLoops } from "./platform/loops.ts";
import type { Module } from "./platform/module.ts";
import { platformModule } from "./platform/operations/module.ts";
import { type Runtime, createRuntime } from "./platform/runtime.ts";

/** Every domain, lowest tier first. The keys of `contract` are the modules' names. */
const modules: Module[] = [platformModule];

export type AppOptions = {
  config: Config;
  /** Owner's connection to a migrated database. */
  databaseUrl: string;
  clock?: Clock;
  database?: Database;
  providers?: Providers;
  /** Tests hand in their own callers. */
  resolveIdentity?: ResolveIdentity;
};

export type App = {
  runtime: Runtime;
  server: FastifyInstance;
  modules: readonly Module[];
  loops: readonly Loop[];
  /** Owner's connections: the queue's worker and its tables. */
  ownerPool: Pool;
  /** Starts what this process's ROLE asks for, without listening. */
  start(): Promise<void>;
  /** Finishes requests, loops and jobs under way, then lets go of the database. */
  stop(): Promise<void>;
};

let registered = false;

/** Job handlers and subscriptions are named once per process, however many apps a test makes. */
function registerModules(): void {
  if (registered) return;
  registered = true;
  for (const module of modules) module.register?.();
}

/** Puts the whole system together: the only file that names every domain and picks every provider. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, databaseUrl } = options;
  registerModules();
  const log = createLog(config.logLevel);
  const onError = (error: Error) => log.error({ err: error }, "a database connection broke");
  const database = options.database ?? openDatabase(databaseUrl, { max: config.databasePool, onError });
  const ownerPool = new Pool({
    connectionString: databaseUrl,
    max: config.jobConcurrency + 2,
    application_name: "throughline-queue",
  });
  ownerPool.on("error", onError);
  const providers: Providers = options.providers ?? {
    active: async () => null,
    byName: async () => null,
    forget: () => undefined,
  };
  const runtime = createRuntime({ config, clock: options.clock ?? systemClock, log, database, providers });
  const loops = modules.flatMap((module) => module.loops ?? []);
  const server = await createServer(runtime, { resolveIdentity: options.resolveIdentity ?? (async () => null) });

  const router = Object.fromEntries(modules.flatMap((module) => (module.router ? [[module.name, module.router]] : [])));
  for (const operation of listOperations(contract)) {
    const procedure = await findProcedure(router, operation);
    if (!procedure) throw new Error(`The operation ${operation.id} has no implementation.`);
    serveOperation(server, operation, procedure);
  }
  for (const module of modules) module.http?.(server, runtime);

  let worker: JobWorker | undefined;
  let running: RunningLoops | undefined;
  return {
    runtime,
    server,
    modules,
    loops,
    ownerPool,
    async start() {
      if (config.role === "web") return;
      worker = startJobWorker(runtime, ownerPool, config.jobConcurrency);
      running = startLoops(runtime, loops);
    },
    async stop() {
      await server.close();
      await running?.stop();
      await worker?.stop();
      await ownerPool.end();
      if (!options.database) await database.close();
    },
  };
}
