-- Who gets which events where. The secret signs deliveries, so it is kept as it is; it is answered once and never listed.
CREATE TABLE IF NOT EXISTS event_subscription (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('active', 'failing', 'paused')),
  paused_because text CHECK (paused_because IN ('requested', 'gone', 'address_not_allowed')),
  url text NOT NULL,
  event_types jsonb NOT NULL,
  filter jsonb,
  start_from text NOT NULL CHECK (start_from IN ('latest', 'earliest', 'timestamp')),
  start_at timestamptz,
  -- Per topic and partition, where to begin while the consumer group has no position of its own.
  start_offsets jsonb NOT NULL,
  max_in_flight bigint NOT NULL,
  max_attempts bigint NOT NULL,
  deadline_seconds bigint NOT NULL,
  external_id text,
  secret text NOT NULL,
  previous_secret text,
  previous_ends_at timestamptz,
  -- Counts changes that a running delivery must take over.
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS event_subscription_external ON event_subscription (external_id) WHERE external_id IS NOT NULL;

-- Deliveries that did not succeed at once, and what became of them.
CREATE TABLE IF NOT EXISTS delivery (
  subscription_id text NOT NULL,
  topic text NOT NULL,
  partition_number bigint NOT NULL,
  message_offset bigint NOT NULL,
  id text NOT NULL,
  event_id text NOT NULL,
  type text,
  subject text,
  state text NOT NULL CHECK (state IN ('retrying', 'delivered', 'dead_lettered')),
  attempts bigint NOT NULL,
  status bigint,
  error text,
  first_failed_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (subscription_id, topic, partition_number, message_offset)
);

CREATE INDEX IF NOT EXISTS delivery_newest ON delivery (subscription_id, id);

-- The latest real event of each type, as JSON text: jsonb refuses what JSON allows (\u0000).
CREATE TABLE IF NOT EXISTS latest_event (
  type text PRIMARY KEY,
  event text NOT NULL,
  occurred_at timestamptz NOT NULL
);
