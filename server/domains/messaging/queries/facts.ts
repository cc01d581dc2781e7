import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "../channels.ts";

/** Touches of each lead since then, handed over or about to be. */
export async function loadTouches(
  ctx: Context,
  leadIds: readonly string[],
  since: Date,
): Promise<Map<string, { attemptId: string; channel: Channel; at: Date }[]>> {
  const byLead = new Map<string, { attemptId: string; channel: Channel; at: Date }[]>();
  if (leadIds.length === 0) return byLead;
  const rows = await ctx.db
    .selectFrom("contactAttempts")
    .select(["id", "leadId", "channel", "handedAt"])
    // By lead alone: see outbound.ts.
    .where("leadId", "=", sql<string>`any(${leadIds})`)
    .where("handedAt", ">=", since)
    .where("isTouch", "=", true)
    .execute();
  for (const { id, leadId, channel, handedAt } of rows) {
    if (!handedAt) continue;
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

/** Minutes long past are of no use to anybody. */
export async function forgetOldBudgets(ctx: Context, before: Date): Promise<void> {
  await ctx.db
    .deleteFrom("channelUsages")
    .where("workspaceId", "=", ctx.workspace)
    .where("minute", "<", before)
    .execute();
}
