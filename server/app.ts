import type { AnyContractRouter } from "@orpc/contract";
import type { AnyProcedure } from "@orpc/server";
import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { BootError, checkCode, checkMigrations, checkSecretKey, checkTenancy, refuseFaults } from "./boot-checks.ts";
import { contract } from "./contract.ts";
import { resolveIdentity } from "./domains/accounts/index.ts";
import { accountsModule } from "./domains/accounts/module.ts";
import { conversionsModule } from "./domains/conversions/module.ts";
import { leadsModule } from "./domains/leads/module.ts";
import { messagingModule } from "./domains/messaging/module.ts";
import { outreachModule, simulationLoop } from "./domains/outreach/module.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import type { Config } from "./platform/config.ts";
import { type Database, openDatabase, openOwnerPool } from "./platform/database/pool.ts";
import type { Dns } from "./platform/dns.ts";
import { serveHealth } from "./platform/http/health.ts";
import { answerOnce } from "./platform/http/idempotency.ts";
import { serveApiDocument } from "./platform/http/openapi.ts";
import { type Operation, listOperations } from "./platform/http/operations.ts";
import { findProcedure, serveOperation } from "./platform/http/orpc.ts";
import { serveProblemPages } from "./platform/http/problem-pages.ts";
import type { ResolveIdentity } from "./platform/http/request-context.ts";
import { createServer } from "./platform/http/server.ts";
import { refuseUnknown, serveWeb } from "./platform/http/static.ts";
import { serveEventStream } from "./platform/http/stream.ts";
import { createProviders } from "./platform/integrations/load.ts";
import { integrationsModule } from "./platform/integrations/module.ts";
import { type JobWorker, startJobWorker } from "./platform/job-worker.ts";
import { keeperOf } from "./platform/kept-requests.ts";
import { createLog } from "./platform/log.ts";
import { type Loop, type RunningLoops, startLoops } from "./platform/loops.ts";
import type { Module } from "./platform/module.ts";
import { platformModule } from "./platform/operations/module.ts";
import { type Runtime, createRuntime } from "./platform/runtime.ts";
import { simulationProcess } from "./simulation-process.ts";

/** Every domain, lowest tier first. A module's name is its key in `contract`. */
const modules: readonly Module[] = [
  platformModule,
  integrationsModule,
  accountsModule,
  leadsModule,
  messagingModule,
  conversionsModule,
  outreachModule,
];

export type AppOptions = {
  config: Config;
  /** The owner's connection to a migrated database. */
  databaseUrl: string;
  clock?: Clock;
  /** Shared between the apps of a test file; closed by whoever opened them. */
  database?: Database;
  ownerPool?: Pool;
  /** Vendors of the caller's own, over the same interface: where nothing may leave this process. */
  providers?: ReturnType<typeof createProviders>;
  resolveIdentity?: ResolveIdentity;
  /** The name servers of this machine unless told. */
  dns?: Dns;
  /** Tests of the edge serve operations of their own. */
  contract?: AnyContractRouter;
  modules?: readonly Module[];
  /** Where the built pages are, if not where the build puts them. */
  webDir?: string;
};

export type App = {
  runtime: Runtime;
  server: FastifyInstance;
  modules: readonly Module[];
  loops: readonly Loop[];
  /** The database owner's connections: for the queue and for migrations, never for requests. */
  ownerPool: Pool;
  /** Checks that the process may serve, then starts the work that its ROLE asks for. Does not listen. */
  start(): Promise<void>;
  /** Finishes requests, loops and jobs under way, in this order, then lets go of the database. */
  stop(): Promise<void>;
};

const registered = new Set<Module>();

/** Job handlers and subscriptions are named once per process, however many apps a test makes. */
function registerOnce(module: Module): void {
  if (registered.has(module)) return;
  registered.add(module);
  module.register?.();
}

type Implemented = { operation: Operation; procedure: AnyProcedure };

/** What the contract names and the modules do; refuses where one of them does not. */
async function findProcedures(served: AnyContractRouter, mounted: readonly Module[]): Promise<Implemented[]> {
  const router = Object.fromEntries(mounted.flatMap((module) => (module.router ? [[module.name, module.router]] : [])));
  const found: Implemented[] = [];
  const missing: string[] = [];
  for (const operation of listOperations(served)) {
    const procedure = await findProcedure(router, operation);
    if (procedure) found.push({ operation, procedure });
    else missing.push(`The operation ${operation.id} has no implementation.`);
  }
  if (missing.length > 0) throw new BootError(missing);
  return found;
}

/** Puts the whole system together: the only file that names every domain and picks every provider. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, databaseUrl } = options;
  const mounted = options.modules ?? modules;
  const served = options.contract ?? contract;
  for (const module of mounted) registerOnce(module);

  const log = createLog(config.logLevel);
  let closing = false;
  // Whoever stops this process may stop the database with it, before the work under way has let go of its connections.
  const onError = (error: Error) => {
    if (!closing) log.warn({ err: error }, "a database connection broke");
  };
  const database = options.database ?? openDatabase(databaseUrl, { max: config.databasePool, onError });
  const ownerPool = options.ownerPool ?? openOwnerPool(databaseUrl, { max: config.jobConcurrency + 2, onError });
  const clock = options.clock ?? systemClock;
  const providers = options.providers ?? createProviders({ config, clock, log, database, dns: options.dns });
  const runtime = createRuntime({ config, clock, log, database, providers });
  const loops = [
    ...mounted.flatMap((module) => module.loops ?? []),
    ...(mounted.includes(outreachModule) ? [simulationLoop(simulationProcess(config, databaseUrl))] : []),
  ];

  let worker: JobWorker | undefined;
  let running: RunningLoops | undefined;
  const keeper = keeperOf(runtime);
  for (const module of mounted) module.takesUp?.(runtime);
  const procedures = config.role === "worker" ? [] : await findProcedures(served, mounted);
  let isServing = false;
  const addRoutes = async (to: FastifyInstance): Promise<void> => {
    isServing = true;
    to.addHook("onReady", async () => keeper.begin());
    to.addHook("onClose", () => keeper.end());
    serveHealth(to, runtime, ownerPool, () => ({ worker, loops: running?.statuses() ?? [] }));
    if (config.role === "worker") return refuseUnknown(to);
    for (const { operation, procedure } of procedures) serveOperation(to, operation, procedure, answerOnce);
    for (const module of mounted) await module.http?.(to, runtime);
    serveEventStream(to, runtime);
    await serveApiDocument(to, served, config.publicUrl);
    serveProblemPages(to);
    await serveWeb(to, options.webDir);
  };
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    closing = true;
    // One that was never needed would be put together to be closed.
    if (isServing) await server.close();
    await running?.stop();
    await worker?.stop();
    keeper.leave();
    await providers.close();
    if (!options.ownerPool) await ownerPool.end();
    if (!options.database) await database.close();
  }
  const identity = { resolveIdentity: options.resolveIdentity ?? resolveIdentity };
  const server = createServer(runtime, identity, addRoutes);

  return {
    runtime,
    server,
    modules: mounted,
    loops,
    ownerPool,
    async start() {
      await refuseFaults([
        Promise.resolve(checkCode(loops)),
        checkMigrations(ownerPool),
        checkTenancy(ownerPool, database),
        checkSecretKey(ownerPool, config.secretKey),
      ]);
      if (config.role === "web") return;
      // Before anything is sent the process knows of the no that one before it has left (`platform/kept-requests.ts`).
      await server.ready();
      if (closing) return;
      worker = startJobWorker(runtime, ownerPool, config.jobConcurrency);
      running = startLoops(runtime, loops);
    },
    stop: () => (stopped ??= stop()),
  };
}
