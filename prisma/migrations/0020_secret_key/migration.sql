-- What a database remembers of the installation it belongs to: a fingerprint of its SECRET_KEY, never the key. Nobody's workspace reads it.
CREATE TABLE installation (
  name text NOT NULL,
  value text NOT NULL,
  CONSTRAINT installation_pkey PRIMARY KEY (name)
);
REVOKE ALL ON installation FROM throughline_runtime;

GRANT CREATE ON SCHEMA public TO throughline_definer;
GRANT SELECT ON lead_erasures TO throughline_definer;
CREATE POLICY definer_counts ON lead_erasures FOR SELECT TO throughline_definer USING (true);
-- How many people were erased, over all workspaces: their suppressions hold by a hash that is keyed with the SECRET_KEY.
CREATE FUNCTION app_count_erasures() RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT count(*)::int FROM lead_erasures
$$;
ALTER FUNCTION app_count_erasures() OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
