-- When a shipment was promised to arrive, and when its lateness was announced.
ALTER TABLE fulfilment ADD COLUMN IF NOT EXISTS promised_by timestamptz;

ALTER TABLE fulfilment ADD COLUMN IF NOT EXISTS late_announced_at timestamptz;

CREATE INDEX IF NOT EXISTS fulfilment_promised ON fulfilment (promised_by ASC)
  WHERE state = 'shipped' AND late_announced_at IS NULL AND promised_by IS NOT NULL;

-- When each customer last ordered, and when it was announced that they have not for long. Who ordered before there was this table is in it from the next order on.
CREATE TABLE IF NOT EXISTS customer_activity (
  customer_id text PRIMARY KEY,
  last_order_id text NOT NULL,
  last_order_at timestamptz NOT NULL,
  inactive_announced_at timestamptz
);

CREATE INDEX IF NOT EXISTS customer_activity_quiet ON customer_activity (last_order_at ASC) WHERE inactive_announced_at IS NULL;

-- The workflow, execution and node that an entry comes from.
ALTER TABLE timeline ADD COLUMN IF NOT EXISTS journey jsonb;
