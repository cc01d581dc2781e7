-- A vendor's reference names one message that went out. What comes in may carry one reference twice: a mail to two of our addresses.
DROP INDEX messages_provider_ref_idx;
CREATE UNIQUE INDEX messages_provider_ref_key ON messages (workspace_id, provider, provider_ref)
  WHERE provider_ref IS NOT NULL AND direction = 'outbound';
