-- Whom the use of a promotion counts for: the customer, and hashes of the e-mail addresses that are known.
ALTER TABLE quote ADD COLUMN IF NOT EXISTS redeemers jsonb NOT NULL DEFAULT '[]'::jsonb;

-- Orders of before have one redeemer, in its own column.
ALTER TABLE promotion_redemption ADD COLUMN IF NOT EXISTS redeemers jsonb NOT NULL DEFAULT '[]'::jsonb;

ALTER TABLE promotion_redemption ALTER COLUMN redeemer DROP NOT NULL;

-- The recipient's name as it is searched. A job fills it in for orders of before.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS recipient_folded text;

CREATE INDEX IF NOT EXISTS orders_to_fold ON orders (id) WHERE recipient_folded IS NULL AND recipient IS NOT NULL;
