-- A workspace's own fields on leads, filters saved by name, and changes to many leads at once.

CREATE TABLE custom_fields (
  id text NOT NULL,
  workspace_id text NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL,
  options jsonb NOT NULL DEFAULT '[]',
  position int NOT NULL,
  archived_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT custom_fields_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX custom_fields_workspace_id_key_key ON custom_fields (workspace_id, key);
ALTER TABLE custom_fields ADD CONSTRAINT custom_fields_type_check CHECK (type IN ('text', 'number', 'boolean', 'date', 'select', 'multi_select', 'url'));
-- Scripts name a field so: {{ custom.key }}.
ALTER TABLE custom_fields ADD CONSTRAINT custom_fields_key_shape CHECK (key ~ '^[a-z][a-z0-9_]{0,59}$');
ALTER TABLE custom_fields ENABLE ROW LEVEL SECURITY;
ALTER TABLE custom_fields FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON custom_fields TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- What `leads.meta -> 'custom'` holds, one row a value: jsonb operators are not leakproof, so under row-level security no index on the column
-- itself would ever be used. Written by the trigger alone.
CREATE TABLE lead_field_values (
  workspace_id text NOT NULL,
  lead_id text NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  number double precision,
  lead_created_at timestamptz(3) NOT NULL,
  CONSTRAINT lead_field_values_pkey PRIMARY KEY (lead_id, key, value),
  CONSTRAINT lead_field_values_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX lead_field_values_value_idx ON lead_field_values (workspace_id, key, value, lead_created_at, lead_id);
CREATE INDEX lead_field_values_number_idx ON lead_field_values (workspace_id, key, number);
ALTER TABLE lead_field_values ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_field_values FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_field_values TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Texts are compared without case, and by their first 200 characters: an index entry has an end.
CREATE FUNCTION app_write_field_values() RETURNS trigger
LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM lead_field_values WHERE lead_id = NEW.id;
  END IF;
  INSERT INTO lead_field_values (workspace_id, lead_id, key, value, number, lead_created_at)
  SELECT NEW.workspace_id, NEW.id, field.key, left(lower(one.value #>> '{}'), 200),
    CASE WHEN jsonb_typeof(one.value) = 'number' THEN (one.value #>> '{}')::double precision END, NEW.created_at
  FROM jsonb_each(CASE WHEN jsonb_typeof(NEW.meta -> 'custom') = 'object' THEN NEW.meta -> 'custom' ELSE '{}' END) AS field
  CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(field.value) WHEN 'array' THEN field.value ELSE jsonb_build_array(field.value) END) AS one(value)
  WHERE jsonb_typeof(one.value) IN ('string', 'number', 'boolean')
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION app_write_field_values() TO throughline_runtime;
CREATE TRIGGER write_field_values_of_new AFTER INSERT ON leads FOR EACH ROW
  WHEN (NEW.meta ? 'custom') EXECUTE FUNCTION app_write_field_values();
CREATE TRIGGER write_field_values_of_changed AFTER UPDATE OF meta ON leads FOR EACH ROW
  WHEN (OLD.meta -> 'custom' IS DISTINCT FROM NEW.meta -> 'custom') EXECUTE FUNCTION app_write_field_values();

-- What stood under this key before there were such fields is kept beside them.
UPDATE leads SET meta = (meta - 'custom') || jsonb_build_object('custom_before', meta -> 'custom') WHERE meta ? 'custom';

CREATE TABLE saved_filters (
  id text NOT NULL,
  workspace_id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  filter jsonb NOT NULL DEFAULT '{}',
  columns jsonb NOT NULL DEFAULT '[]',
  sort text,
  shared boolean NOT NULL DEFAULT true,
  created_by text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT saved_filters_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX saved_filters_workspace_id_name_key_key ON saved_filters (workspace_id, name_key);
ALTER TABLE saved_filters ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_filters FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON saved_filters TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

CREATE TABLE bulk_actions (
  id text NOT NULL,
  workspace_id text NOT NULL,
  kind text NOT NULL,
  change jsonb NOT NULL DEFAULT '{}',
  filter jsonb NOT NULL DEFAULT '{}',
  lead_ids jsonb,
  status text NOT NULL DEFAULT 'QUEUED',
  total int NOT NULL,
  is_estimate boolean NOT NULL DEFAULT false,
  changed_count int NOT NULL DEFAULT 0,
  unchanged_count int NOT NULL DEFAULT 0,
  refused_count int NOT NULL DEFAULT 0,
  cursor text,
  failure text,
  undo_of text,
  undone_at timestamptz(3),
  created_by text,
  created_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3),
  CONSTRAINT bulk_actions_pkey PRIMARY KEY (id)
);
CREATE INDEX bulk_actions_workspace_id_created_at_id_idx ON bulk_actions (workspace_id, created_at, id);
CREATE INDEX bulk_actions_open_idx ON bulk_actions (workspace_id) WHERE status IN ('QUEUED', 'RUNNING');
-- What was done is undone once.
CREATE UNIQUE INDEX bulk_actions_undo_of_key ON bulk_actions (undo_of) WHERE status <> 'CANCELLED' AND status <> 'FAILED';
ALTER TABLE bulk_actions ADD CONSTRAINT bulk_actions_kind_check CHECK (kind IN ('tags', 'status', 'field', 'suppress', 'delete', 'undo'));
ALTER TABLE bulk_actions ADD CONSTRAINT bulk_actions_status_check CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED'));
ALTER TABLE bulk_actions ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulk_actions FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON bulk_actions TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Leads that a bulk action changed, with what they had before, and those that it refused, with the reason. No foreign key to the lead: a report
-- names those that were deleted too.
CREATE TABLE bulk_action_rows (
  workspace_id text NOT NULL,
  bulk_action_id text NOT NULL,
  lead_id text NOT NULL,
  reason text,
  before jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT bulk_action_rows_pkey PRIMARY KEY (bulk_action_id, lead_id),
  CONSTRAINT bulk_action_rows_bulk_action_id_fkey FOREIGN KEY (bulk_action_id) REFERENCES bulk_actions (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX bulk_action_rows_lead_id_idx ON bulk_action_rows (lead_id);
CREATE INDEX bulk_action_rows_refused_idx ON bulk_action_rows (bulk_action_id, lead_id) WHERE reason IS NOT NULL;
ALTER TABLE bulk_action_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulk_action_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON bulk_action_rows TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Workspaces with a bulk action that was just asked for, or whose process died in the middle of it.
GRANT SELECT ON bulk_actions TO throughline_definer;
CREATE POLICY definer_reads ON bulk_actions FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;
CREATE FUNCTION app_workspaces_with_open_bulk_actions() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM bulk_actions WHERE status IN ('QUEUED', 'RUNNING')
$$;
ALTER FUNCTION app_workspaces_with_open_bulk_actions() OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_workspaces_with_open_bulk_actions() TO throughline_runtime;
