import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { leadsMerged } from "#domains/leads/index.ts";
import { noHeard } from "../messages.ts";

/**
 * Of these noes those that no event tells of yet: a link may be followed a thousand times. What was told before a merge is told again, since an undo
 * looks at what was said after it. The caller holds the locks of the leads.
 */
export async function listUnheard<One extends { leadId: string; messageId: string }>(
  tx: Context,
  nos: readonly One[],
): Promise<One[]> {
  if (nos.length === 0) return [];
  const { rows } = await sql<{ place: number }>`
    select w.place::int from unnest(${nos.map(({ leadId }) => leadId)}::text[], ${nos.map(({ messageId }) => messageId)}::text[])
      with ordinality w(lead_id, message_id, place)
    where not exists (
      select from events e
      where e.workspace_id = ${tx.workspace} and e.subject_id = w.message_id and e.lead_id = w.lead_id and e.type = ${noHeard.type}
        and not exists (
          select from events m
          where m.workspace_id = ${tx.workspace} and m.lead_id = w.lead_id and m.type = ${leadsMerged.type} and (m.at, m.id) > (e.at, e.id)))
    order by w.place`.execute(tx.db);
  return rows.flatMap(({ place }) => nos[place - 1] ?? []);
}
