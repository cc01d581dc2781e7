-- How promising a lead is: what they have shown of interest, the score that came of it, and the rules it is made by.

-- What somebody did, once however often it is told. Points are worked out of it, so rules may change.
CREATE TABLE lead_interests (
  workspace_id text NOT NULL,
  lead_id text NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  at timestamptz(3) NOT NULL,
  CONSTRAINT lead_interests_pkey PRIMARY KEY (workspace_id, kind, key),
  CONSTRAINT lead_interests_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX lead_interests_lead_id_at_idx ON lead_interests (lead_id, at);
ALTER TABLE lead_interests ADD CONSTRAINT lead_interests_kind_check CHECK (kind IN ('reply', 'click', 'booking'));
ALTER TABLE lead_interests ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_interests FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_interests TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Apart from the lead: a score changes often, and the lead's row stands in a dozen indexes.
CREATE TABLE lead_scores (
  lead_id text NOT NULL,
  workspace_id text NOT NULL,
  score integer NOT NULL DEFAULT 0,
  label text NOT NULL DEFAULT 'COLD',
  lead_created_at timestamptz(3) NOT NULL,
  due_at timestamptz(3),
  scored_at timestamptz(3),
  CONSTRAINT lead_scores_pkey PRIMARY KEY (lead_id),
  CONSTRAINT lead_scores_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX lead_scores_workspace_id_score_lead_id_idx ON lead_scores (workspace_id, score, lead_id);
CREATE INDEX lead_scores_workspace_id_label_lead_created_at_lead_id_idx ON lead_scores (workspace_id, label, lead_created_at, lead_id);
CREATE INDEX lead_scores_due_idx ON lead_scores (workspace_id, due_at) WHERE due_at IS NOT NULL;
ALTER TABLE lead_scores ADD CONSTRAINT lead_scores_score_check CHECK (score BETWEEN 0 AND 100);
ALTER TABLE lead_scores ADD CONSTRAINT lead_scores_label_check CHECK (label IN ('COLD', 'WARM', 'HOT'));
ALTER TABLE lead_scores ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_scores FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_scores TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

CREATE TABLE lead_score_settings (
  workspace_id text NOT NULL,
  rules jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  run_done integer NOT NULL DEFAULT 0,
  run_total integer NOT NULL DEFAULT 0,
  run_started_at timestamptz(3),
  run_finished_at timestamptz(3),
  updated_by text,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT lead_score_settings_pkey PRIMARY KEY (workspace_id)
);
ALTER TABLE lead_score_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_score_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_score_settings TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Leads that are there already are due at once; a loop scores them, a thousand at a time.
INSERT INTO lead_scores (lead_id, workspace_id, lead_created_at, due_at)
SELECT id, workspace_id, created_at, to_timestamp(0) FROM leads WHERE erased_at IS NULL;

GRANT SELECT ON lead_scores TO throughline_definer;
CREATE POLICY definer_reads ON lead_scores FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;
-- Ids only, found by hopping along the index, never by reading the due rows.
CREATE FUNCTION app_workspaces_with_due_scores(until timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH RECURSIVE hop AS (
    (SELECT workspace_id FROM lead_scores WHERE due_at IS NOT NULL ORDER BY workspace_id LIMIT 1)
    UNION ALL
    SELECT (SELECT s.workspace_id FROM lead_scores s
            WHERE s.due_at IS NOT NULL AND s.workspace_id > hop.workspace_id ORDER BY s.workspace_id LIMIT 1)
    FROM hop WHERE hop.workspace_id IS NOT NULL
  )
  SELECT workspace_id FROM hop
  WHERE workspace_id IS NOT NULL AND EXISTS (
    SELECT FROM lead_scores s WHERE s.workspace_id = hop.workspace_id AND s.due_at <= until)
$$;
ALTER FUNCTION app_workspaces_with_due_scores(timestamptz) OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_workspaces_with_due_scores(timestamptz) TO throughline_runtime;
