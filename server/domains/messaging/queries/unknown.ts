import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "../channels.ts";

/** A message whose outcome is unknown, with all by which its vendor may recognise it. */
export type UnknownSend = {
  id: string;
  channel: Channel;
  provider: string;
  from: string;
  to: string;
  text: string;
  handedAt: Date;
};

/** Takes messages whose vendor is to be asked now: the longest waiting first. What another process has, it asks about. */
export async function claimUnknown(tx: Context, limit: number): Promise<UnknownSend[]> {
  const { rows } = await sql<UnknownSend>`
    select id, channel, coalesce(provider, '') as provider, "from", "to", text, coalesce(handed_at, created_at) as "handedAt"
    from messages where workspace_id = ${tx.workspace} and status = 'unknown' and due_at <= ${tx.now()}
    order by due_at limit ${limit} for update skip locked`.execute(tx.db);
  return rows;
}

/** When their vendors are asked next; null: no more. */
export async function planAsking(tx: Context, items: readonly { id: string; at: Date | null }[]): Promise<void> {
  if (items.length === 0) return;
  await sql`
    update messages m set due_at = r.at from json_to_recordset(${JSON.stringify(items)}::json) as r(id text, at timestamptz)
    where m.id = r.id and m.status = 'unknown'`.execute(tx.db);
}
