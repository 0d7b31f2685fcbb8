-- Units that were cancelled after others of the order had been shipped.
ALTER TABLE order_line ADD COLUMN IF NOT EXISTS cancelled int NOT NULL DEFAULT 0 CHECK (cancelled >= 0);

-- What those units cost: it is not to be paid any more, or was refunded.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS cancelled bigint NOT NULL DEFAULT 0 CHECK (cancelled >= 0);

CREATE SEQUENCE IF NOT EXISTS credit_note_number START 100001;

-- The credit note: its number, and the tax in the amount by rate. Refunds of before have none.
ALTER TABLE refund ADD COLUMN IF NOT EXISTS number text;

ALTER TABLE refund ADD COLUMN IF NOT EXISTS taxes jsonb;
