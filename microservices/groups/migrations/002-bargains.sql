CREATE TABLE IF NOT EXISTS bargain_campaign (
  id text PRIMARY KEY,
  name text NOT NULL,
  sku text NOT NULL,
  product_id text NOT NULL,
  currency text NOT NULL CHECK (length(currency) = 3),
  list_price bigint NOT NULL,
  floor_price bigint NOT NULL,
  tax_inclusive boolean NOT NULL,
  cuts int NOT NULL,
  bargain_minutes int NOT NULL,
  bargains_per_customer int NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT bargain_campaign_state CHECK (state IN ('open', 'closed')),
  CONSTRAINT bargain_campaign_has_enough_to_cut CHECK (floor_price > 0 AND list_price - floor_price >= cuts)
);

CREATE INDEX IF NOT EXISTS bargain_campaign_by_sku ON bargain_campaign (sku, id);

-- The price is what the cuts have left of the start price. While it is bought, `order_id` names the order that money and
-- stock are held for.
CREATE TABLE IF NOT EXISTS bargain (
  id text PRIMARY KEY,
  bargain_campaign_id text NOT NULL REFERENCES bargain_campaign (id),
  customer_id text,
  code text NOT NULL UNIQUE,
  seed text NOT NULL,
  sku text NOT NULL,
  currency text NOT NULL,
  start_price bigint NOT NULL,
  floor_price bigint NOT NULL,
  price bigint NOT NULL,
  cuts int NOT NULL,
  cuts_made int NOT NULL DEFAULT 0,
  state text NOT NULL,
  expires_at timestamptz NOT NULL,
  told_expiring boolean NOT NULL DEFAULT false,
  buy_key text,
  order_id text UNIQUE,
  quote_id text,
  hold_id text,
  reservation_id text,
  held bigint,
  paid bigint,
  settle_after timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  CONSTRAINT bargain_state CHECK (state IN ('running', 'won', 'buying', 'paying', 'bought', 'lapsed')),
  CONSTRAINT bargain_price_between CHECK (price BETWEEN floor_price AND start_price),
  CONSTRAINT bargain_never_cut_too_often CHECK (cuts_made BETWEEN 0 AND cuts),
  CONSTRAINT bargain_never_pays_more_than_held CHECK (paid <= held)
);

CREATE INDEX IF NOT EXISTS bargain_of_campaign ON bargain (bargain_campaign_id, id);

CREATE INDEX IF NOT EXISTS bargain_of_customer ON bargain (customer_id, bargain_campaign_id);

CREATE INDEX IF NOT EXISTS bargain_due ON bargain (expires_at ASC) WHERE state IN ('running', 'won');

CREATE INDEX IF NOT EXISTS bargain_to_settle ON bargain (settle_after ASC) WHERE state IN ('buying', 'paying');

CREATE TABLE IF NOT EXISTS bargain_cut (
  bargain_id text NOT NULL REFERENCES bargain (id),
  number int NOT NULL,
  customer_id text,
  amount bigint NOT NULL CHECK (amount > 0),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (bargain_id, number)
);

-- A friend once per bargain.
CREATE UNIQUE INDEX IF NOT EXISTS bargain_cut_once ON bargain_cut (bargain_id, customer_id);

CREATE INDEX IF NOT EXISTS bargain_cut_of_customer ON bargain_cut (customer_id);

-- Orders that did not come about: money and stock that may be held under their ids are let go.
CREATE TABLE IF NOT EXISTS abandoned_order (
  order_id text PRIMARY KEY,
  bargain_id text NOT NULL,
  settle_after timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0
);

CREATE INDEX IF NOT EXISTS abandoned_order_due ON abandoned_order (settle_after ASC);
