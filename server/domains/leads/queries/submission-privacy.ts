import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import type { PersonSought } from "../personal-data/hooks.ts";
import { jsonWithoutNumbers } from "../upsert/without-numbers.ts";
import { WRITTEN_EMAIL, writingsOf } from "../personal-data/writings.ts";
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

/** The text of a submission as digits alone would be found in it. */
const digitsIn = (json: string): string => json.replace(/[\s().-]/g, "");

/**
 * Takes the person's numbers out of submissions that are nobody's yet and give one of them beside an e-mail address of somebody else: a household's, a
 * switchboard's. Whoever gave it is another (`findErasedSince`) and comes in without it. Answers how many; where the number could not be taken out,
 * nothing is changed, and the submission is blanked with the person's own.
 */
export async function takeNumbersOut(tx: Context, { addresses }: PersonSought): Promise<number> {
  const { texts, digits } = writingsOf(addresses);
  const numbers = addresses.flatMap(({ kind, value }) => (kind === "PHONE" ? value : []));
  if (numbers.length === 0 || texts.length === 0 || !addresses.some(({ kind }) => kind === "EMAIL")) return 0;
  const { rows } = await sql<{ id: string; payload: unknown; detail: string | null; faults: unknown }>`
    select r.id, r.payload, r.detail, r.faults from lead_submissions r
    where r.workspace_id = ${tx.workspace} and r.lead_id is null and r.payload::text ~ ${WRITTEN_EMAIL}
      and exists (select from unnest(${digits}::text[]) n where position(n in regexp_replace(r.payload::text, '[\\s().-]', '', 'g')) > 0)
      and not exists (select from unnest(${texts}::text[]) n where position(n in lower(r.payload::text)) > 0)
    order by r.id for update`.execute(tx.db);
  const cleaned = rows.flatMap((row) => {
    const [payload, detail, faults] = [row.payload, row.detail, row.faults].map((one) =>
      jsonWithoutNumbers(one, numbers),
    );
    const left = digitsIn(JSON.stringify([payload, detail, faults]));
    return digits.some((number) => left.includes(number)) ? [] : [{ id: row.id, payload, detail, faults }];
  });
  if (cleaned.length === 0) return 0;
  await sql`
    update lead_submissions s set payload = r.payload, detail = r.detail, faults = r.faults
    from jsonb_to_recordset(${JSON.stringify(cleaned)}::jsonb) as r(id text, payload jsonb, detail text, faults jsonb) where s.id = r.id`.execute(
    tx.db,
  );
  return cleaned.length;
}

/** Those of people who were erased after they came. */
export const forgetSubmissions = async (tx: Context, ids: readonly string[]) => {
  if (ids.length > 0) await blankSubmissions(tx, sql`r.id = any(${[...ids]}::text[])`);
};

/** Those of leads that go. */
export const blankSubmissionsOf = (tx: Context, leadIds: readonly string[]) =>
  blankSubmissions(tx, sql`r.lead_id = any(${[...leadIds]}::text[])`);
