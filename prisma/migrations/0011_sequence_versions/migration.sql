-- What people go through is a published copy of the steps; the steps themselves are its draft.

CREATE TABLE sequence_versions (
  id text NOT NULL,
  workspace_id text NOT NULL,
  sequence_id text NOT NULL,
  number int NOT NULL,
  note text,
  published_at timestamptz(3) NOT NULL,
  published_by_kind text NOT NULL,
  published_by text,
  CONSTRAINT sequence_versions_pkey PRIMARY KEY (id),
  CONSTRAINT sequence_versions_sequence_id_fkey FOREIGN KEY (sequence_id) REFERENCES retention_sequences (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX sequence_versions_sequence_id_number_key ON sequence_versions (sequence_id, number);
ALTER TABLE sequence_versions ADD CONSTRAINT sequence_versions_number_check CHECK (number >= 1);

-- `step_id` names the step that it is a copy of. No foreign key: a script that is deleted later is still the one that the version had.
CREATE TABLE sequence_version_steps (
  version_id text NOT NULL,
  step_id text NOT NULL,
  workspace_id text NOT NULL,
  step_order int NOT NULL,
  channel text NOT NULL,
  script_id text,
  delay_value int NOT NULL,
  delay_unit text NOT NULL,
  conditions jsonb NOT NULL DEFAULT '{}',
  is_active boolean NOT NULL,
  CONSTRAINT sequence_version_steps_pkey PRIMARY KEY (version_id, step_id),
  CONSTRAINT sequence_version_steps_version_id_fkey FOREIGN KEY (version_id) REFERENCES sequence_versions (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX sequence_version_steps_version_id_step_order_key ON sequence_version_steps (version_id, step_order);
CREATE INDEX sequence_version_steps_script_id_idx ON sequence_version_steps (script_id);
ALTER TABLE sequence_version_steps ADD CONSTRAINT sequence_version_steps_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE sequence_version_steps ADD CONSTRAINT sequence_version_steps_delay_unit_check CHECK (delay_unit IN ('HOURS', 'DAYS', 'WEEKS'));
ALTER TABLE sequence_version_steps ADD CONSTRAINT sequence_version_steps_delay_value_check CHECK (delay_value >= 0);
ALTER TABLE sequence_version_steps ADD CONSTRAINT sequence_version_steps_step_order_check CHECK (step_order >= 0);

-- Every sequence that ever ran has its steps as they stand as its first version, and everybody is in that.
INSERT INTO sequence_versions (id, workspace_id, sequence_id, number, note, published_at, published_by_kind, published_by)
SELECT 'ver_' || left(md5(s.id), 26), s.workspace_id, s.id, 1, NULL, coalesce(s.activated_at, s.created_at), 'system', 'migration'
FROM retention_sequences s
WHERE s.status <> 'DRAFT' OR s.activated_at IS NOT NULL OR EXISTS (SELECT FROM sequence_enrollments n WHERE n.sequence_id = s.id);
INSERT INTO sequence_version_steps (version_id, step_id, workspace_id, step_order, channel, script_id, delay_value, delay_unit, conditions, is_active)
SELECT v.id, st.id, st.workspace_id, st.step_order, st.channel, st.script_id, st.delay_value, st.delay_unit, st.conditions, st.is_active
FROM sequence_versions v JOIN sequence_steps st ON st.sequence_id = v.sequence_id;

ALTER TABLE sequence_enrollments ADD COLUMN version_id text;
UPDATE sequence_enrollments n SET version_id = v.id FROM sequence_versions v WHERE v.sequence_id = n.sequence_id;
ALTER TABLE sequence_enrollments ALTER COLUMN version_id SET NOT NULL;
ALTER TABLE sequence_enrollments ADD CONSTRAINT sequence_enrollments_version_id_fkey
  FOREIGN KEY (version_id) REFERENCES sequence_versions (id) ON DELETE NO ACTION ON UPDATE CASCADE;
CREATE INDEX sequence_enrollments_version_id_status_enrolled_at_id_idx ON sequence_enrollments (version_id, status, enrolled_at, id);

-- The version that an execution was planned by: that of its enrollment at that time, and so its words and conditions. No foreign key, because
-- every touch would pay for it: versions go only with their sequence, and the executions with them.
ALTER TABLE sequence_step_executions ADD COLUMN version_id text;
UPDATE sequence_step_executions e SET version_id = n.version_id FROM sequence_enrollments n WHERE n.id = e.enrollment_id;
ALTER TABLE sequence_step_executions ALTER COLUMN version_id SET NOT NULL;

-- Nobody changes what was published, the owner of the tables no more than the runtime role. It goes with its sequence.
CREATE FUNCTION app_keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM retention_sequences WHERE id = OLD.sequence_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a published version is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION app_keep_version_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM sequence_versions WHERE id = OLD.version_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'a published version is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sequence_versions_keep BEFORE UPDATE OR DELETE ON sequence_versions FOR EACH ROW EXECUTE FUNCTION app_keep_versions();
CREATE TRIGGER sequence_version_steps_keep BEFORE UPDATE OR DELETE ON sequence_version_steps FOR EACH ROW EXECUTE FUNCTION app_keep_version_steps();
REVOKE UPDATE, DELETE, TRUNCATE ON sequence_versions, sequence_version_steps FROM throughline_runtime;

ALTER TABLE sequence_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sequence_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON sequence_versions TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
ALTER TABLE sequence_version_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE sequence_version_steps FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON sequence_version_steps TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
