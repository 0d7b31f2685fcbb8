-- One posting of clearing transfers for each reference, however often it is asked for.
CREATE TABLE IF NOT EXISTS clearing_posting (
  reference text PRIMARY KEY,
  linked_id text NOT NULL,
  at timestamptz NOT NULL
);

ALTER TABLE transfer ADD CONSTRAINT transfer_kind_3 CHECK (kind IN ('top_up', 'payout', 'transfer', 'capture', 'refund', 'write_off', 'credit', 'credit_expired', 'clearing'));

ALTER TABLE transfer DROP CONSTRAINT IF EXISTS transfer_kind_2;
