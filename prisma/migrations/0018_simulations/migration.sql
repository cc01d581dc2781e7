-- What a sequence would do, tried on a copy in virtual time: what was asked, how far it has come, and what came out. Nothing else is written.

CREATE TABLE simulations (
  id text NOT NULL,
  workspace_id text NOT NULL,
  sequence_id text NOT NULL,
  status text NOT NULL DEFAULT 'QUEUED',
  input jsonb NOT NULL,
  seed bigint NOT NULL,
  start_at timestamptz(3) NOT NULL,
  days integer NOT NULL,
  days_done integer NOT NULL DEFAULT 0,
  touches integer NOT NULL DEFAULT 0,
  result jsonb,
  failure text,
  created_by text,
  created_at timestamptz(3) NOT NULL,
  beat_at timestamptz(3),
  finished_at timestamptz(3),
  CONSTRAINT simulations_pkey PRIMARY KEY (id),
  CONSTRAINT simulations_sequence_id_fkey FOREIGN KEY (sequence_id) REFERENCES retention_sequences (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX simulations_workspace_id_created_at_id_idx ON simulations (workspace_id, created_at, id);
CREATE INDEX simulations_workspace_id_sequence_id_created_at_id_idx ON simulations (workspace_id, sequence_id, created_at, id);
CREATE INDEX simulations_sequence_id_idx ON simulations (sequence_id);
CREATE INDEX simulations_open_idx ON simulations (workspace_id) WHERE status IN ('QUEUED', 'RUNNING');
ALTER TABLE simulations ADD CONSTRAINT simulations_status_check CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED'));
ALTER TABLE simulations ADD CONSTRAINT simulations_days_check CHECK (days BETWEEN 1 AND 365);
ALTER TABLE simulations ENABLE ROW LEVEL SECURITY;
ALTER TABLE simulations FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON simulations TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

GRANT SELECT ON simulations TO throughline_definer;
CREATE POLICY definer_reads ON simulations FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;
CREATE FUNCTION app_workspaces_with_open_simulations() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM simulations WHERE status IN ('QUEUED', 'RUNNING')
$$;
ALTER FUNCTION app_workspaces_with_open_simulations() OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_workspaces_with_open_simulations() TO throughline_runtime;
