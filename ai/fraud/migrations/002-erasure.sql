-- Persons that were erased here, until customers know of it. It takes the place of owed_acknowledgement, whose rows the service moves when it starts.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
