import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import type { PersonSought } from "../personal-data/hooks.ts";
import { writingsOf } from "../personal-data/writings.ts";

/** Submissions under the alias `r` that are the person's, or that hold an address of theirs and are nobody's. */
export function submissionsOf({ leadIds, addresses }: PersonSought): RawBuilder<unknown> {
  const { texts, digits } = writingsOf(addresses);
  const list = (values: readonly string[]) => sql`unnest(${[...values]}::text[])`;
  return sql`(r.lead_id = any(${[...leadIds]}::text[]) or (r.lead_id is null and (
    exists (select from ${list(texts)} n where position(n in lower(r.payload::text)) > 0)
    or exists (select from ${list(digits)} n where position(n in regexp_replace(r.payload::text, '[\\s().-]', '', 'g')) > 0))))`;
}

/** Nothing of what was written stays, and nothing by which it is asked for again; when it came, from where and what became of it do. */
export async function blankSubmissions(tx: Context, which: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`
    update lead_submissions r set payload = '{"erased": true}', external_id = r.id, detail = null, faults = '[]', page_url = null, ip = null,
      due_at = null, status = case r.status when 'RECEIVED' then 'FAILED' else r.status end
    where r.workspace_id = ${tx.workspace} and ${which}`.execute(tx.db);
  return Number(numAffectedRows ?? 0);
}

/** Those of leads that go. */
export const blankSubmissionsOf = (tx: Context, leadIds: readonly string[]) =>
  blankSubmissions(tx, sql`r.lead_id = any(${[...leadIds]}::text[])`);
