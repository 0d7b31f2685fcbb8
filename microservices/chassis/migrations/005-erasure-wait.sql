-- Erasures that this service may not make yet, and why. reported: the reason that customers know. tried_at: when it was last looked at, for fair turns.
CREATE TABLE IF NOT EXISTS erasure_wait (
  customer_id text PRIMARY KEY,
  also_known_as text[] NOT NULL,
  acknowledges boolean NOT NULL,
  reason text NOT NULL,
  reported text,
  tried_at timestamptz NOT NULL
);
