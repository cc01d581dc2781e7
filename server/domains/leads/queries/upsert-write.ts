import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { fold, nameKeyOf, nameWordsOf, searchTextOf } from "../search-text.ts";
import { primaryOf, type LeadDraft } from "../upsert/draft.ts";
import { addressKey } from "../upsert/known.ts";
import type { Proposal, UpsertPlan } from "../upsert/plan.ts";
import { erasedKeysOf } from "./erased-addresses.ts";

/** A lead's row as SQL takes it: what is mirrored and derived (primary addresses, sort key, search text) is worked out here, once. */
function toRow(draft: LeadDraft) {
  return {
    id: draft.id,
    external_id: draft.externalId,
    first_name: draft.firstName,
    last_name: draft.lastName,
    full_name: draft.fullName,
    phone: primaryOf(draft, "PHONE"),
    email: primaryOf(draft, "EMAIL"),
    linkedin: primaryOf(draft, "LINKEDIN"),
    company: draft.company,
    job_title: draft.jobTitle,
    website: draft.website,
    source: draft.source,
    source_label: draft.sourceLabel,
    status: draft.status,
    time_zone: draft.timeZone,
    time_zone_source: draft.timeZoneSource,
    region: draft.region,
    country: draft.country,
    meta: draft.meta,
    notes: draft.notes,
    name_key: nameKeyOf(draft),
    search_text: searchTextOf(draft),
    created_at: draft.createdAt,
  };
}

const COLUMNS = sql`
  id text, external_id text, first_name text, last_name text, full_name text, phone text, email text, linkedin text, company text,
  job_title text, website text, source text, source_label text, status text, time_zone text, time_zone_source text, region text,
  country text, meta jsonb, notes text, name_key text, search_text text, created_at timestamptz`;

const recordset = (rows: unknown[], columns: ReturnType<typeof sql>) =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(${columns})`;

/** Each with the row of its score, which is worked out behind the commit: until then it counts as none, and is last in the list by scores. */
export async function insertLeads(tx: Context, drafts: readonly LeadDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await sql`
    with made as (insert into leads (workspace_id, id, external_id, first_name, last_name, full_name, phone, email, linkedin, company, job_title,
      website, source, source_label, status, time_zone, time_zone_source, region, country, meta, notes, name_key, search_text,
      created_at, updated_at)
      select ${tx.workspace}, r.*, ${tx.now()} from ${recordset(drafts.map(toRow), COLUMNS)} returning id, created_at)
    insert into lead_scores (lead_id, workspace_id, lead_created_at) select id, ${tx.workspace}, created_at from made`.execute(
    tx.db,
  );
}

/** Writes the whole of each lead: its row was locked when it was read. */
export async function updateLeadRows(tx: Context, drafts: readonly LeadDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await sql`
    update leads l set external_id = r.external_id, first_name = r.first_name, last_name = r.last_name, full_name = r.full_name,
      phone = r.phone, email = r.email, linkedin = r.linkedin, company = r.company, job_title = r.job_title, website = r.website,
      source_label = r.source_label, status = r.status, time_zone = r.time_zone, time_zone_source = r.time_zone_source,
      region = r.region, country = r.country, meta = r.meta, notes = r.notes, name_key = r.name_key, search_text = r.search_text,
      updated_at = greatest(${tx.now()}::timestamptz, l.updated_at + interval '1 millisecond')
    from ${recordset(drafts.map(toRow), COLUMNS)} where l.id = r.id`.execute(tx.db);
}

/** Rewrites what is searched, and nothing else, of leads whose tags changed. */
export async function updateSearchTexts(tx: Context, drafts: readonly LeadDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const rows = drafts.map((draft) => ({ id: draft.id, search_text: searchTextOf(draft) }));
  await sql`
    update leads l set search_text = r.search_text from ${recordset(rows, sql`id text, search_text text`)}
    where l.id = r.id and l.search_text <> r.search_text`.execute(tx.db);
}

/**
 * Brings the stored addresses of leads to those of the drafts. New leads only need inserts; for others, what is gone is deleted
 * and the old primary steps down before the new one is written, since the unique key is checked row by row.
 */
export async function writeAddresses(tx: Context, drafts: readonly LeadDraft[]): Promise<void> {
  const rows = drafts.flatMap((draft) =>
    draft.addresses.map(({ kind, value, isPrimary }, place) => ({
      id: newId("iden"),
      lead_id: draft.id,
      kind,
      value,
      is_primary: isPrimary,
      place,
    })),
  );
  const columns = sql`id text, lead_id text, kind text, value text, is_primary boolean, place int`;
  const old = drafts.filter(({ isNew }) => !isNew).map(({ id }) => id);
  if (old.length > 0) {
    const kept = rows.filter(({ lead_id: lead }) => old.includes(lead));
    await sql`
      delete from lead_identities i where i.lead_id = any(${old}::text[]) and not exists (
        select from ${recordset(kept, columns)} where r.lead_id = i.lead_id and r.kind = i.kind and r.value = i.value)`.execute(
      tx.db,
    );
    for (const stepping of [false, true]) {
      await sql`
        update lead_identities i set is_primary = r.is_primary from ${recordset(kept, columns)}
        where i.lead_id = r.lead_id and i.kind = r.kind and i.value = r.value
          and i.is_primary = ${!stepping} and r.is_primary = ${stepping}`.execute(tx.db);
    }
  }
  if (rows.length === 0) return;
  const keys = await erasedKeysOf(tx, rows);
  const keyed = rows.map((row) => ({ ...row, key: keys.get(addressKey(row)) }));
  await sql`
    insert into lead_identities (id, workspace_id, lead_id, kind, value, is_primary, suppression_key, created_at)
    select r.id, ${tx.workspace}, r.lead_id, r.kind, r.value, r.is_primary, r.key, ${tx.now()}
    from ${recordset(keyed, sql`${columns}, key text`)}
    where not exists (select from lead_identities i where i.lead_id = r.lead_id and i.kind = r.kind and i.value = r.value)
    order by r.lead_id, r.place`.execute(tx.db);
}

/** Tags by name, made where they are missing; two names that fold alike are one tag. Returns ids by folded name. */
export async function ensureTags(tx: Context, names: readonly string[]): Promise<Map<string, string>> {
  const wanted = new Map(names.map((name) => [fold(name), name.trim()]));
  wanted.delete("");
  if (wanted.size === 0) return new Map();
  const keys = [...wanted.keys()].toSorted();
  const rows = keys.map((key) => ({ id: newId("tag"), name: wanted.get(key), name_key: key }));
  await sql`
    insert into tags (id, workspace_id, name, name_key, created_at, updated_at)
    select r.id, ${tx.workspace}, r.name, r.name_key, ${tx.now()}, ${tx.now()}
    from ${recordset(rows, sql`id text, name text, name_key text`)}
    where not exists (select from tags t where t.workspace_id = ${tx.workspace} and t.name_key = r.name_key)
    on conflict (workspace_id, name_key) do nothing`.execute(tx.db);
  const found = await tx.db.selectFrom("tags").select(["id", "nameKey"]).where("nameKey", "in", keys).execute();
  return new Map(found.map(({ id, nameKey }) => [nameKey, id]));
}

/** Adds the tags that drafts gained. */
export async function writeTags(tx: Context, drafts: readonly LeadDraft[]): Promise<void> {
  const tagged = drafts.filter((draft) => draft.tags.length > 0 && (draft.isNew || draft.changed.has("tags")));
  if (tagged.length === 0) return;
  const ids = await ensureTags(tx, [...new Set(tagged.flatMap(({ tags }) => tags))]);
  const rows = tagged.flatMap((draft) =>
    draft.tags.flatMap((tag) => {
      const tagId = ids.get(fold(tag));
      return tagId ? [{ lead_id: draft.id, tag_id: tagId, at: draft.createdAt }] : [];
    }),
  );
  await sql`
    insert into lead_tags (workspace_id, lead_id, tag_id, lead_created_at, created_at)
    select ${tx.workspace}, r.lead_id, r.tag_id, r.at, ${tx.now()}
    from ${recordset(rows, sql`lead_id text, tag_id text, at timestamptz`)}
    on conflict (lead_id, tag_id) do nothing`.execute(tx.db);
}

/** Files what was not filed before, whether it still stands or was dismissed. Returns those that are new. */
export async function insertProposals(
  tx: Context,
  proposals: readonly Proposal[],
): Promise<(Proposal & { id: string })[]> {
  if (proposals.length === 0) return [];
  const rows = proposals.map((proposal) => ({
    id: newId("prop"),
    lead_id: proposal.leadId,
    other_lead_id: proposal.otherLeadId,
    kind: proposal.kind,
    value: proposal.value,
    reason: proposal.reason,
  }));
  const columns = sql`id text, lead_id text, other_lead_id text, kind text, value text, reason text`;
  const { rows: filed } = await sql<Proposal & { id: string }>`
    insert into merge_proposals (id, workspace_id, lead_id, other_lead_id, kind, value, reason, created_at)
    select r.id, ${tx.workspace}, r.lead_id, r.other_lead_id, r.kind, r.value, r.reason, ${tx.now()}
    from ${recordset(rows, columns)}
    on conflict (workspace_id, lead_id, other_lead_id, kind, value) do nothing
    returning id, lead_id, other_lead_id, kind, value, reason`.execute(tx.db);
  return filed;
}

export async function insertRowKeys(tx: Context, keys: UpsertPlan["rowKeys"]): Promise<void> {
  if (keys.length === 0) return;
  const rows = keys.map(({ source, key, leadId }) => ({ source, key, lead_id: leadId }));
  await sql`
    insert into lead_row_keys (workspace_id, source, key, lead_id)
    select ${tx.workspace}, r.source, r.key, r.lead_id from ${recordset(rows, sql`source text, key text, lead_id text`)}
    on conflict (workspace_id, source, key) do nothing`.execute(tx.db);
}

/** Remembers the words of names. Last in its transaction: whoever adds the same new word at the same moment waits for it. */
export async function insertNameWords(tx: Context, drafts: readonly LeadDraft[]): Promise<void> {
  const words = [...new Set(drafts.flatMap(nameWordsOf))].toSorted();
  if (words.length === 0) return;
  await sql`
    insert into lead_name_words (workspace_id, word)
    select ${tx.workspace}, w.word from unnest(${words}::text[]) as w(word)
    where not exists (select from lead_name_words k where k.workspace_id = ${tx.workspace} and k.word = w.word)
    on conflict (workspace_id, word) do nothing`.execute(tx.db);
}
