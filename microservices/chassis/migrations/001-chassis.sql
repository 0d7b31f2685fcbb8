-- Debezium's outbox shape (id, aggregatetype, aggregateid, type, payload), so that Debezium can stand in for our relay.
CREATE TABLE IF NOT EXISTS outbox (
  position bigserial PRIMARY KEY,
  id uuid NOT NULL,
  aggregatetype text NOT NULL,
  aggregateid text NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  sequence bigint NOT NULL,
  correlationid text NOT NULL,
  causationid text,
  traceparent text,
  occurred_at timestamptz NOT NULL
);

-- The last sequence number given per aggregate; its row lock makes appends to one aggregate take turns.
CREATE TABLE IF NOT EXISTS event_sequence (
  aggregateid text PRIMARY KEY,
  last bigint NOT NULL
);

-- Events already acted on, by event id; written in the transaction of their effect.
CREATE TABLE IF NOT EXISTS inbox (
  event_id uuid PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS inbox_received_at ON inbox (received_at ASC);

-- The first answer to an Idempotency-Key, written in the transaction of its effect.
CREATE TABLE IF NOT EXISTS idempotency (
  caller text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  answer jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, key)
);

CREATE INDEX IF NOT EXISTS idempotency_created_at ON idempotency (created_at ASC);

-- Who does what only one process may do at a time (the relay, each periodic job).
CREATE TABLE IF NOT EXISTS lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz NOT NULL
);

-- Who changed what, when and from where: one row per successful command.
CREATE TABLE IF NOT EXISTS audit_log (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  operation text NOT NULL,
  caller text NOT NULL,
  address text,
  correlationid text NOT NULL
);
