-- Rules of the shop for levels without such of their own: one row, once they were set.
CREATE TABLE IF NOT EXISTS stock_defaults (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  low_stock_threshold bigint CHECK (low_stock_threshold >= 0),
  revision bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Revision of the defaults that a level's threshold is from; NULL where it has its own. A job brings levels of an older revision up to date; those of
-- revision 0 that have a threshold got it before there were defaults, and so it is their own.
ALTER TABLE level ADD COLUMN IF NOT EXISTS defaults_revision bigint DEFAULT 0;

CREATE INDEX IF NOT EXISTS level_defaults ON level (defaults_revision ASC);
