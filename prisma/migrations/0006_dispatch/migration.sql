-- What a send writes, it writes into fewer indexes. Every message is written three times on its way (queued, sending, sent) and each time
-- into every index of its table; an attempt twice. What nobody asks for, or another index serves, is gone; what is mostly empty holds only
-- the rows that have something.

-- Served by the send ledger's key, which is unique and knows the same rows.
DROP INDEX messages_execution_id_idx;
-- Queued messages of a lead are found among the lead's messages.
DROP INDEX messages_lead_queued_idx;
DROP INDEX messages_campaign_id_idx;
CREATE INDEX messages_campaign_id_idx ON messages (campaign_id) WHERE campaign_id IS NOT NULL;
-- Written once, when the vendor has named the message, and not before.
DROP INDEX messages_workspace_id_provider_provider_ref_idx;
CREATE INDEX messages_provider_ref_idx ON messages (workspace_id, provider, provider_ref) WHERE provider_ref IS NOT NULL;

-- What changes on an attempt once it is written (status, reference, tries, result) stands in no index: the change stays on the row's page,
-- where room is kept for it, and touches no index at all.
DROP INDEX contact_attempts_provider_ref_key;
DROP INDEX contact_attempts_workspace_id_status_started_at_idx;
-- The caps ask by lead and time, a lead's deletion by lead alone; a campaign's attempts likewise.
DROP INDEX contact_attempts_workspace_id_lead_id_handed_at_idx;
DROP INDEX contact_attempts_lead_id_idx;
CREATE INDEX "contact_attempts_lead_id_handed_at_idx" ON "contact_attempts"("lead_id", "handed_at");
DROP INDEX contact_attempts_workspace_id_campaign_id_started_at_idx;
DROP INDEX contact_attempts_campaign_id_idx;
CREATE INDEX "contact_attempts_campaign_id_started_at_idx" ON "contact_attempts"("campaign_id", "started_at");
ALTER TABLE contact_attempts SET (fillfactor = 50);

DROP INDEX sequence_step_executions_contact_attempt_id_idx;
CREATE INDEX sequence_step_executions_contact_attempt_id_idx ON sequence_step_executions (contact_attempt_id) WHERE contact_attempt_id IS NOT NULL;
-- The next step of an enrollment that goes on changes two columns without an index.
ALTER TABLE sequence_enrollments SET (fillfactor = 85);

-- The workspace says nothing about which rows of these tables a statement wants when it names them by id. The policies' condition compares
-- with a setting whose value the planner does not know, so it goes by the number of distinct workspaces: were it estimated, a fresh
-- table or a new workspace would look like a handful of rows, and a batch would read all of the workspace instead of its hundred by key
-- (measured at 4,000 messages: 7 of 17 ms, and growing with each). Conditions on a workspace by name still go by how common it is.
ALTER TABLE messages ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE contact_attempts ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE sequence_enrollments ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE sequence_step_executions ALTER COLUMN workspace_id SET (n_distinct = 1);
-- The option counts from the first ANALYZE on. Until then, where the server can be told (PostgreSQL 18), it is told.
DO $$
DECLARE
  name text;
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    FOREACH name IN ARRAY ARRAY['messages', 'contact_attempts', 'sequence_enrollments', 'sequence_step_executions'] LOOP
      PERFORM pg_restore_attribute_stats('schemaname', 'public', 'relname', name, 'attname', 'workspace_id', 'inherited', false,
        'null_frac', 0::real, 'avg_width', 30::int, 'n_distinct', 1::real);
    END LOOP;
  END IF;
END $$;
