-- Vendors that keep failing are paused, unknown outcomes are asked about, and channels have limits by the day.

ALTER TABLE workspace_settings ADD COLUMN cap_per_day integer;
ALTER TABLE workspace_settings ADD COLUMN min_gap_minutes integer;
ALTER TABLE workspace_settings ADD COLUMN channel_limits jsonb NOT NULL DEFAULT '{}';

CREATE TABLE channel_days (
  workspace_id text NOT NULL,
  channel text NOT NULL,
  day date NOT NULL,
  used integer NOT NULL,
  CONSTRAINT channel_days_pkey PRIMARY KEY (workspace_id, channel, day)
);
ALTER TABLE channel_days ADD CONSTRAINT channel_days_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE channel_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_days FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON channel_days TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- One row for each batch of hand-overs that was recorded: only inserted and summed, so that those who record side by side do not wait for
-- each other at one counter. Forgotten after minutes.
CREATE TABLE vendor_tallies (
  id text NOT NULL,
  workspace_id text NOT NULL,
  provider text NOT NULL,
  at timestamptz(3) NOT NULL,
  calls integer NOT NULL,
  failures integer NOT NULL,
  CONSTRAINT vendor_tallies_pkey PRIMARY KEY (id)
);
CREATE INDEX vendor_tallies_workspace_id_provider_at_idx ON vendor_tallies (workspace_id, provider, at);
ALTER TABLE vendor_tallies ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_tallies FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON vendor_tallies TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

CREATE TABLE vendor_trips (
  workspace_id text NOT NULL,
  provider text NOT NULL,
  channel text NOT NULL,
  status text NOT NULL,
  reason text NOT NULL,
  tripped_at timestamptz(3) NOT NULL,
  trips integer NOT NULL DEFAULT 1,
  retry_at timestamptz(3) NOT NULL,
  probed_at timestamptz(3),
  closed_at timestamptz(3),
  CONSTRAINT vendor_trips_pkey PRIMARY KEY (workspace_id, provider)
);
ALTER TABLE vendor_trips ADD CONSTRAINT vendor_trips_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE vendor_trips ADD CONSTRAINT vendor_trips_status_check CHECK (status IN ('open', 'half_open', 'closed'));
ALTER TABLE vendor_trips ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_trips FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON vendor_trips TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- The due time of a message whose outcome is unknown is when its vendor is asked next.
CREATE INDEX messages_unknown_idx ON messages (workspace_id, due_at) WHERE status = 'unknown';

GRANT CREATE ON SCHEMA public TO throughline_definer;
-- Workspaces with messages whose vendor is to be asked what became of them.
CREATE FUNCTION app_workspaces_with_unknown_sends(until timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM messages WHERE status = 'unknown' AND due_at <= until
$$;
ALTER FUNCTION app_workspaces_with_unknown_sends(timestamptz) OWNER TO throughline_definer;

CREATE OR REPLACE FUNCTION app_next_due() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT least(
    (SELECT min(scheduled_at) FROM sequence_step_executions WHERE status = 'SCHEDULED'),
    (SELECT min(due_at) FROM messages WHERE status = 'queued'),
    (SELECT min(due_at) FROM messages WHERE status = 'unknown'))
$$;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_workspaces_with_unknown_sends(timestamptz) TO throughline_runtime;
