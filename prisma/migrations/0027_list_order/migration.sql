-- Lists in their order by what is rare in them: suppressions for a reason, leads of a campaign in a state.
CREATE INDEX suppressions_workspace_id_reason_created_at_id_idx ON suppressions (workspace_id, reason, created_at, id);
CREATE INDEX campaign_leads_workspace_id_campaign_id_status_assigned_at__idx ON campaign_leads (workspace_id, campaign_id, status, assigned_at, id);
