-- How often each was changed, so that a change of a version that is no longer there can be refused.
ALTER TABLE variant ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE category ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE attribute ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE family ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;

ALTER TABLE price_list ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1;
