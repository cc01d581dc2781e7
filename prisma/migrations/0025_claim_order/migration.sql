-- Of steps that are due at one instant with one priority, whoever was planned first goes first: without a last word in the order, where a row
-- happens to lie in its table decides who gets the last place of a minute, and a simulation of the same seed comes out otherwise.
DROP INDEX sequence_step_executions_due_idx;
CREATE INDEX sequence_step_executions_due_idx ON sequence_step_executions (workspace_id, scheduled_at, priority DESC, id) WHERE status = 'SCHEDULED';

-- The same for messages that wait, and for what vendors told: after an outage thousands are due at one instant, and each batch would sort them all.
DROP INDEX messages_queued_idx;
CREATE INDEX messages_queued_idx ON messages (workspace_id, due_at, id) WHERE status = 'queued';
DROP INDEX inbound_events_received_idx;
CREATE INDEX inbound_events_received_idx ON inbound_events (workspace_id, received_at, id) WHERE status = 'received';
