-- What came of it, and the sweep that finds who was left alone for too long.

-- The tracker's own number of a payment: a renewal of one click is a conversion of its own.
ALTER TABLE conversions ADD COLUMN transaction_id text;
ALTER TABLE conversions ADD CONSTRAINT conversions_currency_check CHECK (currency ~ '^[A-Z]{3}$');
-- Told twice it is one: by whatever the source knows it by. What is known by nothing (written down by hand) may be there twice.
CREATE UNIQUE INDEX conversions_told_key ON conversions (workspace_id, source, status, sub_id, click_id, transaction_id) NULLS NOT DISTINCT
  WHERE sub_id IS NOT NULL OR click_id IS NOT NULL OR transaction_id IS NOT NULL;

-- How far the trigger no_conversion has looked, for each sequence.
CREATE TABLE trigger_sweeps (
  sequence_id text NOT NULL,
  workspace_id text NOT NULL,
  rules jsonb NOT NULL DEFAULT '{}',
  swept_until timestamptz(3),
  pass_until timestamptz(3),
  pass_after_at timestamptz(3),
  pass_after_id text,
  wake_at timestamptz(3) NOT NULL,
  CONSTRAINT trigger_sweeps_pkey PRIMARY KEY (sequence_id),
  CONSTRAINT trigger_sweeps_sequence_id_fkey FOREIGN KEY (sequence_id) REFERENCES retention_sequences (id) ON DELETE CASCADE ON UPDATE CASCADE
);
ALTER TABLE trigger_sweeps ENABLE ROW LEVEL SECURITY;
ALTER TABLE trigger_sweeps FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON trigger_sweeps TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
GRANT SELECT ON trigger_sweeps TO throughline_definer;
CREATE POLICY definer_reads ON trigger_sweeps FOR SELECT TO throughline_definer USING (true);

-- Whose silence may just have become long enough: those who were touched, or wrote, in a span that lies so many days back.
CREATE INDEX contact_attempts_touches_idx ON contact_attempts (workspace_id, handed_at, lead_id) WHERE is_touch;
CREATE INDEX messages_inbound_idx ON messages (workspace_id, created_at, lead_id) WHERE direction = 'inbound';
-- Whom the re-entry rule, or a lifted suppression, may let in again.
CREATE INDEX sequence_enrollments_ended_idx ON sequence_enrollments (sequence_id, completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX suppressions_lifted_idx ON suppressions (workspace_id, lifted_at) WHERE lifted_at IS NOT NULL;
-- Few rows: the sequences that are swept.
CREATE INDEX retention_sequences_swept_idx ON retention_sequences (workspace_id) WHERE status = 'ACTIVE' AND trigger_type = 'no_conversion';

GRANT CREATE ON SCHEMA public TO throughline_definer;
-- Workspaces with a sequence that was never swept, whose pass is not over, or whose last one began before `before`.
CREATE FUNCTION app_workspaces_to_sweep(before timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT s.workspace_id FROM retention_sequences s LEFT JOIN trigger_sweeps t ON t.sequence_id = s.id
  WHERE s.status = 'ACTIVE' AND s.trigger_type = 'no_conversion'
    AND (t.swept_until IS NULL OR t.pass_until IS NOT NULL OR t.swept_until <= before)
$$;
ALTER FUNCTION app_workspaces_to_sweep(timestamptz) OWNER TO throughline_definer;
-- A moved clock moves the sweeps too.
CREATE FUNCTION app_next_sweep() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT min(t.wake_at) FROM retention_sequences s JOIN trigger_sweeps t ON t.sequence_id = s.id
  WHERE s.status = 'ACTIVE' AND s.trigger_type = 'no_conversion'
$$;
ALTER FUNCTION app_next_sweep() OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_workspaces_to_sweep(timestamptz), app_next_sweep() TO throughline_runtime;
