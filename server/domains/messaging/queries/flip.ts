import { type RawBuilder, sql } from "kysely";
import type { Context } from "#platform/context.ts";

// Rows are named by their ids alone: see outbound.ts.

/** An attempt that was judged longer ago than this before its hand-over gets a new time: caps and reports go by when it was handed over. */
const JUDGED_AFRESH_MS = 30_000;

/** A message that this process has judged, and until when it is kept for it. */
export type Leased = { id: string; leasedUntil: Date };

/**
 * The point of no return: queued → sending, for those still queued and leased to this process. Whoever is not among the answer was stopped, released, or
 * taken by another process in the meantime, or goes to an address that was closed or through a vendor that was switched off or paused, and must
 * not be handed over: what is still queued is judged again, and explained, when its lease is over. Attempts are written only where a retry or
 * another process takes them up. `integrationId`: what the messages go through; null for the sandbox that stands in for a vendor.
 */
export async function flipToSending(
  ctx: Context,
  messages: readonly Leased[],
  integrationId: string | null,
): Promise<Set<string>> {
  const ids = messages.map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const now = ctx.now();
  const fresh = new Date(now.getTime() - JUDGED_AFRESH_MS);
  const { rows } = await sql<{ id: string }>`
    with flipped as (
      update messages m set status = 'sending', handed_at = ${now}, due_at = null, tries = tries + 1
      -- Not by an index on the status: it remembers every message that was queued lately, and is read through for each chunk.
      where id = any(${ids}) and status || '' = 'queued' and due_at > ${now} and ${isOurs(messages)}
        and (purpose = 'confirmation' or not exists (select from suppressions s
          where s.workspace_id = m.workspace_id and s.kind = case when m.channel = 'EMAIL' then 'EMAIL' else 'PHONE' end and s.value = m."to"
            and s.lifted_at is null and s.scope in ('ALL', m.channel)))
        -- A test shows a person whether the vendor works, whatever else does not go through it now.
        and (purpose = 'test' or not exists (select from vendor_trips v
            where v.workspace_id = m.workspace_id and v.provider = m.provider and ${isShutFor(sql`m.probe_at`)})
          and ${isSwitchedOn(integrationId)})
      returning id, contact_attempt_id
    ), attempts as (
      update contact_attempts a set status = 'IN_PROGRESS', handed_at = ${now}
      from flipped f where a.id = f.contact_attempt_id
        and (a.status = 'PENDING' or (a.status = 'IN_PROGRESS' and (a.handed_at is null or a.handed_at < ${fresh})))
    )
    select id from flipped`.execute(ctx.db);
  return new Set(rows.map((row) => row.id));
}

/**
 * A process that was held up for longer than its lease finds that others have judged the message meanwhile: it waits for the morning, or is in
 * their hands, and is due at another time. Messages of one batch have one lease.
 */
const isOurs = (messages: readonly Leased[]) => {
  const leases = new Set(messages.map(({ leasedUntil }) => leasedUntil.getTime()));
  return sql`due_at = any(${[...leases].map((lease) => new Date(lease))}::timestamptz[])`;
};

/** A paused vendor `v` takes nothing, and one that is being tried only those that try it. */
const isShutFor = (probeAt: RawBuilder<unknown>) =>
  sql`(v.status = 'open' or v.status = 'half_open' and v.probed_at is distinct from ${probeAt})`;

const isSwitchedOn = (integrationId: string | null) =>
  integrationId === null
    ? sql`true`
    : sql`exists (select from integration_configs i where i.id = ${integrationId} and i.is_active)`;

/** Whether nothing more of these is handed to this vendor: it was switched off or paused since they were judged. */
export async function isVendorClosed(
  ctx: Context,
  provider: string,
  integrationId: string | null,
  messageIds: readonly string[],
): Promise<boolean> {
  const { rows } = await sql<{ closed: boolean }>`
    select not ${isSwitchedOn(integrationId)} or exists (select from vendor_trips v, messages m
      where v.workspace_id = ${ctx.workspace} and v.provider = ${provider} and m.id = any(${[...messageIds]})
        and ${isShutFor(sql`m.probe_at`)}) as closed`.execute(ctx.db);
  return rows[0]?.closed ?? false;
}

/** Gives leased messages that will not be handed over after all to the queue, which puts them before the gate at that time. */
export async function putBack(ctx: Context, messages: readonly Leased[], until: Date): Promise<void> {
  const ids = messages.map(({ id }) => id);
  await sql`
    update messages set due_at = ${until} where id = any(${ids}) and status || '' = 'queued' and due_at > ${until} and ${isOurs(messages)}`.execute(
    ctx.db,
  );
}

/** Caps count what was handed to a vendor: touches that wait or were withheld are none yet, those that go now are. */
export async function countTouches(
  tx: Context,
  { going, staying }: { going: readonly string[]; staying: readonly string[] },
): Promise<void> {
  if (going.length === 0 && staying.length === 0) return;
  await sql`
    update contact_attempts set handed_at = case when id = any(${going}) then ${tx.now()}::timestamptz end
    where id = any(${[...going, ...staying]}) and (handed_at is null) = (id = any(${going}))`.execute(tx.db);
}
