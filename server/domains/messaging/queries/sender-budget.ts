import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "../channels.ts";

/** A sender as the send path needs it. */
export type PoolSender = {
  id: string;
  channel: Channel;
  integrationId: string | null;
  address: string;
  displayName: string;
  isActive: boolean;
  status: "ACTIVE" | "PAUSED";
  pauseReason: string | null;
  perMinute: number;
  perDay: number;
  rampStartedAt: Date | null;
};

/** The senders of the workspace; none for most. */
export async function listPoolSenders(ctx: Context): Promise<PoolSender[]> {
  return ctx.db
    .selectFrom("senders")
    .select([
      "id",
      "channel",
      "integrationId",
      "address",
      "displayName",
      "isActive",
      "status",
      "pauseReason",
      "perMinute",
      "perDay",
      "rampStartedAt",
    ])
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("id")
    .execute();
}

/** The sender of each lead's thread on these channels, by `<channel> <lead>`. */
export async function listThreadSenders(ctx: Context, leadIds: readonly string[]): Promise<Map<string, string>> {
  if (leadIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom("leadSenders")
    .select(["leadId", "channel", "senderId"])
    // By lead alone: see outbound.ts.
    .where("leadId", "=", sql<string>`any(${[...leadIds]}::text[])`)
    .execute();
  return new Map(rows.map(({ leadId, channel, senderId }) => [`${channel} ${leadId}`, senderId]));
}

export type DayUse = { senderId: string; used: number; minute: Date; minuteUsed: number };

/**
 * What the senders have used of the day, locked in the order of their ids until the transaction ends: others who want places of the same
 * senders wait, so nobody counts with what another is about to take.
 */
export async function lockDays(tx: Context, senderIds: readonly string[], day: number): Promise<DayUse[]> {
  const ids = senderIds.toSorted();
  const locked = () =>
    tx.db
      .selectFrom("senderDays")
      .select(["senderId", "used", "minute", "minuteUsed"])
      .where("senderId", "=", sql<string>`any(${ids})`)
      .where("day", "=", day)
      .orderBy("senderId")
      .forUpdate()
      .execute();
  const found = await locked();
  if (found.length === ids.length) return found;
  // The first of a day: its rows are made, in the same order, and locked all together.
  await sql`
    insert into sender_days (workspace_id, sender_id, day, minute)
    select ${tx.workspace}, id, ${day}, to_timestamp(0) from unnest(${ids}::text[]) as id order by id
    on conflict do nothing`.execute(tx.db);
  return locked();
}

/** Writes what was taken. A minute that another process, whose clock is ahead, has begun already is counted on. */
export async function addUse(
  tx: Context,
  day: number,
  minute: Date,
  taken: readonly { senderId: string; count: number }[],
): Promise<void> {
  if (taken.length === 0) return;
  await sql`
    update sender_days d set used = d.used + r.count, minute = greatest(d.minute, ${minute}::timestamptz),
      minute_used = case when d.minute >= ${minute}::timestamptz then d.minute_used else 0 end + r.count
    from json_to_recordset(${JSON.stringify(taken)}::json) as r("senderId" text, count int)
    where d.sender_id = r."senderId" and d.day = ${day}`.execute(tx.db);
}

/** Gives back places that were taken in this transaction and will not be used. */
export async function returnUse(
  tx: Context,
  day: number,
  unused: readonly { senderId: string; count: number }[],
): Promise<void> {
  if (unused.length === 0) return;
  await sql`
    update sender_days d set used = greatest(0, d.used - r.count), minute_used = greatest(0, d.minute_used - r.count)
    from json_to_recordset(${JSON.stringify(unused)}::json) as r("senderId" text, count int)
    where d.sender_id = r."senderId" and d.day = ${day}`.execute(tx.db);
}

/** From now on these leads are written to from these senders; whoever has one keeps it. */
export async function keepThreadSenders(
  tx: Context,
  threads: readonly { leadId: string; channel: Channel; senderId: string }[],
): Promise<void> {
  if (threads.length === 0) return;
  await sql`
    insert into lead_senders (workspace_id, lead_id, channel, sender_id, created_at)
    select ${tx.workspace}, r."leadId", r.channel, r."senderId", ${tx.now()}
    from json_to_recordset(${JSON.stringify(threads)}::json) as r("leadId" text, channel text, "senderId" text)
    on conflict (lead_id, channel) do nothing`.execute(tx.db);
}

/** Whoever writes first to one of our senders is answered from it. */
export async function keepSendersWrittenTo(
  tx: Context,
  written: readonly { leadId: string | null; channel: Channel; to: string }[],
): Promise<void> {
  const known = written.flatMap(({ leadId, channel, to }) => (leadId ? [{ leadId, channel, to }] : []));
  if (known.length === 0) return;
  await sql`
    insert into lead_senders (workspace_id, lead_id, channel, sender_id, created_at)
    select distinct on (r."leadId", r.channel) ${tx.workspace}, r."leadId", r.channel, s.id, ${tx.now()}::timestamptz
    from json_to_recordset(${JSON.stringify(known)}::json) as r("leadId" text, channel text, "to" text)
    join senders s on s.workspace_id = ${tx.workspace} and s.channel = r.channel and s.address = lower(r."to")
    on conflict (lead_id, channel) do nothing`.execute(tx.db);
}
