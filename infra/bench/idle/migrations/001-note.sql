CREATE TABLE IF NOT EXISTS note (
  id text PRIMARY KEY,
  text text NOT NULL,
  order_id text,
  expires_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS note_expires_at ON note (expires_at ASC);
