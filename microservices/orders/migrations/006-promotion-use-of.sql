CREATE INDEX IF NOT EXISTS promotion_use_of ON promotion_use (redeemer);
