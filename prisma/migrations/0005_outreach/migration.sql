-- Enrolment of whole filters, lists of enrollments and executions, and which touch a reply belongs to.

ALTER TABLE sequence_step_executions ADD COLUMN replied_at timestamptz(3);

-- Serves a step's numbers, and by its steps and statuses every list of executions in order of their due times: no further index on the table
-- that is written most.
DROP INDEX sequence_step_executions_step_id_status_idx;
CREATE INDEX sequence_step_executions_step_id_status_due_at_id_idx ON sequence_step_executions (step_id, status, due_at, id);

CREATE INDEX sequence_enrollments_workspace_id_sequence_id_enrolled_at_id_idx ON sequence_enrollments (workspace_id, sequence_id, enrolled_at, id);

ALTER TABLE bulk_enrollments ADD COLUMN lead_ids jsonb;
ALTER TABLE bulk_enrollments ADD COLUMN again boolean NOT NULL DEFAULT false;
ALTER TABLE bulk_enrollments ADD COLUMN refusals jsonb NOT NULL DEFAULT '[]';
CREATE INDEX bulk_enrollments_open_idx ON bulk_enrollments (workspace_id) WHERE status IN ('QUEUED', 'RUNNING');

-- Workspaces with a bulk enrolment that was just asked for, or whose process died in the middle of it.
GRANT SELECT ON bulk_enrollments TO throughline_definer;
CREATE POLICY definer_reads ON bulk_enrollments FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;
CREATE FUNCTION app_workspaces_with_open_bulk_enrollments() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM bulk_enrollments WHERE status IN ('QUEUED', 'RUNNING')
$$;
ALTER FUNCTION app_workspaces_with_open_bulk_enrollments() OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_workspaces_with_open_bulk_enrollments() TO throughline_runtime;
