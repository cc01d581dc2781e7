import { sql } from "kysely";
import { z } from "zod";
import type { Context } from "#platform/context.ts";
import { askForScores } from "../commands/score-leads.ts";
import { insertUnscored } from "../queries/scores.ts";
import type { MergeHook } from "./hooks.ts";

const movedSchema = z.array(z.object({ kind: z.string(), key: z.string() }));
type Moved = z.infer<typeof movedSchema>;

async function hand(tx: Context, from: string, to: string, only: Moved | null): Promise<Moved> {
  const which = only
    ? sql`and (i.kind, i.key) in (select r.kind, r.key from json_to_recordset(${JSON.stringify(only)}::json) as r(kind text, key text))`
    : sql``;
  const { rows } = await sql<Moved[number]>`
    update lead_interests i set lead_id = ${to} where i.lead_id = ${from} ${which} returning i.kind, i.key`.execute(
    tx.db,
  );
  return rows;
}

/** What a merged lead did, the survivor did; both are scored anew, each by what is theirs then. */
export const scoreMergeHook: MergeHook = {
  name: "leads.scores",
  tables: ["lead_interests"],
  async count(ctx, leadId) {
    const { count } = await ctx.db
      .selectFrom("leadInterests")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("leadId", "=", leadId)
      .executeTakeFirstOrThrow();
    return { lead_interests: count };
  },
  async move(tx, { survivorId, otherId }) {
    await askForScores(tx, [survivorId]);
    return hand(tx, otherId, survivorId, null);
  },
  async undo(tx, { survivorId, otherId }, kept) {
    await insertUnscored(tx, [otherId]);
    await askForScores(tx, [survivorId, otherId]);
    // Merges from before there were scores kept nothing of them.
    await hand(tx, survivorId, otherId, movedSchema.nullish().parse(kept) ?? []);
  },
};
