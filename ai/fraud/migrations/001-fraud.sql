-- What happened, as other domains told it: one row per event, keyed by when it happened and not by when we heard of it, so that what an order's past
-- looks like does not depend on the order of arrival.
CREATE TABLE IF NOT EXISTS fact (
  event_id uuid PRIMARY KEY,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  customer_id text,
  order_id text,
  amount bigint,
  currency text,
  country text,
  payment_method text,
  largest_quantity int
);

CREATE INDEX IF NOT EXISTS fact_customer ON fact (customer_id, at) WHERE customer_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS fact_placed ON fact (order_id) WHERE kind = 'order_placed';

CREATE INDEX IF NOT EXISTS fact_at ON fact (at ASC);

-- Customers that were merged: what belonged to merged_id belongs to customer_id from then on.
CREATE TABLE IF NOT EXISTS alias (
  merged_id text PRIMARY KEY,
  customer_id text NOT NULL,
  at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS alias_customer ON alias (customer_id);

-- The shop's orders per currency and UTC day (days since 1970). Sums, so that late orders only add to their day. double precision: a sum of many
-- amounts may exceed what fits a JavaScript integer, and a mean needs no more.
CREATE TABLE IF NOT EXISTS shop_day (
  currency text NOT NULL,
  day int NOT NULL,
  orders bigint NOT NULL,
  amount double precision NOT NULL,
  PRIMARY KEY (currency, day)
);

-- Which devices and addresses orders came through, as keyed hashes; the key lies in secret.
CREATE TABLE IF NOT EXISTS sighting (
  entity text NOT NULL,
  hash text NOT NULL,
  order_id text NOT NULL,
  customer_id text,
  at timestamptz NOT NULL,
  PRIMARY KEY (entity, hash, order_id)
);

CREATE INDEX IF NOT EXISTS sighting_window ON sighting (entity, hash, at);

CREATE INDEX IF NOT EXISTS sighting_customer ON sighting (customer_id) WHERE customer_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS sighting_at ON sighting (at ASC);

CREATE TABLE IF NOT EXISTS secret (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- Labels are never changed: the latest stands, and the earlier ones say what was known when.
CREATE TABLE IF NOT EXISTS label (
  id uuid PRIMARY KEY,
  order_id text NOT NULL,
  label text NOT NULL CHECK (label IN ('fraud', 'legitimate')),
  source text NOT NULL,
  labelled_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS label_order ON label (order_id, labelled_at);

-- One row per decision. answer_key makes a repeat of the same question find the first answer.
CREATE TABLE IF NOT EXISTS score (
  id text PRIMARY KEY,
  answer_key text NOT NULL,
  order_id text NOT NULL,
  customer_id text,
  amount bigint,
  currency text,
  score double precision NOT NULL CHECK (score >= 0 AND score <= 1),
  decision text NOT NULL CHECK (decision IN ('approve', 'review', 'reject')),
  base_log_odds double precision NOT NULL,
  reasons jsonb NOT NULL,
  features jsonb NOT NULL,
  thresholds jsonb NOT NULL,
  model_version text NOT NULL,
  policy_version int NOT NULL,
  degraded boolean NOT NULL,
  latency_ms double precision NOT NULL,
  scored_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS score_answer_key ON score (answer_key);

CREATE INDEX IF NOT EXISTS score_order ON score (order_id, id);

CREATE INDEX IF NOT EXISTS score_customer ON score (customer_id, id) WHERE customer_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS score_at ON score (scored_at ASC);

-- One review per order, whatever is asked about it how often.
CREATE TABLE IF NOT EXISTS review (
  id text PRIMARY KEY,
  order_id text NOT NULL,
  score_id text NOT NULL,
  customer_id text,
  state text NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'expired')),
  opened_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by text,
  reason text
);

CREATE UNIQUE INDEX IF NOT EXISTS review_order ON review (order_id);

CREATE INDEX IF NOT EXISTS review_state ON review (state, id);

CREATE INDEX IF NOT EXISTS review_due ON review (expires_at ASC) WHERE state = 'open';

-- The costs that thresholds follow from; versions are kept, the newest holds.
CREATE TABLE IF NOT EXISTS policy (
  version int PRIMARY KEY,
  costs jsonb NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Erasures that customers still have to be told of.
CREATE TABLE IF NOT EXISTS owed_acknowledgement (
  customer_id text PRIMARY KEY
);
