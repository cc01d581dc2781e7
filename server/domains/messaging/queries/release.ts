import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/**
 * How long the preparing process may take to hand over before the queue offers the message to others, who ask the gate again.
 * Far more than a hand-over takes, far less than anyone would wait for a message.
 */
export const LEASE_MS = 60_000;

/**
 * Takes messages of these executions from whoever is about to hand them over: they are judged again at once. One that another transaction
 * holds is being judged, or handed over, at this moment.
 */
export async function releaseQueued(tx: Context, executionIds: readonly string[]): Promise<void> {
  if (executionIds.length === 0) return;
  const now = tx.now();
  await sql`
    update messages m set due_at = ${now}
    from (select id from messages where workspace_id = ${tx.workspace} and execution_id = any(${[...executionIds]}::text[]) and status = 'queued'
      and due_at > ${now} and due_at <= ${new Date(now.getTime() + LEASE_MS)} order by id for update skip locked) held
    where m.id = held.id`.execute(tx.db);
}

/** Writes from which address, and through which vendor, queued messages go: on their attempts too, which reports are found by. */
export async function changeSenders(
  tx: Context,
  messages: readonly {
    id: string;
    from: string;
    senderId: string | null;
    provider: string | null;
    contactAttemptId: string | null;
  }[],
): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map(({ id, from, senderId, provider, contactAttemptId }) => ({
    id,
    from,
    sender: senderId,
    provider,
    attempt: contactAttemptId,
  }));
  await sql`
    with r as (select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, "from" text, sender text, provider text, attempt text)),
      attempts as (update contact_attempts a set provider = r.provider from r where a.id = r.attempt)
    update messages m set "from" = r."from", sender_id = r.sender, provider = r.provider from r where m.id = r.id and m.status = 'queued'`.execute(
    tx.db,
  );
}
