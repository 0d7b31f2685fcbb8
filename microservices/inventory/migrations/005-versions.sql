-- How often each was changed, so that a change of a version that is no longer there can be refused.
ALTER TABLE location ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE item ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;
