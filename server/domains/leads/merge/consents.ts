import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "#platform/context.ts";
import type { MergeHook } from "./hooks.ts";

const movedSchema = z.array(z.string());

async function hand(tx: Context, from: string, to: string, only: readonly string[] | null): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from app_move_consents(${from}, ${to}, ${only === null ? null : [...only]}::text[]) as id`.execute(tx.db);
  return rows.map(({ id }) => id);
}

/** What a merged lead agreed to, or took back, the survivor did. */
export const consentMergeHook: MergeHook = {
  name: "leads",
  tables: ["consent_records"],
  async count(ctx, leadId) {
    const { count } = await ctx.db
      .selectFrom("consentRecords")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("leadId", "=", leadId)
      .executeTakeFirstOrThrow();
    return { consent_records: count };
  },
  move: (tx, { survivorId, otherId }) => hand(tx, otherId, survivorId, null),
  async undo(tx, { survivorId, otherId }, kept) {
    // Merges from before there were consents kept nothing of them.
    await hand(tx, survivorId, otherId, movedSchema.nullable().parse(kept) ?? []);
  },
};
