-- Erasing a person, and on what a message to them may rest.

ALTER TABLE workspace_settings ADD COLUMN consent_policy jsonb NOT NULL DEFAULT '{}';

ALTER TABLE lead_identities ADD COLUMN suppression_key text;
CREATE INDEX lead_identities_suppression_key_idx ON lead_identities (workspace_id, suppression_key) WHERE suppression_key IS NOT NULL;
-- Whether anybody was ever erased: only then are addresses looked up by their keyed hash as well.
CREATE INDEX suppressions_erased_idx ON suppressions (workspace_id) WHERE reason = 'ERASED';

CREATE TABLE lead_erasures (
  id text NOT NULL,
  workspace_id text NOT NULL,
  lead_id text NOT NULL,
  reason text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  erased_at timestamptz(3) NOT NULL,
  counts jsonb NOT NULL DEFAULT '{}',
  address_keys jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT lead_erasures_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX lead_erasures_lead_id_key ON lead_erasures (lead_id);
CREATE INDEX lead_erasures_workspace_id_erased_at_id_idx ON lead_erasures (workspace_id, erased_at, id);
ALTER TABLE lead_erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_erasures TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
-- A certificate is not changed and not taken back.
REVOKE UPDATE, DELETE, TRUNCATE ON lead_erasures FROM throughline_runtime;

CREATE TABLE consent_records (
  id text NOT NULL,
  workspace_id text NOT NULL,
  lead_id text NOT NULL,
  kind text NOT NULL DEFAULT 'GIVEN',
  channel text NOT NULL,
  basis text NOT NULL,
  source text NOT NULL,
  proof_text text,
  proof_url text,
  proof_ip text,
  at timestamptz(3) NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT consent_records_pkey PRIMARY KEY (id),
  CONSTRAINT consent_records_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX consent_records_lead_id_channel_at_idx ON consent_records (lead_id, channel, at);
CREATE INDEX consent_records_workspace_id_created_at_id_idx ON consent_records (workspace_id, created_at, id);
ALTER TABLE consent_records ADD CONSTRAINT consent_records_kind_check CHECK (kind IN ('GIVEN', 'WITHDRAWN'));
ALTER TABLE consent_records ADD CONSTRAINT consent_records_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE consent_records ADD CONSTRAINT consent_records_basis_check CHECK (basis IN ('CONSENT', 'LEGITIMATE_INTEREST', 'CONTRACT'));
ALTER TABLE consent_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_records FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON consent_records TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
-- Append-only: a withdrawal is a record of its own.
REVOKE UPDATE, DELETE, TRUNCATE ON consent_records FROM throughline_runtime;

-- What is append-only is changed for these two purposes alone, and only in the workspace of the connection.
GRANT SELECT, UPDATE ON events, consent_records TO throughline_definer;
CREATE POLICY definer_changes ON events TO throughline_definer USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
CREATE POLICY definer_changes ON consent_records TO throughline_definer USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
GRANT CREATE ON SCHEMA public TO throughline_definer;

-- Takes what may be personal out of the events of an erased lead, of those that were merged into it and of its messages: words, addresses and
-- reasons that people or vendors gave. That something happened, when and by whom stays. Answers how many events were changed.
CREATE FUNCTION app_scrub_events(erased_lead text, lead_ids text[], subject_ids text[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  touched int;
BEGIN
  IF NOT EXISTS (SELECT FROM leads WHERE id = erased_lead AND workspace_id = current_setting('app.workspace_id', true) AND erased_at IS NOT NULL) THEN
    RAISE EXCEPTION 'only events of an erased lead are scrubbed';
  END IF;
  WITH told AS (
    SELECT e.id, CASE
      WHEN e.type LIKE 'messaging.%' THEN ARRAY['summary', 'transcriptSummary', 'url', 'reason', 'from', 'to']
      WHEN e.type LIKE 'outreach.%' THEN ARRAY['reason']
      ELSE ARRAY['why'] END AS keys
    FROM events e
    WHERE e.workspace_id = current_setting('app.workspace_id', true) AND (e.lead_id = ANY(lead_ids) OR e.subject_id = ANY(subject_ids))
  )
  UPDATE events e SET payload = e.payload - told.keys FROM told WHERE e.id = told.id AND e.payload ?| told.keys;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;
ALTER FUNCTION app_scrub_events(text, text[], text[]) OWNER TO throughline_definer;

-- The proofs of an erased lead's consents; that there was a consent, for what and when stays.
CREATE FUNCTION app_scrub_consents(erased_lead text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  touched int;
BEGIN
  IF NOT EXISTS (SELECT FROM leads WHERE id = erased_lead AND workspace_id = current_setting('app.workspace_id', true) AND erased_at IS NOT NULL) THEN
    RAISE EXCEPTION 'only consents of an erased lead are scrubbed';
  END IF;
  UPDATE consent_records SET source = '', proof_text = NULL, proof_url = NULL, proof_ip = NULL WHERE lead_id = erased_lead;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;
ALTER FUNCTION app_scrub_consents(text) OWNER TO throughline_definer;

-- Two leads become one, or two again: gives consents of the one to the other; with `only`, those. Answers which.
CREATE FUNCTION app_move_consents(from_lead text, to_lead text, only_ids text[]) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  UPDATE consent_records SET lead_id = to_lead
  WHERE lead_id = from_lead AND (only_ids IS NULL OR id = ANY(only_ids))
    AND EXISTS (SELECT FROM leads WHERE id = to_lead AND workspace_id = current_setting('app.workspace_id', true))
  RETURNING id
$$;
ALTER FUNCTION app_move_consents(text, text, text[]) OWNER TO throughline_definer;

REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_scrub_events(text, text[], text[]), app_scrub_consents(text), app_move_consents(text, text, text[]) TO throughline_runtime;
