import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "#platform/context.ts";
import type { MergeHook } from "#domains/leads/index.ts";

const TABLES = ["messages", "contact_attempts"] as const;
const movedSchema = z.object({ messages: z.array(z.string()), contact_attempts: z.array(z.string()) });

async function hand(tx: Context, table: (typeof TABLES)[number], from: string, to: string, only?: readonly string[]) {
  const { rows } = await sql<{ id: string }>`
    update ${sql.table(table)} set lead_id = ${to} where workspace_id = ${tx.workspace} and lead_id = ${from}
      ${only ? sql`and id = any(${[...only]}::text[])` : sql``}
    returning id`.execute(tx.db);
  return rows.map(({ id }) => id);
}

/** A merged lead's messages and touches are the survivor's: both count for its caps, and what comes back in a thread finds it. */
export const messagingMergeHook: MergeHook = {
  name: "messaging",
  tables: TABLES,
  async count(ctx, leadId) {
    const { rows } = await sql<Record<string, number>>`
      select (select count(*)::int from messages where lead_id = ${leadId}) as messages,
        (select count(*)::int from contact_attempts where lead_id = ${leadId}) as contact_attempts`.execute(ctx.db);
    const [counts] = rows;
    return { messages: counts?.messages ?? 0, contact_attempts: counts?.contactAttempts ?? 0 };
  },
  async move(tx, { survivorId, otherId }) {
    const moved: Record<string, string[]> = {};
    for (const table of TABLES) moved[table] = await hand(tx, table, otherId, survivorId);
    return moved;
  },
  async undo(tx, { survivorId, otherId }, kept) {
    const moved = movedSchema.parse(kept);
    for (const table of TABLES) await hand(tx, table, survivorId, otherId, moved[table]);
  },
};
