-- The test bank stands in for a payment provider: these tables are its own, and nothing but psp/test-bank reads them.
CREATE TABLE IF NOT EXISTS bank_payment (
  id text PRIMARY KEY,
  key text NOT NULL,
  secret text NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  behaviour text,
  brand text,
  last4 text,
  captured bigint NOT NULL DEFAULT 0,
  refunded bigint NOT NULL DEFAULT 0,
  failure text,
  return_url text,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS bank_payment_key ON bank_payment (key);

CREATE TABLE IF NOT EXISTS bank_movement (
  key text PRIMARY KEY,
  payment_id text NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL,
  status text NOT NULL,
  failure text,
  at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS bank_movement_payment ON bank_movement (payment_id, key);

CREATE TABLE IF NOT EXISTS bank_notice (
  id text PRIMARY KEY,
  payment_id text NOT NULL,
  what text NOT NULL,
  deliveries int NOT NULL,
  due_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS bank_notice_due ON bank_notice (due_at ASC) WHERE deliveries > 0;

-- Notices of providers that were taken in: a second delivery changes nothing.
CREATE TABLE IF NOT EXISTS notice (
  provider text NOT NULL,
  notice_id text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (provider, notice_id)
);
