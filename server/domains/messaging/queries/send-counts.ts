import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

export const QUARTER_MS = 15 * 60_000;

/** Where the counted quarters end: nothing that was sent before it is missing from the counts. Null when nothing was ever counted. */
export async function countedUntil(ctx: Context): Promise<Date | null> {
  const row = await ctx.db
    .selectFrom("sendCounts")
    .select("quarter")
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("quarter", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? new Date(row.quarter.getTime() + QUARTER_MS) : null;
}

/** Adds the quarters between; those without a message get no row. Counted quarters stay as they are. */
export async function addSendCounts(ctx: Context, from: Date | null, until: Date): Promise<void> {
  await sql`
    insert into send_counts (workspace_id, channel, quarter, sent)
    select ${ctx.workspace}, channel, date_bin('15 minutes', sent_at, 'epoch'::timestamptz), count(*)
    from messages
    where workspace_id = ${ctx.workspace} and sent_at >= ${from ?? new Date(0)} and sent_at < ${until}
    group by 2, 3
    on conflict do nothing`.execute(ctx.db);
}
