CREATE TABLE IF NOT EXISTS dispute (
  id text PRIMARY KEY,
  provider text NOT NULL,
  provider_dispute_id text NOT NULL,
  payment_id text NOT NULL,
  part_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('needs_response', 'under_review', 'won', 'lost')),
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  reason text NOT NULL,
  evidence text,
  evidence_due_by timestamptz,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS dispute_provider ON dispute (provider, provider_dispute_id);

CREATE INDEX IF NOT EXISTS dispute_payment ON dispute (payment_id, id);

CREATE TABLE IF NOT EXISTS reconciliation (
  id text PRIMARY KEY,
  provider text NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  lines int NOT NULL,
  matched int NOT NULL,
  fees jsonb NOT NULL,
  differences jsonb NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS operation_settled ON operation (settled_at ASC) WHERE state = 'succeeded' AND kind IN ('capture', 'refund');

CREATE TABLE IF NOT EXISTS bank_dispute (
  id text PRIMARY KEY,
  payment_id text NOT NULL,
  amount bigint NOT NULL,
  status text NOT NULL,
  due_by timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS bank_dispute_payment ON bank_dispute (payment_id, id);
