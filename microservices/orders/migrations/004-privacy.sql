-- When what told who ordered was erased.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS erased_at timestamptz;

CREATE INDEX IF NOT EXISTS cart_of_guest ON cart (email) WHERE customer_id IS NULL AND email IS NOT NULL;

-- Name and address of the invoices of erased persons, which tax law wants kept for some years. Read with a scope of its own only.
CREATE TABLE IF NOT EXISTS retained_invoice (
  order_id text PRIMARY KEY REFERENCES orders (id),
  address jsonb NOT NULL,
  placed_at timestamptz NOT NULL,
  keep_until timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS retained_invoice_keep_until ON retained_invoice (keep_until ASC, order_id);
