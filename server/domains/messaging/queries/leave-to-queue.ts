import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { type NewMessage, deferQueued, insertMessages } from "./outbound.ts";

/** Writes messages whose time has not come: nobody has handed them to anybody. */
export async function leaveToQueue(tx: Context, items: readonly { message: NewMessage; until: Date }[]): Promise<void> {
  if (items.length === 0) return;
  await insertMessages(
    tx,
    items.map(({ message }) => message),
    tx.now(),
  );
  await sql`
    update contact_attempts set handed_at = null where id = any(${items.map(({ message }) => message.attemptId)}::text[])`.execute(
    tx.db,
  );
  await deferQueued(
    tx,
    items.map(({ message, until }) => ({ id: message.id, until })),
  );
}
