-- What was sent while two leads were one, to an address that is the other's again: it stays with the survivor, and counts toward the other's caps too.
CREATE TABLE shared_touches (
  workspace_id text NOT NULL,
  lead_id text NOT NULL,
  attempt_id text NOT NULL,
  CONSTRAINT shared_touches_pkey PRIMARY KEY (lead_id, attempt_id),
  CONSTRAINT shared_touches_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT shared_touches_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES contact_attempts (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX shared_touches_attempt_id_idx ON shared_touches (attempt_id);
-- As for the tables of migration 0006: leads are named by their ids, and the workspace says nothing about how many there are.
ALTER TABLE shared_touches ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE shared_touches ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared_touches FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON shared_touches TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
