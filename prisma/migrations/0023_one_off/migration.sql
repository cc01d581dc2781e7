-- A person's decision to send one message in spite of the gate: {"checks": [...], "reason": "..."}. It goes with the message into the queue.
ALTER TABLE messages ADD COLUMN override jsonb;
