import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import type { PersonSought } from "../personal-data/hooks.ts";
import { writingsOf } from "../personal-data/writings.ts";
import { erasedSubmissionKey } from "./erased-submissions.ts";

/** Submissions under the alias `r` that are the person's, or that hold an address of theirs and are nobody's. */
export function submissionsOf({ leadIds, addresses }: PersonSought): RawBuilder<unknown> {
  const { texts, digits } = writingsOf(addresses);
  const list = (values: readonly string[]) => sql`unnest(${[...values]}::text[])`;
  return sql`(r.lead_id = any(${[...leadIds]}::text[]) or (r.lead_id is null and (
    exists (select from ${list(texts)} n where position(n in lower(r.payload::text)) > 0)
    or exists (select from ${list(digits)} n where position(n in regexp_replace(r.payload::text, '[\\s().-]', '', 'g')) > 0))))`;
}

/**
 * Nothing of what was written stays, and nothing by which it is asked for again; when it came, from where and what became of it do, and a key by
 * which a repeat is recognised.
 */
export async function blankSubmissions(tx: Context, which: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ id: string; provider: string; externalId: string }>`
    select r.id, r.provider, r.external_id from lead_submissions r where r.workspace_id = ${tx.workspace} and ${which} order by r.id for update`.execute(
    tx.db,
  );
  if (rows.length === 0) return 0;
  const keyed = rows.map(({ id, provider, externalId }) => ({
    id,
    key: erasedSubmissionKey(tx, provider, externalId),
  }));
  await sql`
    update lead_submissions s set payload = '{"erased": true}', external_id = case when s.payload ? 'erased' then s.external_id else r.key end,
      detail = null, faults = '[]', page_url = null, ip = null, due_at = null,
      status = case s.status when 'RECEIVED' then 'FAILED' else s.status end
    from json_to_recordset(${JSON.stringify(keyed)}::json) as r(id text, key text) where s.id = r.id`.execute(tx.db);
  return rows.length;
}

/** Those of people who were erased after they came. */
export const forgetSubmissions = async (tx: Context, ids: readonly string[]) => {
  if (ids.length > 0) await blankSubmissions(tx, sql`r.id = any(${[...ids]}::text[])`);
};

/** Those of leads that go. */
export const blankSubmissionsOf = (tx: Context, leadIds: readonly string[]) =>
  blankSubmissions(tx, sql`r.lead_id = any(${[...leadIds]}::text[])`);
