/**
 * Indexes that serve pages, statistics and searches of people alone, or keep from being doubled what a trial makes once: no statement by which the
 * engine decides or sends reads them, and each costs a write whenever a row is written (a message has twenty). A trial goes without them.
 */
export const PAGES_INDEXES: readonly string[] = [
  "contact_attempts_campaign_id_started_at_idx",
  "contact_attempts_script_id_idx",
  "contact_attempts_status_idx",
  "contact_attempts_touches_idx",
  "contact_attempts_workspace_id_channel_started_at_idx",
  "events_workspace_id_at_id_idx",
  "events_workspace_id_lead_id_at_id_idx",
  "events_workspace_id_subject_id_idx",
  "inbound_events_received_idx",
  "lead_name_words_similar_idx",
  "lead_scores_workspace_id_label_lead_created_at_lead_id_idx",
  "lead_scores_workspace_id_score_lead_id_idx",
  "leads_search_idx",
  "leads_workspace_id_country_created_at_id_idx",
  "leads_workspace_id_created_at_id_idx",
  "leads_workspace_id_email_idx",
  "leads_workspace_id_name_key_id_idx",
  "leads_workspace_id_phone_idx",
  "leads_workspace_id_status_source_created_at_id_idx",
  "leads_workspace_id_status_source_name_key_id_idx",
  "leads_workspace_id_status_source_updated_at_id_idx",
  "messages_awaiting_idx",
  "messages_campaign_id_idx",
  "messages_contact_attempt_id_key",
  "messages_inbound_idx",
  "messages_outbound_idx",
  "messages_provider_ref_key",
  "messages_script_id_idx",
  "messages_sent_idx",
  "messages_workspace_id_channel_created_at_id_idx",
  "messages_workspace_id_created_at_id_idx",
  "messages_workspace_id_status_created_at_id_idx",
  "messages_workspace_id_to_created_at_idx",
  "sequence_enrollments_version_id_status_enrolled_at_id_idx",
  "sequence_enrollments_workspace_id_sequence_id_status_enroll_idx",
  "sequence_step_executions_contact_attempt_id_idx",
  "sequence_step_executions_step_id_status_due_at_id_idx",
  "sequence_step_executions_workspace_id_status_scheduled_at_idx",
];

/** Tables that a trial writes to all the time. */
const WRITTEN: readonly string[] = [
  "contact_attempts",
  "engagements",
  "events",
  "inbound_events",
  "lead_identities",
  "leads",
  "messages",
  "sequence_enrollments",
  "sequence_step_executions",
];

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(", ");

/**
 * Takes from a database of a trial what only costs there: references are not checked (the rows come from where they are right, and what the engine
 * writes is held against them everywhere else), nothing is logged for a crash, rows are not asked whose they are (there is one workspace), and the indexes
 * above are gone. So are those that guard nothing on tables with few rows, which are not about leads: to make a database is to make its files, and each
 * index is one, or two where nothing is logged, which therefore holds for what is written often alone.
 */
export const MAKE_BARE = `drop index ${PAGES_INDEXES.join(", ")};
do $$ declare one record; begin
  for one in select conrelid::regclass as owner, quote_ident(conname) as name from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace
  loop execute format('alter table %s drop constraint %s', one.owner, one.name); end loop;
  for one in select oid::regclass as name, relname in (${quoted(WRITTEN)}) as is_written
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
  loop
    if one.is_written then execute format('alter table %s set unlogged', one.name); end if;
    execute format('alter table %s disable row level security', one.name);
  end loop;
  for one in select x.indexrelid::regclass as name from pg_index x join pg_class c on c.oid = x.indrelid
    where c.relnamespace = 'public'::regnamespace and not x.indisunique and c.relname not in (${quoted([...WRITTEN, "suppressions"])})
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'lead_id')
  loop execute format('drop index %s', one.name); end loop;
end $$`;
