import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "../channels.ts";

/** Touches of each lead since then, handed over or about to be; with those that were sent to it while it was one with another. */
export async function loadTouches(
  ctx: Context,
  leadIds: readonly string[],
  since: Date,
): Promise<Map<string, { attemptId: string; channel: Channel; at: Date }[]>> {
  const byLead = new Map<string, { attemptId: string; channel: Channel; at: Date }[]>();
  if (leadIds.length === 0) return byLead;
  const leads = sql`any(${[...leadIds]}::text[])`;
  // By lead alone: see outbound.ts. Who is one with the other again has a touch both as its own and as a shared one.
  const { rows } = await sql<{ id: string; leadId: string; channel: Channel; handedAt: Date }>`
    select a.id, a.lead_id, a.channel, a.handed_at from contact_attempts a
    where a.lead_id = ${leads} and a.handed_at >= ${since} and a.is_touch
    union
    select a.id, s.lead_id, a.channel, a.handed_at from shared_touches s join contact_attempts a on a.id = s.attempt_id
    where s.lead_id = ${leads} and a.handed_at >= ${since} and a.is_touch`.execute(ctx.db);
  for (const { id, leadId, channel, handedAt } of rows) {
    const list = byLead.get(leadId);
    const touch = { attemptId: id, channel, at: handedAt };
    if (list) list.push(touch);
    else byLead.set(leadId, [touch]);
  }
  return byLead;
}

/**
 * Takes up to `wanted` of the minute's budget and answers how many were granted. One statement: its row lock makes parallel senders queue,
 * and the sum they were granted never exceeds the limit.
 */
export async function reserveBudget(
  ctx: Context,
  channel: Channel,
  minute: Date,
  wanted: number,
  limit: number,
): Promise<number> {
  const { used } = await ctx.db
    .insertInto("channelUsages")
    .values({ workspaceId: ctx.workspace, channel, minute, used: wanted })
    .onConflict((conflict) =>
      conflict
        .columns(["workspaceId", "channel", "minute"])
        .doUpdateSet((eb) => ({ used: eb("channelUsages.used", "+", wanted) })),
    )
    .returning("used")
    .executeTakeFirstOrThrow();
  return Math.min(wanted, Math.max(0, limit - (used - wanted)));
}

/** Gives back what was reserved and not used. */
export async function returnBudget(ctx: Context, channel: Channel, minute: Date, unused: number): Promise<void> {
  await ctx.db
    .updateTable("channelUsages")
    .set((eb) => ({ used: eb("used", "-", unused) }))
    .where("workspaceId", "=", ctx.workspace)
    .where("channel", "=", channel)
    .where("minute", "=", minute)
    .execute();
}

/**
 * As `reserveBudget`, of a day of the workspace. What was refused is not counted, so that a limit that is raised during the day opens at once.
 * Two statements; the first holds the row until the transaction ends.
 */
export async function reserveDay(
  tx: Context,
  channel: Channel,
  { day, limit }: { day: string; limit: number },
  wanted: number,
): Promise<number> {
  const { rows } = await sql<{ used: number }>`
    insert into channel_days as d (workspace_id, channel, day, used) values (${tx.workspace}, ${channel}, ${day}::date, 0)
    on conflict (workspace_id, channel, day) do update set used = d.used
    returning used`.execute(tx.db);
  const granted = Math.min(wanted, Math.max(0, limit - (rows[0]?.used ?? 0)));
  if (granted > 0)
    await sql`
      update channel_days set used = used + ${granted}
      where workspace_id = ${tx.workspace} and channel = ${channel} and day = ${day}::date`.execute(tx.db);
  return granted;
}

/** Minutes long past are of no use to anybody, nor are days. */
export async function forgetOldBudgets(ctx: Context, before: Date): Promise<void> {
  await sql`
    delete from channel_days where workspace_id = ${ctx.workspace} and day < (${before}::timestamptz - interval '2 days')::date`.execute(
    ctx.db,
  );
  await ctx.db
    .deleteFrom("channelUsages")
    .where("workspaceId", "=", ctx.workspace)
    .where("minute", "<", before)
    .execute();
}
