-- Campaigns that take leads in by a rule, up to a number, and end by themselves.

-- Whom an active campaign takes in by itself: {"filter": the filter object of the lead list}.
ALTER TABLE campaigns ADD COLUMN auto_assign jsonb;
ALTER TABLE campaigns ADD COLUMN max_leads integer;
ALTER TABLE campaigns ADD CONSTRAINT campaigns_max_leads_check CHECK (max_leads > 0);
CREATE INDEX campaigns_auto_assign_idx ON campaigns (workspace_id) WHERE status = 'ACTIVE' AND auto_assign IS NOT NULL;

-- Nobody comes in beyond the number, whoever writes the row. Those who want the last places follow one another: the lock is held until commit,
-- and each counts by a snapshot taken after it.
CREATE FUNCTION campaign_leads_within_limit() RETURNS trigger
LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
  limited record;
  taken integer;
BEGIN
  FOR limited IN
    SELECT c.id, c.max_leads FROM campaigns c
    WHERE c.max_leads IS NOT NULL AND c.id IN (SELECT campaign_id FROM added)
    ORDER BY c.id
  LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('campaign ' || limited.id, 0));
    SELECT count(*) INTO taken FROM campaign_leads WHERE campaign_id = limited.id;
    IF taken > limited.max_leads THEN
      RAISE EXCEPTION 'campaign % takes in % leads at most', limited.id, limited.max_leads
        USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_leads_within_limit', TABLE = 'campaign_leads';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER campaign_leads_within_limit AFTER INSERT ON campaign_leads
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION campaign_leads_within_limit();

-- Workspaces with a campaign whose last day is over.
CREATE INDEX campaigns_ends_idx ON campaigns (end_date) WHERE status IN ('ACTIVE', 'PAUSED') AND end_date IS NOT NULL;
GRANT SELECT ON campaigns TO throughline_definer;
CREATE POLICY definer_reads ON campaigns FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;
CREATE FUNCTION app_workspaces_with_ended_campaigns(at timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM campaigns WHERE status IN ('ACTIVE', 'PAUSED') AND end_date <= at
$$;
ALTER FUNCTION app_workspaces_with_ended_campaigns(timestamptz) OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
REVOKE EXECUTE ON FUNCTION app_workspaces_with_ended_campaigns(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_workspaces_with_ended_campaigns(timestamptz) TO throughline_runtime;
