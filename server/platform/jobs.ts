import { sql } from "kysely";
import { type TaskList, run, runMigrations, runOnce } from "graphile-worker";
import pg from "pg";
import { z } from "zod";
import { asSystem, type Context } from "./context.ts";
import type { Runtime } from "./runtime.ts";

/** A kind of work to be done soon: `<domain>.<verb>-<noun>`. Work for later is a row with a due time, found by a loop (see loops.ts). */
export type JobDefinition<T> = { name: string; payload: z.ZodType<T> };

type Handler = { definition: JobDefinition<unknown>; run: (ctx: Context, payload: unknown) => Promise<void> };

const definitions = new Map<string, JobDefinition<unknown>>();
const handlers = new Map<string, Handler>();

export function defineJob<T>(name: string, payload: z.ZodType<T>): JobDefinition<T> {
  if (definitions.has(name)) throw new Error(`Job ${name} is defined twice`);
  const definition = { name, payload };
  definitions.set(name, definition);
  return definition;
}

/** Names the one handler of a job. Two handlers, or none at boot, stop the process. */
export function handleJob<T>(definition: JobDefinition<T>, run: (ctx: Context, payload: T) => Promise<void>): void {
  if (handlers.has(definition.name)) throw new Error(`Job ${definition.name} has two handlers`);
  handlers.set(definition.name, { definition, run: (ctx, payload) => run(ctx, definition.payload.parse(payload)) });
}

/** Jobs without a handler, for the boot check. */
export const jobsWithoutHandler = () => [...definitions.keys()].filter((name) => !handlers.has(name));
export const listJobNames = () => [...definitions.keys()].toSorted();

/**
 * Queues a job in the caller's transaction: it exists if and only if the change does. With a `key`, a job of that key that has not
 * started yet is replaced, so a burst of requests for the same work becomes one job.
 */
export async function enqueue<T>(ctx: Context, job: JobDefinition<T>, payload: T, options: { key?: string } = {}): Promise<void> {
  const envelope = JSON.stringify({ workspaceId: ctx.workspace, data: payload });
  const key = options.key ? `${ctx.workspace}:${job.name}:${options.key}` : null;
  await sql`select app_enqueue(${job.name}, ${envelope}::json, ${key})`.execute(ctx.db);
}

/** Many jobs of one kind in one statement. */
export async function enqueueMany<T>(ctx: Context, job: JobDefinition<T>, payloads: readonly T[]): Promise<void> {
  if (payloads.length === 0) return;
  const envelopes = JSON.stringify(payloads.map((data) => ({ workspaceId: ctx.workspace, data })));
  await sql`select app_enqueue_many(${job.name}, ${envelopes}::json)`.execute(ctx.db);
}

const envelopeSchema = z.object({ workspaceId: z.string(), data: z.unknown() });

function taskList(runtime: Runtime): TaskList {
  const tasks: TaskList = {};
  for (const [name, handler] of handlers) {
    tasks[name] = async (raw) => {
      const { workspaceId, data } = envelopeSchema.parse(raw);
      const ctx = runtime.contextFor(workspaceId, { kind: "system", id: name });
      await handler.run(asSystem(ctx, name), data);
    };
  }
  return tasks;
}

/** The queue's own tables, made or brought up to date. Runs as the owner of the database. */
export async function migrateQueue(pool: pg.Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: undefined });
}

export type JobWorker = { stop(): Promise<void> };

/** Works the queue until stopped; `stop` lets jobs under way finish. */
export async function startJobWorker(runtime: Runtime, pool: pg.Pool, concurrency: number): Promise<JobWorker> {
  const runner = await run({
    pgPool: pool,
    taskList: taskList(runtime),
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    preset: { worker: { localQueue: { size: 50 }, gracefulShutdownAbortTimeout: 10_000 } },
    parsedCronItems: [],
  });
  runner.promise.catch((error: unknown) => runtime.log.error({ err: error }, "the job worker stopped"));
  return { stop: () => runner.stop() };
}

/** Runs every job that is ready and returns: for tests and the simulator, whose clock is their own. */
export async function drainJobs(runtime: Runtime, pool: pg.Pool): Promise<void> {
  await runOnce({ pgPool: pool, taskList: taskList(runtime), concurrency: 4, noHandleSignals: true });
}
