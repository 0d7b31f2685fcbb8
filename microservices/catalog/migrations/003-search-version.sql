-- By which rules a search document was written: those of earlier rules are written again by a job, because text is folded in TypeScript.
ALTER TABLE product ADD COLUMN IF NOT EXISTS search_version int NOT NULL DEFAULT 1;
