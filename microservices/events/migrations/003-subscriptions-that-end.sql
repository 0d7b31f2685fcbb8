-- When a subscription ends by itself, for tests of a receiver; null for those that do not.
ALTER TABLE event_subscription ADD COLUMN IF NOT EXISTS ends_at timestamptz;

-- After so many days of pause it is deleted; null for those that wait for ever.
ALTER TABLE event_subscription ADD COLUMN IF NOT EXISTS delete_when_paused_days bigint;
