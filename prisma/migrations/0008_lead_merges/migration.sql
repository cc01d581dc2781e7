-- Merging two leads, and making them two again.

CREATE TABLE lead_merges (
  id text NOT NULL,
  workspace_id text NOT NULL,
  survivor_id text NOT NULL,
  other_id text NOT NULL,
  snapshot jsonb NOT NULL,
  moved jsonb NOT NULL DEFAULT '{}',
  merged_at timestamptz(3) NOT NULL,
  merged_by text,
  undone_at timestamptz(3),
  undone_by text,
  CONSTRAINT lead_merges_pkey PRIMARY KEY (id)
);
CREATE INDEX "lead_merges_workspace_id_merged_at_id_idx" ON "lead_merges"("workspace_id", "merged_at", "id");
CREATE INDEX "lead_merges_survivor_id_idx" ON "lead_merges"("survivor_id");
-- A lead is merged into one other at a time.
CREATE UNIQUE INDEX lead_merges_other_key ON lead_merges (other_id) WHERE undone_at IS NULL;
ALTER TABLE lead_merges ADD CONSTRAINT lead_merges_two_check CHECK (survivor_id <> other_id);
ALTER TABLE lead_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_merges FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_merges TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
