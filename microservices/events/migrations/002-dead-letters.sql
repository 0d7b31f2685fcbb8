-- Dead letters of all topics, as people look at them. The event is JSON text: jsonb refuses what JSON allows (\u0000).
CREATE TABLE IF NOT EXISTS dead_letter (
  id text PRIMARY KEY,
  -- Where the dead letter itself lies: read again after a crash, it is stored once.
  stored_topic text NOT NULL,
  stored_partition bigint NOT NULL,
  stored_offset bigint NOT NULL,
  state text NOT NULL CONSTRAINT dead_letter_state CHECK (state IN ('waiting', 'replayed', 'discarded')),
  consumer text NOT NULL,
  group_name text NOT NULL,
  workflow_id text,
  node text,
  subscription_id text,
  attempts bigint,
  error text NOT NULL,
  event_id text,
  type text,
  subject text,
  number text,
  event text,
  topic text NOT NULL,
  partition_number bigint NOT NULL,
  message_offset bigint NOT NULL,
  replay_of text,
  -- When staff were told; null while they still have to be.
  told_at timestamptz,
  dead_lettered_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS dead_letter_stored ON dead_letter (stored_topic, stored_partition, stored_offset);

CREATE INDEX IF NOT EXISTS dead_letter_workflow ON dead_letter (workflow_id, id);

CREATE INDEX IF NOT EXISTS dead_letter_untold ON dead_letter (id ASC) WHERE told_at IS NULL;

CREATE INDEX IF NOT EXISTS dead_letter_updated ON dead_letter (updated_at ASC);

-- What happened once already (claimOnce).
CREATE TABLE IF NOT EXISTS once (
  key text NOT NULL,
  step text NOT NULL,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (key, step)
);

CREATE INDEX IF NOT EXISTS once_first_at ON once (first_at ASC);

-- Whom staff were told about last: the next message about the same consumer waits a period.
CREATE TABLE IF NOT EXISTS staff_told (
  consumer text PRIMARY KEY,
  told_at timestamptz NOT NULL
);
