import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel, MessageStatus } from "../channels.ts";
import { countedUntil } from "./send-counts.ts";

/** Counts for a person go no further: behind it "1,000+" says as much as the figure. */
export const COUNT_CAP = 1_000;

export type CappedCount = { count: number; isMore: boolean };
const capped = (count: number): CappedCount => ({ count: Math.min(count, COUNT_CAP), isMore: count > COUNT_CAP });

/** Outbound messages written since then, by channel and status. */
export async function countOutbound(
  ctx: Context,
  since: Date,
): Promise<{ channel: Channel; status: MessageStatus; count: number }[]> {
  return (
    ctx.db
      .selectFrom("messages")
      .select(({ fn }) => ["channel" as const, "status" as const, fn.countAll<number>().as("count")])
      .where("workspaceId", "=", ctx.workspace)
      // Literal, so that every plan knows the partial index.
      .where(sql<boolean>`direction = 'outbound'`)
      .where("createdAt", ">=", since)
      .groupBy(["channel", "status"])
      .execute()
  );
}

export type Attention = {
  replies: CappedCount & { oldestAt: Date | null };
  failed: CappedCount;
  unknown: CappedCount;
  hasSent: boolean;
  hasReceived: boolean;
};

/** What a person should look at, each count read from an index (that is what the orders are for) and no further than the cap. */
export async function countAttention(ctx: Context, failedSince: Date, unknownBefore: Date): Promise<Attention> {
  const most = COUNT_CAP + 1;
  const { rows } = await sql<{
    replies: number;
    oldestAt: Date | null;
    failed: number;
    unknown: number;
    hasSent: boolean;
    hasReceived: boolean;
  }>`
    select
      (select count(*)::int from (
        select from messages where workspace_id = ${ctx.workspace} and awaits_reply
        order by created_at limit ${most}) r) as replies,
      (select created_at from messages where workspace_id = ${ctx.workspace} and awaits_reply
        order by created_at, id limit 1) as "oldestAt",
      (select count(*)::int from (
        select from messages where workspace_id = ${ctx.workspace} and status = 'failed' and created_at >= ${failedSince}
        order by created_at limit ${most}) f) as failed,
      (select count(*)::int from (
        select from messages where workspace_id = ${ctx.workspace} and status = 'unknown' and created_at <= ${unknownBefore}
        order by created_at limit ${most}) u) as unknown,
      -- The first entry of an index; EXISTS would hope to meet one soon and read the table.
      (select min(sent_at) from messages where workspace_id = ${ctx.workspace}) is not null as "hasSent",
      (select min(created_at) from messages where workspace_id = ${ctx.workspace} and status = 'received') is not null
        as "hasReceived"`.execute(ctx.db);
  const [row] = rows;
  if (!row) throw new Error("A select without a table gave no row.");
  return {
    replies: { ...capped(row.replies), oldestAt: row.oldestAt },
    failed: capped(row.failed),
    unknown: capped(row.unknown),
    hasSent: row.hasSent,
    hasReceived: row.hasReceived,
  };
}

/**
 * How many messages went out between each of these instants and the next, the last stretch being open: from the counted quarters, and from
 * the messages themselves for the minutes that are not counted yet. `place` counts the stretches from 0; those with none are left out.
 */
export async function sumSends(
  ctx: Context,
  starts: readonly Date[],
): Promise<{ place: number; channel: Channel; sent: number }[]> {
  const [first] = starts;
  if (!first) return [];
  const counted = (await countedUntil(ctx)) ?? first;
  const fresh = counted > first ? counted : first;
  const { rows } = await sql<{ place: number; channel: Channel; sent: number }>`
    select place - 1 as place, channel, sum(sent)::int as sent from (
      select width_bucket(quarter, ${starts}::timestamptz[]) as place, channel, sent from send_counts
      where workspace_id = ${ctx.workspace} and quarter >= ${first}
      union all
      select width_bucket(sent_at, ${starts}::timestamptz[]), channel, count(*) from messages
      where workspace_id = ${ctx.workspace} and sent_at >= ${fresh}
      group by 1, 2
    ) all_sends
    group by place, channel
    order by place, channel`.execute(ctx.db);
  return rows;
}
