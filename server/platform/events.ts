import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "./context.ts";
import { newId } from "./ids.ts";
import { enqueueMany, type JobDefinition } from "./jobs.ts";

/** Something that happened: `<domain>.<noun>-<past>`. */
export type EventDefinition<T> = { type: string; payload: z.ZodType<T> };

/** Which lead and which other row an event is about: the timeline and the audit log are read by these. */
export type EventSubject = { leadId?: string | null; subjectId?: string | null };

const definitions = new Map<string, EventDefinition<unknown>>();
const subscribers = new Map<string, { job: JobDefinition<unknown>; wanted: (payload: unknown) => boolean }[]>();

/** The channel on which the browser's live updates hear of new events. */
export const EVENTS_CHANNEL = "throughline_events";

export function defineEvent<T>(type: string, payload: z.ZodType<T>): EventDefinition<T> {
  if (definitions.has(type)) throw new Error(`Event ${type} is defined twice`);
  const definition = { type, payload };
  definitions.set(type, definition);
  return definition;
}

export const listEventTypes = () => [...definitions.keys()].toSorted();

/**
 * When the event is emitted, `job` is queued with the event's payload in the emitter's transaction. The job's payload schema must accept it.
 * `wanted` spares jobs that would do nothing; it must be pure.
 */
export function subscribe<T>(
  event: EventDefinition<T>,
  job: JobDefinition<T>,
  wanted: (payload: T) => boolean = () => true,
): void {
  const list = subscribers.get(event.type) ?? [];
  // The registry forgets T; `emitMany` hands every subscriber the payload of its own event type only.
  list.push({ job: job as JobDefinition<unknown>, wanted: wanted as (payload: unknown) => boolean });
  subscribers.set(event.type, list);
}

const batchSubscribers = new Map<string, JobDefinition<{ items: unknown[] }>[]>();

/** How many events one job of a batch subscription may carry. */
const JOB_BATCH = 1_000;

/**
 * As `subscribe`, for events that come by the thousand: those of one `emitMany` go to the job together, as `{ items }`, so that an import
 * of a hundred thousand leads queues a hundred jobs.
 */
export function subscribeBatch<T>(event: EventDefinition<T>, job: JobDefinition<{ items: T[] }>): void {
  const list = batchSubscribers.get(event.type) ?? [];
  // As in `subscribe`: every subscriber gets the payloads of its own event type only.
  list.push(job as unknown as JobDefinition<{ items: unknown[] }>);
  batchSubscribers.set(event.type, list);
}

/** Writes one event in the caller's transaction, with the jobs of those who subscribed. */
export async function emit<T>(
  ctx: Context,
  event: EventDefinition<T>,
  payload: T,
  about: EventSubject = {},
): Promise<void> {
  await emitMany(ctx, event, [{ payload, ...about }]);
}

/** Many events of one type in one statement. */
export async function emitMany<T>(
  ctx: Context,
  event: EventDefinition<T>,
  items: readonly ({ payload: T } & EventSubject)[],
): Promise<void> {
  if (items.length === 0) return;
  const at = ctx.now();
  const rows = items.map((item) => ({
    id: newId("evt"),
    lead: item.leadId ?? null,
    subject: item.subjectId ?? null,
    payload: item.payload,
  }));
  await sql`
    insert into events (id, workspace_id, type, at, actor_kind, actor_id, lead_id, subject_id, payload)
    select r.id, ${ctx.workspace}, ${event.type}, ${at}, ${ctx.actor.kind}, ${ctx.actor.id}, r.lead, r.subject, r.payload
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, lead text, subject text, payload jsonb)`.execute(
    ctx.db,
  );
  for (const { job, wanted } of subscribers.get(event.type) ?? []) {
    await enqueueMany(ctx, job, items.map((item) => item.payload).filter(wanted));
  }
  for (const job of batchSubscribers.get(event.type) ?? []) {
    const payloads = items.map((item) => item.payload);
    const batches: { items: unknown[] }[] = [];
    for (let from = 0; from < payloads.length; from += JOB_BATCH)
      batches.push({ items: payloads.slice(from, from + JOB_BATCH) });
    await enqueueMany(ctx, job, batches);
  }
  // Equal notifications of one transaction are delivered once, so a batch of a thousand wakes the browsers once.
  await sql`select pg_notify(${EVENTS_CHANNEL}, ${JSON.stringify({ workspace: ctx.workspace, type: event.type })})`.execute(
    ctx.db,
  );
}
