-- Who published a version, as they were called then; null for our own work and for versions from before.
ALTER TABLE sequence_versions ADD COLUMN published_by_name text;
