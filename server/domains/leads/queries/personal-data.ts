import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import { writingsOf } from "../personal-data/writings.ts";
import type { PersonSought } from "../personal-data/hooks.ts";
import { ERASED_SEARCH } from "../rules.ts";
import { nameWordsOf } from "../search-text.ts";
import { suppressionKey } from "./erased-addresses.ts";
import { searchedLeads } from "./filter.ts";
import { blankSubmissions, submissionsOf, takeNumbersOut } from "./submission-privacy.ts";

/** Rows as JSON of the database's own making, by the names of their columns. */
async function rowsOf(ctx: Context, table: string, where: RawBuilder<unknown>): Promise<unknown[]> {
  const { rows } = await sql<{ row: unknown }>`
    select to_jsonb(r) as row from ${sql.table(table)} r where r.workspace_id = ${ctx.workspace} and ${where}`.execute(
    ctx.db,
  );
  return rows.map(({ row }) => row);
}

/** A saved filter or a bulk action that looks for the person by an address or a name. */
function looksFor({ addresses, names }: PersonSought, text: RawBuilder<unknown>): RawBuilder<unknown> {
  const { texts, digits } = writingsOf(addresses);
  const words = [...[...texts, ...digits].map((one) => [one]), ...names];
  return sql`exists (select from jsonb_array_elements(${JSON.stringify(words)}::jsonb) w where not exists (
    select from jsonb_array_elements_text(w) word where position(word in lower(${text})) = 0))`;
}
const FOUND_NOBODY = sql`${JSON.stringify({ search: ERASED_SEARCH })}::jsonb`;
const FILTER_TEXT = sql`concat_ws(' ', r.name, r.filter::text)`;
const ACTION_TEXT = sql`concat_ws(' ', r.filter::text, r.change::text)`;

/** `r` holds an address or a name of the person in one of its cells. */
function namedInRow({ addresses, names }: PersonSought): RawBuilder<unknown> {
  const { texts, digits } = writingsOf(addresses);
  const allOf = [...texts.map((text) => [text]), ...names];
  return sql`(
    exists (select from jsonb_array_elements(${JSON.stringify(allOf)}::jsonb) w where not exists (
      select from jsonb_array_elements_text(w) word where position(word in lower(concat_ws(' ', r.value, r.cells::text))) = 0))
    or exists (select from jsonb_array_elements_text(r.cells || jsonb_build_array(r.value)) c, unnest(${digits}::text[]) d
      where position(d in regexp_replace(c, '\\D', '', 'g')) > 0))`;
}

/** Everything that this domain holds about a person, by table. */
export async function exportOwnRows(ctx: Context, person: PersonSought): Promise<Record<string, unknown[]>> {
  const leads = sql`any(${[...person.leadIds]}::text[])`;
  const addresses = [...person.addresses, ...person.sharedAddresses];
  const values = addresses.flatMap((address) => [address.value, suppressionKey(ctx, address)]);
  const own = sql`r.lead_id = ${leads}`;
  return {
    leads: await rowsOf(ctx, "leads", sql`r.id = ${leads}`),
    lead_identities: await rowsOf(ctx, "lead_identities", own),
    lead_row_keys: await rowsOf(ctx, "lead_row_keys", own),
    lead_tags: await exportTags(ctx, person),
    lead_field_values: await rowsOf(ctx, "lead_field_values", own),
    saved_filters: await rowsOf(ctx, "saved_filters", looksFor(person, FILTER_TEXT)),
    bulk_actions: await rowsOf(ctx, "bulk_actions", looksFor(person, ACTION_TEXT)),
    bulk_action_rows: await rowsOf(ctx, "bulk_action_rows", own),
    consent_records: await rowsOf(ctx, "consent_records", sql`${own} order by r.at`),
    lead_interests: await rowsOf(ctx, "lead_interests", sql`${own} order by r.at`),
    lead_scores: await rowsOf(ctx, "lead_scores", own),
    lead_submissions: await rowsOf(ctx, "lead_submissions", sql`${submissionsOf(person)} order by r.received_at`),
    suppressions: await rowsOf(ctx, "suppressions", sql`r.value = any(${values}::text[]) order by r.created_at`),
    merge_proposals: await rowsOf(ctx, "merge_proposals", sql`(r.lead_id = ${leads} or r.other_lead_id = ${leads})`),
    lead_merges: await rowsOf(ctx, "lead_merges", sql`r.survivor_id = ${leads} and r.undone_at is null`),
    import_rows: await rowsOf(ctx, "import_rows", namedInRow(person)),
    lead_erasures: await rowsOf(ctx, "lead_erasures", own),
    events: await rowsOf(ctx, "events", sql`${own} order by r.at, r.id`),
  };
}

async function exportTags(ctx: Context, { leadIds }: PersonSought): Promise<unknown[]> {
  const { rows } = await sql<{ name: string; taggedAt: Date }>`
    select t.name, lt.created_at as "taggedAt" from lead_tags lt join tags t on t.id = lt.tag_id
    where lt.lead_id = any(${[...leadIds]}::text[]) order by t.name_key`.execute(ctx.db);
  return rows;
}

/** The lead's row without anything that tells who it was; the zone is the workspace's, as the person's own tells where they live. */
export async function blankLead(tx: Context, leadId: string, timeZone: string): Promise<void> {
  await tx.db
    .updateTable("leads")
    .set({
      externalId: null,
      firstName: "",
      lastName: "",
      fullName: null,
      phone: null,
      email: null,
      linkedin: null,
      company: null,
      jobTitle: null,
      website: null,
      timeZone,
      timeZoneSource: "workspace",
      region: null,
      meta: {},
      notes: null,
      nameKey: "",
      searchText: "",
      erasedAt: tx.now(),
      updatedAt: tx.now(),
    })
    .where("id", "=", leadId)
    .execute();
}

/** Blanks or deletes the person's rows in the tables of this domain, once the lead's own row is blank. Answers how many, by table. */
export async function eraseOwnRows(tx: Context, person: PersonSought, leadId: string): Promise<Record<string, number>> {
  const leads = sql`any(${[...person.leadIds]}::text[])`;
  const run = async (statement: RawBuilder<unknown>) => Number((await statement.execute(tx.db)).numAffectedRows ?? 0);
  const consents = await sql<{ count: number }>`select app_scrub_consents(${leadId}) as count`.execute(tx.db);
  return {
    lead_identities: await run(sql`delete from lead_identities where lead_id = ${leads}`),
    lead_row_keys: await run(sql`delete from lead_row_keys where lead_id = ${leads}`),
    // Those of the lead itself went when its row was blanked.
    lead_field_values: await run(sql`delete from lead_field_values where lead_id = ${leads}`),
    saved_filters: await run(sql`
      update saved_filters r set filter = ${FOUND_NOBODY}, name = 'Erased ' || r.id, name_key = 'erased ' || r.id
      where r.workspace_id = ${tx.workspace} and ${looksFor(person, FILTER_TEXT)}`),
    bulk_actions: await run(sql`
      update bulk_actions r set filter = case when r.lead_ids is null then ${FOUND_NOBODY} else r.filter end, change = r.change - 'value' - 'evidence'
      where r.workspace_id = ${tx.workspace} and ${looksFor(person, ACTION_TEXT)}`),
    bulk_action_rows: await run(sql`
      update bulk_action_rows set before = '{}' where lead_id = ${leads} and before <> '{}'`),
    lead_tags: await run(sql`delete from lead_tags where lead_id = ${leads}`),
    merge_proposals: await run(sql`delete from merge_proposals where lead_id = ${leads} or other_lead_id = ${leads}`),
    lead_merges: await run(sql`
      update lead_merges set snapshot = '{}', moved = '{}'
      where workspace_id = ${tx.workspace} and (survivor_id = ${leads} or other_id = ${leads}) and snapshot <> '{}'`),
    import_rows: await run(sql`
      update import_rows r set value = null, reason = 'This person''s data was erased.',
        cells = (select coalesce(jsonb_agg(''::text), '[]') from jsonb_array_elements(r.cells))
      where r.workspace_id = ${tx.workspace} and ${namedInRow(person)}`),
    lead_interests: await run(sql`delete from lead_interests where lead_id = ${leads}`),
    // The row stays, as the lead's does: in the list by scores it is one of nothing.
    lead_scores: await run(sql`
      update lead_scores set score = 0, label = 'COLD', due_at = null, scored_at = null where lead_id = ${leads} and scored_at is not null`),
    // First: what then holds no number of theirs any more is somebody else's.
    lead_submissions: (await takeNumbersOut(tx, person)) + (await blankSubmissions(tx, submissionsOf(person))),
    consent_records: consents.rows[0]?.count ?? 0,
    lead_name_words: await forgetNameWords(tx, person),
  };
}

/** Of so many leads that hold a word somewhere, one is named so: the word stays without looking further. */
const LOOKED_AT = 2_000;

/** Words of the person's names that no other lead of the workspace is named by. */
async function forgetNameWords(tx: Context, { names }: PersonSought): Promise<number> {
  const words = nameWordsOf({ firstName: names.flat().join(" "), lastName: "", fullName: null });
  const gone: string[] = [];
  for (const word of words) {
    const { rows } = await sql<{ firstName: string; lastName: string; fullName: string | null }>`
      select l.first_name, l.last_name, l.full_name from ${searchedLeads([[`%${word}%`]], LOOKED_AT)} s
      join leads l on l.id = s.id`.execute(tx.db);
    if (rows.length < LOOKED_AT && !rows.some((lead) => nameWordsOf(lead).includes(word))) gone.push(word);
  }
  if (gone.length === 0) return 0;
  const { numDeletedRows } = await tx.db
    .deleteFrom("leadNameWords")
    .where("workspaceId", "=", tx.workspace)
    .where("word", "in", gone)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Takes the person's words and addresses out of events. */
export async function scrubEvents(
  tx: Context,
  leadId: string,
  leadIds: readonly string[],
  subjectIds: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select app_scrub_events(${leadId}, ${[...leadIds]}::text[], ${[...subjectIds]}::text[]) as count`.execute(tx.db);
  return rows[0]?.count ?? 0;
}
