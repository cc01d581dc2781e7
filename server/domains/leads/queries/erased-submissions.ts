import { sql } from "kysely";
import type { Context } from "#platform/context.ts";

/** No vendor's id and none of ours begins so. */
const PREFIX = "erased:";

/** What a submission stands under once its words are gone: a repeat is recognised by it, and nobody can ask a vendor for the person by it. */
export const erasedSubmissionKey = (ctx: Context, provider: string, externalId: string): string =>
  PREFIX + ctx.keyedHash("submission", `${provider} ${externalId}`);

/** Takes back those of submissions just written whose words were erased while they were. Answers the ids of the others. */
export async function dropErased(tx: Context, stored: readonly { id: string; key: string }[]): Promise<string[]> {
  if (stored.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    delete from lead_submissions s using json_to_recordset(${JSON.stringify(stored)}::json) as r(id text, key text)
    where s.id = r.id and exists (
      select from lead_submissions e where e.workspace_id = ${tx.workspace} and e.provider = s.provider and e.external_id = r.key)
    returning s.id`.execute(tx.db);
  const dropped = new Set(rows.map(({ id }) => id));
  return stored.flatMap(({ id }) => (dropped.has(id) ? [] : id));
}
