-- Whoever was erased before there were scores, or before their first, is in the list by scores too, as one of nothing.
INSERT INTO lead_scores (lead_id, workspace_id, lead_created_at)
SELECT id, workspace_id, created_at FROM leads
ON CONFLICT (lead_id) DO NOTHING;

-- An erased lead holds nobody's data, whatever writes to it. A change that had waited for the erasure to end could write the address back.
DELETE FROM lead_identities i USING leads l WHERE l.id = i.lead_id AND l.erased_at IS NOT NULL;
UPDATE leads SET external_id = NULL, first_name = '', last_name = '', full_name = NULL, phone = NULL, email = NULL, linkedin = NULL,
  company = NULL, job_title = NULL, website = NULL, region = NULL, meta = '{}', notes = NULL, name_key = '', search_text = ''
WHERE erased_at IS NOT NULL;
ALTER TABLE leads ADD CONSTRAINT leads_erased_check CHECK (erased_at IS NULL OR (
  external_id IS NULL AND first_name = '' AND last_name = '' AND full_name IS NULL AND phone IS NULL AND email IS NULL AND linkedin IS NULL
  AND company IS NULL AND job_title IS NULL AND website IS NULL AND region IS NULL AND meta = '{}' AND notes IS NULL
  AND name_key = '' AND search_text = ''));

-- Somebody was erased while the request was under way: its answer may speak of them, and is not kept.
ALTER TABLE idempotency_keys ADD COLUMN is_forgotten boolean NOT NULL DEFAULT false;
