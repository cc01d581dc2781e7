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
export function subscribe<T>(event: EventDefinition<T>, job: JobDefinition<T>, wanted?: (payload: T) => boolean): void {
  const list = subscribers.get(event.type) ?? [];
  list.push({ job, wanted: wanted ? (payload) => wanted(event.payload.parse(payload)) : () => true });
  subscribers.set(event.type, list);
}

type BatchSubscriber = { job: JobDefinition<unknown>; wanted: (payload: unknown) => boolean };
const batchSubscribers = new Map<string, BatchSubscriber[]>();

/** How many events one job of a batch subscription may carry. */
const JOB_BATCH = 1_000;

/**
 * As `subscribe`, for events that come by the thousand: those of one `emitMany` go to the job together, as `{ items }`, so that an import
 * of a hundred thousand leads queues a hundred jobs.
 */
export function subscribeBatch<Item, T extends Item>(
  event: EventDefinition<T>,
  job: JobDefinition<{ items: Item[] }>,
  wanted?: (payload: T) => boolean,
): void {
  const list = batchSubscribers.get(event.type) ?? [];
  list.push({ job, wanted: wanted ? (payload) => wanted(event.payload.parse(payload)) : () => true });
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

/** Many events of one type. */
export async function emitMany<T>(
  ctx: Context,
  event: EventDefinition<T>,
  items: readonly ({ payload: T } & EventSubject)[],
): Promise<void> {
  await emitAll(ctx, [eventsOf(event, items)]);
}

type Wanted = (type: string) => boolean;
/** Null: all events are written. */
let kept: Wanted | null = null;

/**
 * Has this process write only events of such types, until the returned function is called: for a scratch database on which nobody looks back. Who
 * subscribed hears of the others all the same. Throws when some are left out already.
 */
export function keepEvents(wanted: Wanted): () => void {
  if (kept) throw new Error("Events of this process are left out already.");
  kept = wanted;
  return () => {
    kept = null;
  };
}

/** Events of one type, to be written together with those of others. */
export type Emission = { type: string; items: readonly ({ payload: unknown } & EventSubject)[] };

export const eventsOf = <T>(
  { type }: EventDefinition<T>,
  items: readonly ({ payload: T } & EventSubject)[],
): Emission => ({ type, items });

/**
 * Events of several types in one statement, in the order given, with the notifications that wake the browsers. Equal notifications of one
 * transaction are delivered once, so a batch of a thousand wakes them once.
 */
export async function emitAll(ctx: Context, emissions: readonly Emission[]): Promise<void> {
  const some = emissions.filter(({ items }) => items.length > 0);
  if (some.length === 0) return;
  await write(
    ctx,
    some.filter(({ type }) => kept === null || kept(type)),
  );
  for (const { type, items } of some) await queueSubscribers(ctx, type, items);
}

async function write(ctx: Context, some: readonly Emission[]): Promise<void> {
  if (some.length === 0) return;
  const rows = some.flatMap(({ type, items }) =>
    items.map((item) => ({
      id: newId("evt"),
      type,
      lead: item.leadId ?? null,
      subject: item.subjectId ?? null,
      payload: item.payload,
    })),
  );
  const notices = some.map(({ type }) => JSON.stringify({ workspace: ctx.workspace, type }));
  await sql`
    with written as (
      insert into events (id, workspace_id, type, at, actor_kind, actor_id, lead_id, subject_id, payload)
      select r.id, ${ctx.workspace}, r.type, ${ctx.now()}, ${ctx.actor.kind}, ${ctx.actor.id}, r.lead, r.subject, r.payload
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, type text, lead text, subject text, payload jsonb)
    )
    select pg_notify(${EVENTS_CHANNEL}, notice) from unnest(${notices}::text[]) as notice`.execute(ctx.db);
}

async function queueSubscribers(ctx: Context, type: string, items: Emission["items"]): Promise<void> {
  for (const { job, wanted } of subscribers.get(type) ?? []) {
    await enqueueMany(ctx, job, items.map((item) => item.payload).filter(wanted));
  }
  for (const { job, wanted } of batchSubscribers.get(type) ?? []) {
    const payloads = items.map((item) => item.payload).filter(wanted);
    const batches: { items: unknown[] }[] = [];
    for (let from = 0; from < payloads.length; from += JOB_BATCH)
      batches.push({ items: payloads.slice(from, from + JOB_BATCH) });
    await enqueueMany(ctx, job, batches);
  }
}
