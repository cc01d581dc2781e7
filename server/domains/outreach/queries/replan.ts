import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { Channel } from "#domains/messaging/index.ts";

/**
 * Puts touches that were due before, and wait for hours, caps or limits, before the gate again; those to come are due when their delay says.
 * A time that a person chose stays. With `sequenceId` only that sequence's.
 */
export async function askAgain(tx: Context, sequenceId?: string): Promise<void> {
  const now = tx.now();
  await sql`
    update sequence_step_executions e set scheduled_at = greatest(e.due_at, ${now}::timestamptz)
    where e.workspace_id = ${tx.workspace} and e.status = 'SCHEDULED' and e.scheduled_at > greatest(e.due_at, ${now}::timestamptz)
      and e.result -> 'moved' is null
      ${sequenceId ? sql`and e.step_id in (select id from sequence_steps where sequence_id = ${sequenceId})` : sql``}`.execute(
    tx.db,
  );
}

/** Puts touches of a channel that wait for its vendor before the gate again. */
export async function askAgainOfVendor(tx: Context, channel: Channel): Promise<void> {
  const now = tx.now();
  await sql`
    update sequence_step_executions e set scheduled_at = greatest(e.due_at, ${now}::timestamptz)
    from sequence_steps s
    where s.id = e.step_id and s.channel = ${channel} and e.workspace_id = ${tx.workspace} and e.status = 'SCHEDULED'
      and e.scheduled_at > greatest(e.due_at, ${now}::timestamptz) and e.verdict->'result'->>'check' = 'vendor'`.execute(
    tx.db,
  );
}
