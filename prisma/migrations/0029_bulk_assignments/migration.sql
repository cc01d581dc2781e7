-- Everybody whom a filter finds is put into a campaign, in batches; or what one has put in is taken out again.
CREATE TABLE bulk_assignments (
  id text NOT NULL,
  workspace_id text NOT NULL,
  campaign_id text NOT NULL,
  filter jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'QUEUED',
  total integer NOT NULL,
  is_estimate boolean NOT NULL DEFAULT false,
  changed_count integer NOT NULL DEFAULT 0,
  unchanged_count integer NOT NULL DEFAULT 0,
  refused_count integer NOT NULL DEFAULT 0,
  refusals jsonb NOT NULL DEFAULT '[]',
  before_lead text NOT NULL,
  cursor text,
  failure text,
  undo_of text,
  undone_at timestamptz(3),
  created_by text,
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  CONSTRAINT bulk_assignments_pkey PRIMARY KEY (id),
  CONSTRAINT bulk_assignments_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX bulk_assignments_workspace_id_created_at_id_idx ON bulk_assignments (workspace_id, created_at, id);
CREATE INDEX bulk_assignments_workspace_id_campaign_id_created_at_id_idx ON bulk_assignments (workspace_id, campaign_id, created_at, id);
CREATE INDEX bulk_assignments_campaign_id_idx ON bulk_assignments (campaign_id);
CREATE INDEX bulk_assignments_open_idx ON bulk_assignments (workspace_id) WHERE status IN ('QUEUED', 'RUNNING');
-- Who asks twice for the same gets the same.
CREATE UNIQUE INDEX bulk_assignments_same_key ON bulk_assignments (campaign_id, md5(filter::text))
  WHERE status IN ('QUEUED', 'RUNNING') AND undo_of IS NULL;
-- What was done is undone once.
CREATE UNIQUE INDEX bulk_assignments_undo_of_key ON bulk_assignments (undo_of) WHERE status <> 'CANCELLED' AND status <> 'FAILED';
ALTER TABLE bulk_assignments ADD CONSTRAINT bulk_assignments_status_check CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED'));
ALTER TABLE bulk_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulk_assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON bulk_assignments TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- By which of them a lead came in.
ALTER TABLE campaign_leads ADD COLUMN bulk_assignment_id text;
ALTER TABLE campaign_leads ADD CONSTRAINT campaign_leads_bulk_assignment_id_fkey
  FOREIGN KEY (bulk_assignment_id) REFERENCES bulk_assignments (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX campaign_leads_bulk_assignment_id_idx ON campaign_leads (bulk_assignment_id, id) WHERE bulk_assignment_id IS NOT NULL;

-- Workspaces with one that was just asked for, or whose process died in the middle of it.
GRANT SELECT ON bulk_assignments TO throughline_definer;
CREATE POLICY definer_reads ON bulk_assignments FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;
CREATE FUNCTION app_workspaces_with_open_bulk_assignments() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM bulk_assignments WHERE status IN ('QUEUED', 'RUNNING')
$$;
ALTER FUNCTION app_workspaces_with_open_bulk_assignments() OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
REVOKE EXECUTE ON FUNCTION app_workspaces_with_open_bulk_assignments() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_workspaces_with_open_bulk_assignments() TO throughline_runtime;
