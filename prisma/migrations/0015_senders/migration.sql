-- The identities that a channel sends from, and which of them a lead is written to from.

CREATE TABLE senders (
  id text NOT NULL,
  workspace_id text NOT NULL,
  channel text NOT NULL,
  integration_id text,
  address text NOT NULL,
  display_name text NOT NULL DEFAULT '',
  is_active boolean NOT NULL DEFAULT true,
  status text NOT NULL DEFAULT 'ACTIVE',
  pause_cause text,
  pause_reason text,
  paused_at timestamptz(3),
  counts_from timestamptz(3) NOT NULL,
  per_minute integer NOT NULL,
  per_day integer NOT NULL,
  ramp_started_at timestamptz(3),
  dkim_selector text,
  domain_status text,
  domain_checks jsonb NOT NULL DEFAULT '[]',
  domain_checked_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT senders_pkey PRIMARY KEY (id),
  CONSTRAINT senders_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration_configs (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX senders_workspace_id_channel_address_key ON senders (workspace_id, channel, address);
CREATE INDEX senders_workspace_id_created_at_id_idx ON senders (workspace_id, created_at, id);
CREATE INDEX senders_integration_id_idx ON senders (integration_id);
ALTER TABLE senders ADD CONSTRAINT senders_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE senders ADD CONSTRAINT senders_status_check CHECK (status IN ('ACTIVE', 'PAUSED'));
ALTER TABLE senders ADD CONSTRAINT senders_pause_cause_check CHECK (pause_cause IN ('bounces', 'complaints', 'person'));
ALTER TABLE senders ADD CONSTRAINT senders_domain_status_check CHECK (domain_status IN ('ready', 'incomplete', 'unknown'));
ALTER TABLE senders ADD CONSTRAINT senders_paused_check CHECK ((status = 'PAUSED') = (pause_cause IS NOT NULL AND paused_at IS NOT NULL));
ALTER TABLE senders ADD CONSTRAINT senders_limits_check CHECK (per_minute > 0 AND per_day > 0);

-- A lead keeps its sender on a channel for as long as both are there.
CREATE TABLE lead_senders (
  workspace_id text NOT NULL,
  lead_id text NOT NULL,
  channel text NOT NULL,
  sender_id text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT lead_senders_pkey PRIMARY KEY (lead_id, channel),
  CONSTRAINT lead_senders_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT lead_senders_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX lead_senders_sender_id_idx ON lead_senders (sender_id);
ALTER TABLE lead_senders ADD CONSTRAINT lead_senders_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
-- As for the tables of migration 0006: leads are named by their ids, and the workspace says nothing about how many there are.
ALTER TABLE lead_senders ALTER COLUMN workspace_id SET (n_distinct = 1);

-- What a sender has used of a day (counted since 1970-01-01 on the workspace's clock) and of the latest minute in it.
CREATE TABLE sender_days (
  workspace_id text NOT NULL,
  sender_id text NOT NULL,
  day integer NOT NULL,
  used integer NOT NULL DEFAULT 0,
  minute timestamptz(3) NOT NULL,
  minute_used integer NOT NULL DEFAULT 0,
  CONSTRAINT sender_days_pkey PRIMARY KEY (sender_id, day),
  CONSTRAINT sender_days_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders (id) ON DELETE CASCADE ON UPDATE CASCADE
);
-- Written with each batch of sends; room on the page keeps the row where it is.
ALTER TABLE sender_days SET (fillfactor = 50);

-- Hard bounces and complaints about what a sender sent: few rows, asked when one more comes.
CREATE TABLE sender_faults (
  workspace_id text NOT NULL,
  message_id text NOT NULL,
  kind text NOT NULL,
  sender_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  CONSTRAINT sender_faults_pkey PRIMARY KEY (message_id, kind),
  CONSTRAINT sender_faults_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT sender_faults_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX sender_faults_sender_id_at_idx ON sender_faults (sender_id, at);
ALTER TABLE sender_faults ADD CONSTRAINT sender_faults_kind_check CHECK (kind IN ('bounce', 'complaint'));

ALTER TABLE messages ADD COLUMN sender_id text;
ALTER TABLE messages ADD CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders (id) ON DELETE SET NULL ON UPDATE CASCADE;
-- The last sends of a sender. Messages without one are in no index of it.
CREATE INDEX messages_sender_id_handed_at_idx ON messages (sender_id, handed_at) WHERE sender_id IS NOT NULL;

ALTER TABLE senders ENABLE ROW LEVEL SECURITY;
ALTER TABLE senders FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON senders TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
ALTER TABLE lead_senders ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_senders FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_senders TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
ALTER TABLE sender_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE sender_days FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON sender_days TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
ALTER TABLE sender_faults ENABLE ROW LEVEL SECURITY;
ALTER TABLE sender_faults FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON sender_faults TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
