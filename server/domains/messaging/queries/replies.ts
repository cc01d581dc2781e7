import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/** Nothing of this message, or of these leads, waits for an answer any more. Answers whether something did. */
export async function closeReplies(
  tx: Context,
  which: { leadIds: readonly string[] } | { messageId: string },
): Promise<boolean> {
  if ("leadIds" in which && which.leadIds.length === 0) return false;
  const query = tx.db
    .updateTable("messages")
    .set({ awaitsReply: false })
    .where("workspaceId", "=", tx.workspace)
    .where("awaitsReply", "=", sql<boolean>`true`);
  const one =
    "leadIds" in which
      ? query.where("leadId", "=", sql<string>`any(${[...which.leadIds]})`)
      : query.where("id", "=", which.messageId);
  const { numUpdatedRows } = await one.executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * The replies that these sent messages answer: those of the same leads that came before they were written. A row that another transaction
 * holds is passed over: that one closes it too, so the send path waits for nobody.
 */
export async function closeAnswered(tx: Context, sentIds: readonly string[]): Promise<void> {
  if (sentIds.length === 0) return;
  await sql`
    with answered as materialized (
      select reply.id from messages m join messages reply on reply.lead_id = m.lead_id
      where m.workspace_id = ${tx.workspace} and m.id = any(${sentIds}) and reply.workspace_id = ${tx.workspace}
        and reply.awaits_reply and reply.created_at < m.created_at
      for update of reply skip locked
    )
    update messages set awaits_reply = false where workspace_id = ${tx.workspace} and id in (select id from answered)`.execute(
    tx.db,
  );
}
