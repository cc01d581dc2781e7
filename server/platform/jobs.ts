import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "./context.ts";
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
export const listHandledJobs = () => [...handlers.keys()].toSorted();

/**
 * Queues a job in the caller's transaction: it exists if and only if the change does. With a `key`, a job of that key that has not
 * started yet is replaced, so a burst of requests for the same work becomes one job.
 */
export async function enqueue<T>(
  ctx: Context,
  job: JobDefinition<T>,
  payload: T,
  options: { key?: string } = {},
): Promise<void> {
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

/** Runs the handler of one queued job; throws what the handler throws, or when the job is not one of ours. */
export async function runJob(runtime: Runtime, name: string, envelope: unknown): Promise<void> {
  const handler = handlers.get(name);
  if (!handler) throw new Error(`Job ${name} has no handler`);
  const { workspaceId, data } = envelopeSchema.parse(envelope);
  await handler.run(runtime.contextFor(workspaceId, { kind: "system", id: name }), data);
}
