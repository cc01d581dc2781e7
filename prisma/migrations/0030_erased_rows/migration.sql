-- By what other systems called somebody who was erased: a row of a file that was uploaded before is known by it where its addresses say nothing, or
-- only that the person had the same telephone.
ALTER TABLE lead_erasures ADD COLUMN row_keys JSONB NOT NULL DEFAULT '[]';
