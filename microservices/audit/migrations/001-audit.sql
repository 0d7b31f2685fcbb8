-- The trail: entries in the order in which they were recorded, each sealed with the hash of the one before.
CREATE TABLE IF NOT EXISTS audit_entry (
  position bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  operation text NOT NULL,
  caller text NOT NULL,
  name text,
  guest boolean NOT NULL,
  resource text,
  workflow_id text,
  execution_id text,
  node text,
  refusal text,
  correlation_id text NOT NULL,
  -- What an erasure empties. The digest stays: the hash covers it in place of these three.
  address text,
  user_agent text,
  salt text,
  personal_digest text,
  hash text NOT NULL
);

CREATE INDEX IF NOT EXISTS audit_entry_caller ON audit_entry (caller, position);

CREATE INDEX IF NOT EXISTS audit_entry_resource ON audit_entry (resource, position) WHERE resource IS NOT NULL;

CREATE INDEX IF NOT EXISTS audit_entry_workflow ON audit_entry (workflow_id, position) WHERE workflow_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS audit_entry_correlation ON audit_entry (correlation_id, position);

CREATE INDEX IF NOT EXISTS audit_entry_at ON audit_entry (at ASC);

-- One row: where the trail begins and ends, and what the last check said. Whoever appends locks it.
CREATE TABLE IF NOT EXISTS audit_trail (
  id int PRIMARY KEY,
  start_position bigint NOT NULL,
  start_hash text NOT NULL,
  head_position bigint NOT NULL,
  head_hash text NOT NULL,
  checked_at timestamptz,
  broken_position bigint,
  broken_because text
);

-- The head of the trail at a moment, as it was published.
CREATE TABLE IF NOT EXISTS audit_anchor (
  position bigint PRIMARY KEY,
  hash text NOT NULL,
  anchored_at timestamptz NOT NULL
);

-- The eraser's: which erasures this domain has done and acknowledged.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
