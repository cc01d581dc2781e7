import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import type { Channel } from "../channels.ts";
import type { DomainCheck, DomainStatus } from "../senders/domain-records.ts";
import { HEALTH_WINDOW, type SenderHealth } from "../senders/health.ts";

const COLUMNS = [
  "senders.id",
  "senders.channel",
  "senders.integrationId",
  "senders.address",
  "senders.displayName",
  "senders.isActive",
  "senders.status",
  "senders.pauseCause",
  "senders.pauseReason",
  "senders.pausedAt",
  "senders.countsFrom",
  "senders.perMinute",
  "senders.perDay",
  "senders.rampStartedAt",
  "senders.dkimSelector",
  "senders.domainStatus",
  "senders.domainChecks",
  "senders.domainCheckedAt",
  "senders.createdAt",
  "senders.updatedAt",
] as const;

const rows = (ctx: Context) =>
  ctx.db
    .selectFrom("senders")
    .leftJoin("integrationConfigs as i", "i.id", "senders.integrationId")
    .select([...COLUMNS, "i.provider"])
    .where("senders.workspaceId", "=", ctx.workspace);

export type SenderRow = Awaited<ReturnType<ReturnType<typeof rows>["execute"]>>[number];

export type SenderFilter = { channel?: Channel; status?: "ACTIVE" | "PAUSED"; q?: string };

/** Newest first; one more than `limit`. */
export async function listSenders(
  ctx: Context,
  { channel, status, q }: SenderFilter,
  limit: number,
  after?: Cursor,
): Promise<SenderRow[]> {
  let query = rows(ctx)
    .orderBy("senders.createdAt", "desc")
    .orderBy("senders.id", "desc")
    .limit(limit + 1);
  if (channel) query = query.where("senders.channel", "=", channel);
  if (status) query = query.where("senders.status", "=", status);
  if (q) {
    const like = `%${q.toLowerCase().replaceAll(/[\\%_]/g, "\\$&")}%`;
    query = query.where(sql<boolean>`(senders.address like ${like} or lower(senders.display_name) like ${like})`);
  }
  if (after) {
    const [at, id] = after;
    query = query.where(sql<boolean>`(senders.created_at, senders.id) < (${new Date(Number(at))}, ${id})`);
  }
  return query.execute();
}

export async function findSender(ctx: Context, id: string): Promise<SenderRow | undefined> {
  return rows(ctx).where("senders.id", "=", id).executeTakeFirst();
}

/** The same, kept from changing until the transaction ends. */
export async function lockSender(tx: Context, id: string): Promise<SenderRow | undefined> {
  return rows(tx).where("senders.id", "=", id).forNoKeyUpdate("senders").executeTakeFirst();
}

export type NewSender = {
  id: string;
  channel: Channel;
  integrationId: string | null;
  address: string;
  displayName: string;
  isActive: boolean;
  perMinute: number;
  perDay: number;
  rampStartedAt: Date | null;
  dkimSelector: string | null;
};

/** False: the channel has a sender of this address. */
export async function insertSender(tx: Context, row: NewSender): Promise<boolean> {
  const now = tx.now();
  const { numInsertedOrUpdatedRows } = await tx.db
    .insertInto("senders")
    .values({ ...row, workspaceId: tx.workspace, countsFrom: now, createdAt: now, updatedAt: now })
    .onConflict((conflict) => conflict.columns(["workspaceId", "channel", "address"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export type SenderChange = Partial<Omit<NewSender, "id" | "channel" | "address">>;

export async function updateSender(tx: Context, id: string, change: SenderChange): Promise<void> {
  await tx.db
    .updateTable("senders")
    .set({ ...change, updatedAt: laterThanBefore(tx) })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

/** Pauses those of the senders that are active, each with its own reason; answers which. */
export async function pauseSenders(
  tx: Context,
  pauses: readonly { id: string; cause: "bounces" | "complaints" | "person"; reason: string }[],
): Promise<{ id: string; channel: Channel; address: string }[]> {
  if (pauses.length === 0) return [];
  const { rows: paused } = await sql<{ id: string; channel: Channel; address: string }>`
    update senders s set status = 'PAUSED', pause_cause = r.cause, pause_reason = r.reason, paused_at = ${tx.now()},
      updated_at = greatest(${tx.now()}::timestamptz, s.updated_at + interval '1 millisecond')
    from json_to_recordset(${JSON.stringify(pauses)}::json) as r(id text, cause text, reason text)
    where s.workspace_id = ${tx.workspace} and s.id = r.id and s.status = 'ACTIVE'
    returning s.id, s.channel, s.address`.execute(tx.db);
  return paused;
}

/** Lets it send again; what it sent before no longer counts for its health. */
export async function resumeSenderRow(tx: Context, id: string): Promise<void> {
  const now = tx.now();
  await tx.db
    .updateTable("senders")
    .set({
      status: "ACTIVE",
      pauseCause: null,
      pauseReason: null,
      pausedAt: null,
      countsFrom: now,
      updatedAt: laterThanBefore(tx),
    })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

export async function deleteSenderRow(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("senders").where("workspaceId", "=", tx.workspace).where("id", "=", id).execute();
}

/** How the last messages of each of these senders went, of those since it was added or resumed. */
export async function healthOf(ctx: Context, ids: readonly string[]): Promise<Map<string, SenderHealth>> {
  if (ids.length === 0) return new Map();
  const { rows: found } = await sql<SenderHealth & { id: string }>`
    select s.id, h.sends, h.bounces, h.complaints
    from senders s cross join lateral (
      select count(*)::int as sends,
        count(*) filter (where exists (select from sender_faults f where f.message_id = last.id and f.kind = 'bounce'))::int as bounces,
        count(*) filter (where exists (select from sender_faults f where f.message_id = last.id and f.kind = 'complaint'))::int as complaints
      from (select m.id from messages m where m.sender_id = s.id and m.handed_at >= s.counts_from and m.status || '' not in ('queued', 'cancelled')
        order by m.handed_at desc limit ${HEALTH_WINDOW}) last
    ) h
    where s.workspace_id = ${ctx.workspace} and s.id = any(${[...ids]}::text[])`.execute(ctx.db);
  return new Map(found.map(({ id, sends, bounces, complaints }) => [id, { sends, bounces, complaints }]));
}

/** Locks senders in the order of their ids, so that whoever counts their faults next sees this one's. */
export async function lockSenders(tx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`select id from senders where id = any(${ids.toSorted()}::text[]) order by id for no key update`.execute(
    tx.db,
  );
}

export type SenderFault = { messageId: string; senderId: string; kind: "bounce" | "complaint" };

/** Answers the senders of those that are new. */
export async function insertFaults(tx: Context, faults: readonly SenderFault[]): Promise<string[]> {
  if (faults.length === 0) return [];
  const { rows: added } = await sql<{ senderId: string }>`
    insert into sender_faults (workspace_id, message_id, kind, sender_id, at)
    select distinct ${tx.workspace}, r."messageId", r.kind, r."senderId", ${tx.now()}::timestamptz
    from json_to_recordset(${JSON.stringify(faults)}::json) as r("messageId" text, "senderId" text, kind text)
    on conflict do nothing returning sender_id`.execute(tx.db);
  return [...new Set(added.map(({ senderId }) => senderId))];
}

/** What each of these senders has used of these days: by sender, the days that have anything. */
export async function listDays(
  ctx: Context,
  ids: readonly string[],
  since: number,
): Promise<{ senderId: string; day: number; used: number }[]> {
  if (ids.length === 0) return [];
  return ctx.db
    .selectFrom("senderDays")
    .select(["senderId", "day", "used"])
    .where("senderId", "=", sql<string>`any(${[...ids]}::text[])`)
    .where("day", ">=", since)
    .orderBy("day")
    .execute();
}

/** How many leads are written to from the sender. */
export async function countThreads(ctx: Context, senderId: string): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("leadSenders")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("senderId", "=", senderId)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * E-mail senders whose domain was looked up before then, or never: at most so many, and theirs alone who asks, since the time of the lookup
 * is written with the claim.
 */
export async function claimDomainChecks(tx: Context, before: Date, limit: number): Promise<string[]> {
  const { rows: claimed } = await sql<{ id: string }>`
    update senders set domain_checked_at = ${tx.now()}
    where id in (select id from senders where workspace_id = ${tx.workspace} and channel = 'EMAIL'
      and (domain_checked_at is null or domain_checked_at < ${before}) limit ${limit} for no key update skip locked)
    returning id`.execute(tx.db);
  return claimed.map(({ id }) => id);
}

export async function setDomain(
  tx: Context,
  id: string,
  { status, checks, at }: { status: DomainStatus; checks: readonly DomainCheck[]; at: Date },
): Promise<void> {
  await tx.db
    .updateTable("senders")
    .set({ domainStatus: status, domainChecks: sql`${JSON.stringify(checks)}::jsonb`, domainCheckedAt: at })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

/** Senders that have paused themselves, the latest first. */
export async function listPausedByThemselves(
  ctx: Context,
  limit: number,
): Promise<{ id: string; channel: Channel; address: string; pauseReason: string | null }[]> {
  return ctx.db
    .selectFrom("senders")
    .select(["id", "channel", "address", "pauseReason"])
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "=", "PAUSED")
    .where("pauseCause", "in", ["bounces", "complaints"])
    .orderBy("pausedAt", "desc")
    .limit(limit)
    .execute();
}

export type SenderStanding = {
  channel: Channel;
  address: string;
  isActive: boolean;
  status: "ACTIVE" | "PAUSED";
  domainStatus: DomainStatus | null;
  domainChecks: unknown;
};

/** Every sender with what a launch asks of it; more than so many are as good as all. */
export async function listStandings(ctx: Context, limit: number): Promise<SenderStanding[]> {
  return ctx.db
    .selectFrom("senders")
    .select(["channel", "address", "isActive", "status", "domainStatus", "domainChecks"])
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("channel")
    .orderBy("address")
    .limit(limit)
    .execute();
}

/** Days long past say nothing to anybody. */
export async function forgetOldDays(ctx: Context, before: number): Promise<void> {
  await ctx.db.deleteFrom("senderDays").where("workspaceId", "=", ctx.workspace).where("day", "<", before).execute();
}
