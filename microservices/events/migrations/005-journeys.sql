-- Journeys that are parked until an event comes. Of one step of one journey there is one row, however often the journey is run again.
CREATE TABLE IF NOT EXISTS event_wait (
  id text PRIMARY KEY,
  step text NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('waiting', 'settled', 'resumed', 'failed', 'gone')),
  outcome text CHECK (outcome IN ('came', 'timed_out')),
  event_types jsonb NOT NULL,
  -- The value that the event is about, and the field where it must stand; null for any.
  value text NOT NULL,
  field text,
  filter jsonb,
  -- Earlier events do not count, nor does the one that started the journey.
  since timestamptz NOT NULL,
  not_event_id text,
  event text,
  deadline timestamptz NOT NULL,
  workflow_id text NOT NULL,
  execution_id text NOT NULL,
  node text,
  resume_url text NOT NULL,
  secret text NOT NULL,
  attempts bigint NOT NULL,
  -- How often in a row n8n could not run the execution.
  refusals bigint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  note text,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  updated_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS event_wait_value ON event_wait (value) WHERE state = 'waiting';

CREATE INDEX IF NOT EXISTS event_wait_deadline ON event_wait (deadline ASC) WHERE state = 'waiting';

CREATE INDEX IF NOT EXISTS event_wait_journey ON event_wait (workflow_id, not_event_id);

CREATE INDEX IF NOT EXISTS event_wait_due ON event_wait (next_attempt_at ASC) WHERE state = 'settled';

-- Types that journeys have waited for: their events are kept for a while, for waits that begin later.
CREATE TABLE IF NOT EXISTS watched_type (
  type text PRIMARY KEY,
  -- Since when all events of the type are there; null while nobody has asked for earlier ones.
  kept_since timestamptz,
  last_waited_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS watched_event (
  id text PRIMARY KEY,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  event text NOT NULL
);

CREATE INDEX IF NOT EXISTS watched_event_age ON watched_event (occurred_at ASC);

CREATE TABLE IF NOT EXISTS watched_event_value (
  value text NOT NULL,
  event_id text NOT NULL,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (value, event_id)
);

CREATE INDEX IF NOT EXISTS watched_event_value_age ON watched_event_value (occurred_at ASC);

-- Journeys by their workflow and the event that started them, as triggers report them.
CREATE TABLE IF NOT EXISTS journey_run (
  workflow_id text NOT NULL,
  event_id text NOT NULL,
  workflow_name text NOT NULL,
  event_type text NOT NULL,
  subject text NOT NULL,
  customer_id text,
  state text NOT NULL CHECK (state IN ('started', 'waiting', 'succeeded', 'failed', 'buried')),
  attempts bigint NOT NULL,
  failed_node text,
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  converted_at timestamptz,
  PRIMARY KEY (workflow_id, event_id)
);

CREATE INDEX IF NOT EXISTS journey_run_recent ON journey_run (workflow_id, started_at);

CREATE INDEX IF NOT EXISTS journey_run_subject ON journey_run (subject, started_at);

CREATE INDEX IF NOT EXISTS journey_run_customer ON journey_run (customer_id) WHERE converted_at IS NULL AND customer_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS journey_run_age ON journey_run (updated_at ASC);

-- Uses of a limit. The row of limit_subject is the lock under which they are counted.
CREATE TABLE IF NOT EXISTS limit_subject (
  limit_key text NOT NULL,
  subject text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (limit_key, subject)
);

CREATE INDEX IF NOT EXISTS limit_subject_age ON limit_subject (expires_at ASC);

CREATE TABLE IF NOT EXISTS limit_use (
  limit_key text NOT NULL,
  subject text NOT NULL,
  use_id text NOT NULL,
  allowed boolean NOT NULL,
  used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (limit_key, subject, use_id)
);

CREATE INDEX IF NOT EXISTS limit_use_age ON limit_use (expires_at ASC);

-- The branch of a split that each customer got.
CREATE TABLE IF NOT EXISTS split_assignment (
  split text NOT NULL,
  subject text NOT NULL,
  branch text NOT NULL,
  assigned_at timestamptz NOT NULL,
  converted_at timestamptz,
  PRIMARY KEY (split, subject)
);

CREATE INDEX IF NOT EXISTS split_assignment_subject ON split_assignment (subject) WHERE converted_at IS NULL;
