-- counted_on: the day whose spending the hold was counted in, so that giving it up on that day counts it back.
-- bucket spreads the queue of holds that run out.
CREATE TABLE IF NOT EXISTS hold (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  owner_id text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  captured bigint NOT NULL DEFAULT 0,
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  state text NOT NULL CHECK (state IN ('authorized', 'partially_captured', 'captured', 'voided', 'expired')),
  reference text NOT NULL,
  counted_on date NOT NULL,
  bucket smallint NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT hold_captured CHECK (captured <= amount),
  CONSTRAINT hold_refunded CHECK (refunded <= captured)
);

CREATE INDEX IF NOT EXISTS hold_reference ON hold (reference);

CREATE INDEX IF NOT EXISTS hold_owner ON hold (owner_id, id);

CREATE INDEX IF NOT EXISTS hold_due ON hold (bucket, expires_at) WHERE state IN ('authorized', 'partially_captured');

-- What holds pay for. Authorizing a hold and closing its reference (the order was cancelled) both write this row, so that they take
-- turns and no hold appears for an order that is gone.
CREATE TABLE IF NOT EXISTS payment_reference (
  reference text PRIMARY KEY,
  used_at timestamptz NOT NULL,
  closed_at timestamptz
);
