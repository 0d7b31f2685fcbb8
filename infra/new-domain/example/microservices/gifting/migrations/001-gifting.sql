CREATE TABLE IF NOT EXISTS gift_note (
  id text PRIMARY KEY,
  customer_id text NOT NULL,
  message text NOT NULL,
  state text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT gift_note_state CHECK (state IN ('draft', 'sent', 'expired'))
);

CREATE INDEX IF NOT EXISTS gift_note_customer ON gift_note (customer_id, id);

CREATE INDEX IF NOT EXISTS gift_note_due ON gift_note (expires_at ASC) WHERE state = 'draft';

-- The eraser's: which erasures this domain has done and acknowledged.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
