-- Texts as they were when they were sent; links that say when they are followed, and what was opened and clicked.

-- A text as it once stood. Kept when its script is deleted: what was sent with it points here, by a column without a foreign key, because no
-- version is ever deleted and a touch would be checked for it twice on its way out.
CREATE TABLE script_versions (
  id text NOT NULL,
  workspace_id text NOT NULL,
  script_id text,
  number int NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  subject text,
  preheader text,
  content text,
  format text NOT NULL,
  vapi_config jsonb,
  restored_from int,
  actor_kind text NOT NULL,
  actor_id text,
  actor_name text,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT script_versions_pkey PRIMARY KEY (id),
  CONSTRAINT script_versions_script_id_fkey FOREIGN KEY (script_id) REFERENCES scripts (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX script_versions_script_id_number_key ON script_versions (script_id, number);
ALTER TABLE script_versions ADD CONSTRAINT script_versions_type_check CHECK (type IN ('CALL', 'SMS', 'EMAIL'));
ALTER TABLE script_versions ADD CONSTRAINT script_versions_format_check CHECK (format IN ('markdown', 'html'));
ALTER TABLE script_versions ADD CONSTRAINT script_versions_number_check CHECK (number > 0);
ALTER TABLE script_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE script_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON script_versions TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));
-- A version is what was said; it is not changed and not taken back.
REVOKE UPDATE, DELETE, TRUNCATE ON script_versions FROM throughline_runtime;

ALTER TABLE scripts ADD COLUMN version_id text;
ALTER TABLE messages ADD COLUMN script_version_id text, ADD COLUMN opened_at timestamptz(3), ADD COLUMN clicked_at timestamptz(3);
ALTER TABLE contact_attempts ADD COLUMN script_version_id text;

-- Scripts of before begin with their text of today; what was sent before today names none.
INSERT INTO script_versions (id, workspace_id, script_id, number, name, type, subject, preheader, content, format, vapi_config, actor_kind, created_at)
SELECT 'scrv_' || substr(id, 5), workspace_id, id, 1, name, type, subject, preheader, content, format, vapi_config, 'system', updated_at FROM scripts;
UPDATE scripts SET version_id = 'scrv_' || substr(id, 5);

-- Opens and clicks, a machine's among them: those have a reason why they are taken for one. No address of a computer is kept: it names a
-- person, and nothing here is decided by it.
CREATE TABLE engagements (
  id text NOT NULL,
  workspace_id text NOT NULL,
  message_id text NOT NULL,
  kind text NOT NULL,
  at timestamptz(3) NOT NULL,
  url text,
  source text NOT NULL,
  bot_reason text,
  user_agent text,
  judged_at timestamptz(3),
  CONSTRAINT engagements_pkey PRIMARY KEY (id),
  CONSTRAINT engagements_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages (id) ON DELETE CASCADE ON UPDATE CASCADE
);
-- Those that nobody has looked at: a burst is told from a person only once it is over.
CREATE INDEX engagements_unjudged_idx ON engagements (workspace_id, at) WHERE judged_at IS NULL;
CREATE INDEX engagements_message_id_at_id_idx ON engagements (message_id, at, id);
ALTER TABLE engagements ADD CONSTRAINT engagements_kind_check CHECK (kind IN ('OPEN', 'CLICK'));
ALTER TABLE engagements ADD CONSTRAINT engagements_bot_reason_check CHECK (bot_reason IN ('head_request', 'prefetch', 'scanner', 'datacenter', 'too_soon', 'burst', 'vendor_says'));
ALTER TABLE engagements ENABLE ROW LEVEL SECURITY;
ALTER TABLE engagements FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON engagements TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Short links of texts; those of mails carry all that they say in themselves. A link outlives its message: whoever still has the text follows it.
CREATE TABLE tracked_links (
  token text NOT NULL,
  workspace_id text NOT NULL,
  message_id text,
  url text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT tracked_links_pkey PRIMARY KEY (token),
  CONSTRAINT tracked_links_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX tracked_links_message_id_idx ON tracked_links (message_id);
ALTER TABLE tracked_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracked_links FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_only ON tracked_links TO throughline_runtime USING (workspace_id = current_setting('app.workspace_id', true)) WITH CHECK (workspace_id = current_setting('app.workspace_id', true));

-- Where a short link leads, whosever it is: who follows it names no workspace.
GRANT CREATE ON SCHEMA public TO throughline_definer;
GRANT SELECT ON tracked_links, engagements TO throughline_definer;
CREATE POLICY definer_reads ON tracked_links FOR SELECT TO throughline_definer USING (true);
CREATE POLICY definer_reads ON engagements FOR SELECT TO throughline_definer USING (true);
CREATE FUNCTION app_find_link(named text) RETURNS TABLE (workspace_id text, message_id text, url text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT l.workspace_id, l.message_id, l.url FROM tracked_links l WHERE l.token = named
$$;
ALTER FUNCTION app_find_link(text) OWNER TO throughline_definer;
CREATE FUNCTION app_workspaces_with_unjudged_engagements(until timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT DISTINCT workspace_id FROM engagements WHERE judged_at IS NULL AND at <= until
$$;
ALTER FUNCTION app_workspaces_with_unjudged_engagements(timestamptz) OWNER TO throughline_definer;
REVOKE CREATE ON SCHEMA public FROM throughline_definer;
GRANT EXECUTE ON FUNCTION app_find_link(text), app_workspaces_with_unjudged_engagements(timestamptz) TO throughline_runtime;

-- Whether opens and clicks are noted, and on which host of the workspace's own; without one, on the server's.
ALTER TABLE workspace_settings ADD COLUMN track_opens boolean NOT NULL DEFAULT false;
ALTER TABLE workspace_settings ADD COLUMN track_clicks boolean NOT NULL DEFAULT false;
ALTER TABLE workspace_settings ADD COLUMN tracking_host text NOT NULL DEFAULT '';
