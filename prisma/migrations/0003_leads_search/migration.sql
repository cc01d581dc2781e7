-- Searching a million leads, knowing rows again, and finding the imports that a dead process left behind.

ALTER TABLE lead_name_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_name_words FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_name_words TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

ALTER TABLE lead_row_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_row_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON lead_row_keys TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
ALTER TABLE lead_row_keys ADD CONSTRAINT lead_row_keys_source_check CHECK (source IN ('MANUAL', 'META', 'API'));

CREATE INDEX lead_name_words_similar_idx ON lead_name_words USING gin (word gin_trgm_ops);

-- Estimates of how common a search is are read from a sample of this column: the default of 100 values cannot tell 1 % from 0.1 %.
ALTER TABLE leads ALTER COLUMN search_text SET STATISTICS 500;

GRANT SELECT ON lead_name_words, import_jobs TO throughline_definer;
CREATE POLICY definer_reads ON lead_name_words FOR SELECT TO throughline_definer USING (true);
CREATE POLICY definer_reads ON import_jobs FOR SELECT TO throughline_definer USING (true);
GRANT CREATE ON SCHEMA public TO throughline_definer;

-- Leads of the connection's workspace whose search text matches every group of `patterns` ([["%ana%", "%anna%"], ["%silva%"]]: one
-- pattern of each group), at most `cap` of them in no order. LIKE is not leakproof, so under row-level security it cannot use its index.
-- The patterns stand in the statement as literals: only then does the planner know how common they are. Of a long one the index is asked
-- for the beginning: it merges a list for every three letters, and those of `@mail.example` are a quarter of the table each (50 ms for a
-- whole address at 1,000,000 leads, 3 ms for its beginning). What lists sort and filter by comes along, so that only the rows of the page
-- are fetched again.
CREATE FUNCTION app_search_leads(patterns jsonb, cap int) RETURNS TABLE (
  id text, created_at timestamptz, updated_at timestamptz, name_key text, status text, source text, country text, email text, phone text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public ROWS 500 AS $$
DECLARE
  condition text := '';
  alternatives jsonb;
BEGIN
  FOR alternatives IN SELECT value FROM jsonb_array_elements(patterns) LOOP
    condition := condition || ' AND (' || (
      SELECT string_agg(
        CASE WHEN length(one.pattern) > 16
          THEN format('(l.search_text LIKE %L AND (l.search_text || '''') LIKE %L)', rtrim(left(one.pattern, 14), '\') || '%', one.pattern)
          ELSE format('l.search_text LIKE %L', one.pattern)
        END, ' OR ')
      FROM jsonb_array_elements_text(alternatives) AS one(pattern)) || ')';
  END LOOP;
  RETURN QUERY EXECUTE format(
    'SELECT l.id, l.created_at::timestamptz, l.updated_at::timestamptz, l.name_key, l.status, l.source, l.country, l.email, l.phone
     FROM leads l WHERE l.workspace_id = %L%s LIMIT %s', current_setting('app.workspace_id', true), condition, cap);
END $$;
ALTER FUNCTION app_search_leads(jsonb, int) OWNER TO throughline_definer;

-- Words of names in the connection's workspace that look like `wanted`, the most alike first.
CREATE FUNCTION app_similar_name_words(wanted text, cap int) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public SET pg_trgm.similarity_threshold = 0.3 ROWS 20 AS $$
  SELECT word FROM lead_name_words
  WHERE word % wanted AND workspace_id = current_setting('app.workspace_id', true)
  ORDER BY similarity(word, wanted) DESC, word
  LIMIT cap
$$;
ALTER FUNCTION app_similar_name_words(text, int) OWNER TO throughline_definer;

CREATE INDEX import_jobs_running_idx ON import_jobs (workspace_id) WHERE status = 'RUNNING';

CREATE FUNCTION app_workspaces_with_running_imports() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM import_jobs WHERE status = 'RUNNING'
$$;
ALTER FUNCTION app_workspaces_with_running_imports() OWNER TO throughline_definer;

REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO throughline_runtime;
