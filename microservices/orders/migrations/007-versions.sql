-- How often it was changed, so that a change of a version that is no longer there can be refused.
ALTER TABLE promotion ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE shipping_method ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;
