-- Of steps that are due at one instant with one priority, whoever was planned first goes first: without a last word in the order, where a row
-- happens to lie in its table decides who gets the last place of a minute, and a simulation of the same seed comes out otherwise.
DROP INDEX sequence_step_executions_due_idx;
CREATE INDEX sequence_step_executions_due_idx ON sequence_step_executions (workspace_id, scheduled_at, priority DESC, id) WHERE status = 'SCHEDULED';
