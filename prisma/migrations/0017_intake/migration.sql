-- Leads that come in by themselves: forms in advertisements, forms of one's own, other programs.

ALTER TABLE integration_configs DROP CONSTRAINT integration_configs_type_check;
ALTER TABLE integration_configs ADD CONSTRAINT integration_configs_type_check CHECK (type IN ('CALL', 'SMS', 'EMAIL', 'LEADS'));

CREATE TABLE intake_sources (
  id text NOT NULL,
  workspace_id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  token text NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  settings jsonb NOT NULL DEFAULT '{}',
  campaign_id text,
  submitted_count integer NOT NULL DEFAULT 0,
  created_count integer NOT NULL DEFAULT 0,
  last_used_at timestamptz(3),
  created_by text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT intake_sources_pkey PRIMARY KEY (id),
  CONSTRAINT intake_sources_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX intake_sources_token_key ON intake_sources (token);
CREATE UNIQUE INDEX intake_sources_workspace_id_name_key ON intake_sources (workspace_id, name);
CREATE INDEX intake_sources_campaign_id_idx ON intake_sources (campaign_id);
ALTER TABLE intake_sources ADD CONSTRAINT intake_sources_kind_check CHECK (kind IN ('form', 'api'));
ALTER TABLE intake_sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake_sources FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON intake_sources TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

CREATE TABLE lead_submissions (
  id text NOT NULL,
  workspace_id text NOT NULL,
  provider text NOT NULL,
  external_id text NOT NULL,
  source_id text,
  label text,
  status text NOT NULL DEFAULT 'RECEIVED',
  payload jsonb NOT NULL,
  lead_id text,
  detail text,
  faults jsonb NOT NULL DEFAULT '[]',
  page_url text,
  ip text,
  tries integer NOT NULL DEFAULT 0,
  due_at timestamptz(3),
  received_at timestamptz(3) NOT NULL,
  processed_at timestamptz(3),
  CONSTRAINT lead_submissions_pkey PRIMARY KEY (id),
  CONSTRAINT lead_submissions_source_id_fkey FOREIGN KEY (source_id) REFERENCES intake_sources (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT lead_submissions_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL ON UPDATE CASCADE
);
-- What came in once comes in once, however often it is sent.
CREATE UNIQUE INDEX lead_submissions_workspace_id_provider_external_id_key ON lead_submissions (workspace_id, provider, external_id);
CREATE INDEX lead_submissions_workspace_id_received_at_id_idx ON lead_submissions (workspace_id, received_at, id);
CREATE INDEX lead_submissions_workspace_id_status_received_at_id_idx ON lead_submissions (workspace_id, status, received_at, id);
CREATE INDEX lead_submissions_source_id_received_at_id_idx ON lead_submissions (source_id, received_at, id);
CREATE INDEX lead_submissions_lead_id_idx ON lead_submissions (lead_id);
CREATE INDEX lead_submissions_due_idx ON lead_submissions (workspace_id, due_at) WHERE due_at IS NOT NULL;
ALTER TABLE lead_submissions ADD CONSTRAINT lead_submissions_status_check CHECK (status IN ('RECEIVED', 'CREATED', 'UPDATED', 'UNCHANGED', 'CONFLICT', 'FAULTY', 'FAILED', 'SPAM'));
ALTER TABLE lead_submissions ADD CONSTRAINT lead_submissions_tries_check CHECK (tries >= 0);
-- Only what is not taken in yet is to be looked at again.
ALTER TABLE lead_submissions ADD CONSTRAINT lead_submissions_due_check CHECK (due_at IS NULL OR status = 'RECEIVED');
ALTER TABLE lead_submissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_submissions FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_submissions TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Whose form it is must be known before there is a workspace; which workspaces have something to take in, without reading it.
GRANT SELECT ON intake_sources, lead_submissions TO throughline_definer;
CREATE POLICY definer_reads ON intake_sources FOR SELECT TO throughline_definer USING (true);
CREATE POLICY definer_reads ON lead_submissions FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;

CREATE FUNCTION app_intake_workspace(source_token text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT workspace_id FROM intake_sources WHERE token = source_token
$$;
ALTER FUNCTION app_intake_workspace(text) OWNER TO throughline_definer;

CREATE FUNCTION app_workspaces_with_due_submissions(until timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM lead_submissions WHERE due_at IS NOT NULL AND due_at <= until
$$;
ALTER FUNCTION app_workspaces_with_due_submissions(timestamptz) OWNER TO throughline_definer;

REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_intake_workspace(text), app_workspaces_with_due_submissions(timestamptz) TO throughline_runtime;
