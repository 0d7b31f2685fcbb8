-- How often each was changed, so that a change of a version that is no longer there can be refused.
ALTER TABLE customer ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE address ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE customer_group ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;
