-- Why a service that was asked cannot erase yet, in its own words.
ALTER TABLE erasure_acknowledgement ADD COLUMN IF NOT EXISTS waits_because text;
