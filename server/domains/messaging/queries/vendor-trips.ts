import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { Channel } from "../channels.ts";
import { PROBE_LOST_MS, TALLY_MS, type VendorTrip } from "../vendor-health.ts";

const COLUMNS = ["provider", "status", "reason", "trippedAt", "trips", "retryAt", "probedAt"] as const;

/** The vendors of the workspace that are paused, or being tried again. A handful at most. */
export async function listOpenTrips(ctx: Context): Promise<(VendorTrip & { channel: Channel })[]> {
  return ctx.db
    .selectFrom("vendorTrips")
    .select([...COLUMNS, "channel"])
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "!=", "closed")
    .orderBy("trippedAt")
    .execute();
}

/** How a batch of hand-overs to one vendor went. */
export type Tally = { provider: string; calls: number; failures: number };
/** With it, how the last minute went in all, and whether the vendor is paused already. */
export type Weighed = Tally & {
  callsOfMinute: number;
  failuresOfMinute: number;
  status: VendorTrip["status"] | null;
  trips: number | null;
  retryAt: Date | null;
  probedAt: Date | null;
};

/** Keeps the tallies of a batch, and weighs the vendors for which that matters: those that failed, and those that are paused. One statement. */
export async function keepTallies(tx: Context, tallies: readonly Tally[]): Promise<Weighed[]> {
  if (tallies.length === 0) return [];
  const now = tx.now();
  const { rows } = await sql<Weighed>`
    with told as (select * from json_to_recordset(${JSON.stringify(tallies.map((tally) => ({ id: newId("tal"), ...tally })))}::json)
        as r(id text, provider text, calls int, failures int)),
      kept as (
        insert into vendor_tallies (id, workspace_id, provider, at, calls, failures)
        select id, ${tx.workspace}, provider, ${now}, calls, failures from told
      )
    -- What is inserted by this statement it does not see: it is added.
    select r.provider, r.calls, r.failures, (r.calls + coalesce(m.calls, 0))::int as "callsOfMinute",
      (r.failures + coalesce(m.failures, 0))::int as "failuresOfMinute", v.status, v.trips, v.retry_at as "retryAt",
      v.probed_at as "probedAt"
    from told r
    left join vendor_trips v on v.workspace_id = ${tx.workspace} and v.provider = r.provider and v.status <> 'closed'
    left join lateral (
      select sum(t.calls) as calls, sum(t.failures) as failures from vendor_tallies t
      where t.workspace_id = ${tx.workspace} and t.provider = r.provider and t.at > ${new Date(now.getTime() - TALLY_MS)}
    ) m on r.failures > 0
    where r.failures > 0 or v.status is not null`.execute(tx.db);
  return rows;
}

/** Pauses a vendor. False when it was paused already, by whoever was first. */
export async function openTrip(
  tx: Context,
  trip: { provider: string; channel: Channel; reason: string; retryAt: Date },
): Promise<boolean> {
  const now = tx.now();
  const { numAffectedRows } = await sql`
    insert into vendor_trips (workspace_id, provider, channel, status, reason, tripped_at, trips, retry_at)
    values (${tx.workspace}, ${trip.provider}, ${trip.channel}, 'open', ${trip.reason}, ${now}, 1, ${trip.retryAt})
    on conflict (workspace_id, provider) do update set channel = excluded.channel, status = 'open', reason = excluded.reason,
      tripped_at = excluded.tripped_at, trips = 1, retry_at = excluded.retry_at, probed_at = null, closed_at = null
    where vendor_trips.status = 'closed'`.execute(tx.db);
  return numAffectedRows === 1n;
}

/** A try of a paused vendor: which one, and when it began. */
export type Probe = { provider: string; probedAt: Date };

/** A try has failed: the wait begins anew, longer. */
export async function reopenTrip(tx: Context, probe: Probe, reason: string, retryAt: Date): Promise<void> {
  await sql`
    update vendor_trips set status = 'open', trips = trips + 1, reason = ${reason}, retry_at = ${retryAt}
    where workspace_id = ${tx.workspace} and provider = ${probe.provider} and status = 'half_open' and probed_at = ${probe.probedAt}`.execute(
    tx.db,
  );
}

/** A try has succeeded. What was counted before counts no more. False when somebody else was first. */
export async function closeTrip(tx: Context, { provider, probedAt }: Probe): Promise<boolean> {
  const { rows } = await sql`
    with closed as (
      update vendor_trips set status = 'closed', closed_at = ${tx.now()}
      where workspace_id = ${tx.workspace} and provider = ${provider} and status = 'half_open' and probed_at = ${probedAt}
      returning provider
    ), forgotten as (
      delete from vendor_tallies t using closed c where t.workspace_id = ${tx.workspace} and t.provider = c.provider
    )
    select provider from closed`.execute(tx.db);
  return rows.length > 0;
}

/**
 * Takes it on to try a paused vendor, if its time has come and nobody else does: of all processes and lanes one is told yes. The try is known by
 * `now`, which its messages carry.
 */
export async function claimProbe(tx: Context, provider: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update vendor_trips set status = 'half_open', probed_at = ${now}
    where workspace_id = ${tx.workspace} and provider = ${provider}
      and (status = 'open' and retry_at <= ${now} or status = 'half_open' and probed_at <= ${new Date(now.getTime() - PROBE_LOST_MS)})`.execute(
    tx.db,
  );
  return numAffectedRows === 1n;
}

/** Writes on queued messages of which try of their vendor they are. */
export async function markProbes(tx: Context, probes: readonly { id: string; probeAt: Date }[]): Promise<void> {
  if (probes.length === 0) return;
  await sql`
    update messages m set probe_at = r.at
    from unnest(${probes.map(({ id }) => id)}::text[], ${probes.map(({ probeAt }) => probeAt)}::timestamptz[]) as r(id, at)
    where m.id = r.id`.execute(tx.db);
}

/** Lets a paused vendor be tried at once. Undefined when it is not paused. */
export async function hastenTrip(tx: Context, provider: string): Promise<{ channel: Channel } | undefined> {
  return tx.db
    .updateTable("vendorTrips")
    .set({ status: "open", retryAt: tx.now() })
    .where("workspaceId", "=", tx.workspace)
    .where("provider", "=", provider)
    .where("status", "!=", "closed")
    .returning("channel")
    .executeTakeFirst();
}

/** The vendor is connected no more. */
export async function forgetTrip(tx: Context, provider: string): Promise<void> {
  await tx.db
    .deleteFrom("vendorTrips")
    .where("workspaceId", "=", tx.workspace)
    .where("provider", "=", provider)
    .execute();
}

export async function forgetOldTallies(ctx: Context): Promise<void> {
  await ctx.db
    .deleteFrom("vendorTallies")
    .where("workspaceId", "=", ctx.workspace)
    .where("at", "<", new Date(ctx.now().getTime() - 2 * TALLY_MS))
    .execute();
}

/**
 * Queued messages that wait for this vendor are put before the gate again. Those that it has answered itself keep the time of their next try,
 * which the vendor may have asked for.
 */
export async function releaseWaiting(tx: Context, provider: string): Promise<void> {
  const now = tx.now();
  await sql`
    update messages m set due_at = ${now}
    from (select m.id from messages m left join contact_attempts a on a.id = m.contact_attempt_id
      where m.workspace_id = ${tx.workspace} and m.status = 'queued' and m.due_at > ${now} and m.provider = ${provider}
        and (m.tries = 0 or a.handed_at is null) order by m.id for update of m skip locked) held
    where m.id = held.id`.execute(tx.db);
}

/** Hand-overs to a vendor that is paused use up nobody's tries. */
export async function giveTriesBack(tx: Context, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await sql`
    update messages set tries = greatest(tries - 1, 0) where id = any(${messageIds}) and status = 'queued'`.execute(
    tx.db,
  );
}
