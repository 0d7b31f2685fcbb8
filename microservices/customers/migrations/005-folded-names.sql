-- The name as it is searched; a job folds those of before, because text is folded in TypeScript.
ALTER TABLE customer ADD COLUMN IF NOT EXISTS name_folded text;

CREATE INDEX IF NOT EXISTS customer_to_fold ON customer (id) WHERE name_folded IS NULL AND name IS NOT NULL;
