import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "#platform/context.ts";
import type { MergeHook } from "./hooks.ts";

const movedSchema = z.array(z.string());

async function hand(tx: Context, from: string, to: string, only: readonly string[] | null): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update lead_submissions set lead_id = ${to} where lead_id = ${from}
      and (${only === null} or id = any(${[...(only ?? [])]}::text[])) returning id`.execute(tx.db);
  return rows.map(({ id }) => id);
}

/** What a merged lead's forms said, the survivor's did. */
export const submissionMergeHook: MergeHook = {
  name: "leads.submissions",
  tables: ["lead_submissions"],
  async count(ctx, leadId) {
    const { count } = await ctx.db
      .selectFrom("leadSubmissions")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("leadId", "=", leadId)
      .executeTakeFirstOrThrow();
    return { lead_submissions: count };
  },
  move: (tx, { survivorId, otherId }) => hand(tx, otherId, survivorId, null),
  async undo(tx, { survivorId, otherId }, kept) {
    // Merges from before there were submissions kept nothing of them.
    await hand(tx, survivorId, otherId, movedSchema.nullish().parse(kept) ?? []);
  },
};
