-- What the home page asks of messages: the day's touches, the replies that wait, and how many went out over months.

ALTER TABLE messages ADD COLUMN awaits_reply boolean NOT NULL DEFAULT false;
-- Few rows at any time. The first is the list, oldest and newest; the second finds a lead's when something is sent to it.
CREATE INDEX messages_awaiting_idx ON messages (workspace_id, created_at, id) WHERE awaits_reply;
CREATE INDEX messages_lead_awaiting_idx ON messages (lead_id) WHERE awaits_reply;

-- A day's messages by channel and status without reading the rows.
CREATE INDEX messages_outbound_idx ON messages (workspace_id, created_at) INCLUDE (channel, status) WHERE direction = 'outbound';
-- What went out since the last quarter of an hour that was counted.
CREATE INDEX messages_sent_idx ON messages (workspace_id, sent_at) INCLUDE (channel) WHERE sent_at IS NOT NULL;

CREATE TABLE send_counts (
  workspace_id text NOT NULL,
  channel text NOT NULL,
  quarter timestamptz(3) NOT NULL,
  sent integer NOT NULL,
  CONSTRAINT send_counts_pkey PRIMARY KEY (workspace_id, quarter, channel)
);
ALTER TABLE send_counts ADD CONSTRAINT send_counts_channel_check CHECK (channel IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE send_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE send_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON send_counts TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
