-- Closed sets that only the code knew until now.
ALTER TABLE sequence_versions ADD CONSTRAINT sequence_versions_published_by_kind_check
  CHECK (published_by_kind IN ('user', 'api_key', 'system', 'vendor', 'recipient'));
ALTER TABLE script_versions ADD CONSTRAINT script_versions_actor_kind_check
  CHECK (actor_kind IN ('user', 'api_key', 'system', 'vendor', 'recipient'));
-- An order that the list does not know was never heeded: the usual one was.
UPDATE saved_filters SET sort = NULL
WHERE sort NOT IN ('createdAt', '-createdAt', 'updatedAt', '-updatedAt', 'name', '-name', 'score', '-score');
ALTER TABLE saved_filters ADD CONSTRAINT saved_filters_sort_check
  CHECK (sort IN ('createdAt', '-createdAt', 'updatedAt', '-updatedAt', 'name', '-name', 'score', '-score'));

-- Which try of a paused vendor a message is: `vendor_trips.probed_at` of that try. The answers of others say nothing about it.
ALTER TABLE messages ADD COLUMN probe_at timestamptz(3);

-- Attempts of a status within a channel. Written once more when an outcome comes; read through to the end otherwise, where a status is rare.
CREATE INDEX contact_attempts_status_idx ON contact_attempts (workspace_id, channel, status, started_at, id);

-- Conversions of the workspace, in order within each status; within each source too.
CREATE INDEX conversions_status_idx ON conversions (workspace_id, status, created_at, id);
CREATE INDEX conversions_source_status_idx ON conversions (workspace_id, source, status, created_at, id);

-- Whose number is above another is read from the index alone.
DROP INDEX lead_field_values_number_idx;
CREATE INDEX lead_field_values_number_idx ON lead_field_values (workspace_id, key, number, lead_created_at, lead_id);

-- Every lead is in the list that is sorted by score from its beginning on; whoever was not worked out yet is due at once.
INSERT INTO lead_scores (lead_id, workspace_id, lead_created_at, due_at)
SELECT id, workspace_id, created_at, to_timestamp(0) FROM leads WHERE erased_at IS NULL
ON CONFLICT (lead_id) DO NOTHING;
