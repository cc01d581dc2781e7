import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "#platform/context.ts";
import { putBack } from "#platform/database/put-back.ts";
import type { MergeHook } from "#domains/leads/index.ts";
import { giveSharedTouches, shareTouches, takeSharedTouchesBack } from "./queries/shared-touches.ts";

const TABLES = ["messages", "contact_attempts"] as const;
const row = z.record(z.string(), z.unknown());
const movedSchema = z.object({
  messages: z.array(z.string()),
  contact_attempts: z.array(z.string()),
  /** Threads' senders as they were; merges from before there were senders kept none. */
  lead_senders: z.object({ rows: z.array(row), given: z.array(z.string()) }).default({ rows: [], given: [] }),
  /** What counted for the other without being theirs; merges from before know of none. */
  shared_touches: z.object({ rows: z.array(row), given: z.array(z.string()) }).default({ rows: [], given: [] }),
});
type Moved = z.infer<typeof movedSchema>;

async function hand(tx: Context, table: (typeof TABLES)[number], from: string, to: string, only?: readonly string[]) {
  const { rows } = await sql<{ id: string }>`
    update ${sql.table(table)} set lead_id = ${to} where workspace_id = ${tx.workspace} and lead_id = ${from}
      ${only ? sql`and id = any(${[...only]}::text[])` : sql``}
    returning id`.execute(tx.db);
  return rows.map(({ id }) => id);
}

/** The survivor keeps its own senders, and takes the other's on channels where it has none. */
async function giveSenders(tx: Context, survivorId: string, otherId: string): Promise<Moved["lead_senders"]> {
  const { rows: gone } = await sql<{ row: Record<string, unknown> }>`
    delete from lead_senders s where s.workspace_id = ${tx.workspace} and s.lead_id = ${otherId} returning to_jsonb(s) as row`.execute(
    tx.db,
  );
  const rows = gone.map((one) => one.row);
  const { rows: given } = await sql<{ channel: string }>`
    insert into lead_senders (workspace_id, lead_id, channel, sender_id, created_at)
    select workspace_id, ${survivorId}, channel, sender_id, created_at
    from jsonb_populate_recordset(null::lead_senders, ${JSON.stringify(rows)}::jsonb)
    on conflict (lead_id, channel) do nothing returning channel`.execute(tx.db);
  return { rows, given: given.map(({ channel }) => channel) };
}

async function takeSendersBack(tx: Context, survivorId: string, { rows, given }: Moved["lead_senders"]): Promise<void> {
  await sql`
    delete from lead_senders where workspace_id = ${tx.workspace} and lead_id = ${survivorId} and channel = any(${given}::text[])`.execute(
    tx.db,
  );
  await putBack(tx, "lead_senders", rows, sql`exists (select from senders s where s.id = r.sender_id)`);
}

/**
 * A merged lead's messages, touches and senders are the survivor's: its caps count both, it is written to from whom it knows, and what comes
 * back in a thread finds it. What was sent meanwhile stays with the survivor when they are two again, and counts for whoever it was sent to.
 */
export const messagingMergeHook: MergeHook = {
  name: "messaging",
  tables: [...TABLES, "lead_senders", "shared_touches"],
  async count(ctx, leadId) {
    const { rows } = await sql<Record<string, number>>`
      select (select count(*)::int from messages where lead_id = ${leadId}) as messages,
        (select count(*)::int from contact_attempts where lead_id = ${leadId}) as contact_attempts,
        (select count(*)::int from lead_senders where lead_id = ${leadId}) as lead_senders,
        (select count(*)::int from shared_touches where lead_id = ${leadId}) as shared_touches`.execute(ctx.db);
    const [counts] = rows;
    return {
      messages: counts?.messages ?? 0,
      contact_attempts: counts?.contactAttempts ?? 0,
      lead_senders: counts?.leadSenders ?? 0,
      shared_touches: counts?.sharedTouches ?? 0,
    };
  },
  async move(tx, { survivorId, otherId }): Promise<Moved> {
    return {
      messages: await hand(tx, "messages", otherId, survivorId),
      contact_attempts: await hand(tx, "contact_attempts", otherId, survivorId),
      lead_senders: await giveSenders(tx, survivorId, otherId),
      shared_touches: await giveSharedTouches(tx, survivorId, otherId),
    };
  },
  async undo(tx, parting, kept) {
    const { survivorId, otherId } = parting;
    const moved = movedSchema.parse(kept);
    for (const table of TABLES) await hand(tx, table, survivorId, otherId, moved[table]);
    await takeSendersBack(tx, survivorId, moved.lead_senders);
    await shareTouches(tx, parting);
    await takeSharedTouchesBack(tx, survivorId, moved.shared_touches);
  },
};
