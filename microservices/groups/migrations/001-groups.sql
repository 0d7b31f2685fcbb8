CREATE TABLE IF NOT EXISTS campaign (
  id text PRIMARY KEY,
  name text NOT NULL,
  sku text NOT NULL,
  product_id text NOT NULL,
  currency text NOT NULL CHECK (length(currency) = 3),
  tiers jsonb NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  team_minutes int NOT NULL,
  stock_cap int,
  seats_per_customer int NOT NULL,
  audience text NOT NULL,
  customer_group text,
  many_teams boolean NOT NULL,
  list_price bigint NOT NULL,
  tax_inclusive boolean NOT NULL,
  state text NOT NULL,
  taken int NOT NULL DEFAULT 0 CHECK (taken >= 0),
  version int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT campaign_state CHECK (state IN ('draft', 'scheduled', 'open', 'paused', 'closed')),
  CONSTRAINT campaign_cap CHECK (stock_cap IS NULL OR taken <= stock_cap)
);

CREATE INDEX IF NOT EXISTS campaign_by_state ON campaign (state, id);

CREATE INDEX IF NOT EXISTS campaign_of_sku ON campaign (sku, state);

CREATE INDEX IF NOT EXISTS campaign_of_product ON campaign (product_id, state);

-- A team keeps the tiers under which it was opened. `taken` counts seats that are claimed or held, `members` those held.
CREATE TABLE IF NOT EXISTS team (
  id text PRIMARY KEY,
  campaign_id text NOT NULL REFERENCES campaign (id),
  code text NOT NULL UNIQUE,
  state text NOT NULL,
  open_to_strangers boolean NOT NULL,
  tiers jsonb NOT NULL,
  currency text NOT NULL,
  size int NOT NULL,
  taken int NOT NULL,
  members int NOT NULL,
  reached_size int NOT NULL,
  leader_id text,
  expires_at timestamptz NOT NULL,
  extended boolean NOT NULL DEFAULT false,
  told_nearly_full boolean NOT NULL DEFAULT false,
  told_expiring boolean NOT NULL DEFAULT false,
  ended_at timestamptz,
  created_at timestamptz NOT NULL,
  CONSTRAINT team_state CHECK (state IN ('open', 'forming', 'complete', 'expired', 'cancelled')),
  CONSTRAINT team_never_above_its_size CHECK (members BETWEEN 0 AND taken AND taken <= size)
);

CREATE INDEX IF NOT EXISTS team_of_campaign ON team (campaign_id, id);

CREATE INDEX IF NOT EXISTS team_with_room ON team (campaign_id, taken DESC, created_at ASC)
  WHERE open_to_strangers AND state IN ('open', 'forming') AND taken < size;

CREATE INDEX IF NOT EXISTS team_due ON team (expires_at ASC) WHERE state IN ('open', 'forming');

CREATE TABLE IF NOT EXISTS seat (
  id text PRIMARY KEY,
  team_id text NOT NULL REFERENCES team (id),
  campaign_id text NOT NULL,
  customer_id text,
  state text NOT NULL,
  end_reason text,
  claim_key text NOT NULL,
  claimed_until timestamptz NOT NULL,
  order_id text NOT NULL UNIQUE,
  quote_id text,
  hold_id text,
  reservation_id text,
  currency text NOT NULL,
  shown_price bigint NOT NULL,
  held bigint,
  price bigint,
  paid bigint,
  settle_after timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  CONSTRAINT seat_state CHECK (state IN ('claimed', 'held', 'won', 'ordered', 'releasing', 'released')),
  CONSTRAINT seat_never_pays_more_than_shown CHECK (price <= shown_price AND paid <= held)
);

CREATE UNIQUE INDEX IF NOT EXISTS seat_once_in_team ON seat (team_id, customer_id)
  WHERE state IN ('claimed', 'held', 'won', 'ordered');

CREATE UNIQUE INDEX IF NOT EXISTS seat_of_claim ON seat (claim_key) WHERE state = 'claimed';

CREATE INDEX IF NOT EXISTS seat_of_team ON seat (team_id, created_at);

CREATE INDEX IF NOT EXISTS seat_of_customer ON seat (customer_id, campaign_id);

CREATE INDEX IF NOT EXISTS seat_to_settle ON seat (settle_after ASC) WHERE state IN ('won', 'releasing');

CREATE INDEX IF NOT EXISTS seat_claimed ON seat (claimed_until ASC) WHERE state = 'claimed';

-- The eraser's: which erasures this domain has done and acknowledged.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
