-- Customers that this domain writes about, locked by whoever does. Once ended (erased, merged into another) nothing more is written.
CREATE TABLE IF NOT EXISTS person (
  customer_id text PRIMARY KEY,
  ended_at timestamptz
);
