-- Amounts are minor units of the payment's currency, sums over its parts: they copy what the movements say, under the row's lock, and the audit compares.
-- The ledger in the wallet is what holds money.
CREATE TABLE IF NOT EXISTS payment (
  id text PRIMARY KEY,
  order_id text,
  cart_id text,
  customer_id text,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  authorized bigint NOT NULL DEFAULT 0,
  captured bigint NOT NULL DEFAULT 0,
  refunded bigint NOT NULL DEFAULT 0,
  disputed bigint NOT NULL DEFAULT 0,
  state text NOT NULL,
  -- False once it has ended without taking money: the order may then be paid by another.
  live boolean NOT NULL DEFAULT true,
  announced boolean NOT NULL DEFAULT false,
  -- Set when the order has ended: whatever is held or taken from then on goes back, under this reference.
  give_back text,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT payment_amounts CHECK (refunded >= 0 AND refunded <= captured AND captured <= authorized AND authorized <= amount),
  CONSTRAINT payment_state CHECK (state IN ('pending', 'processing', 'requires_action', 'authorized', 'partially_captured', 'captured', 'partially_refunded', 'refunded', 'failed', 'voided', 'expired'))
);

CREATE UNIQUE INDEX IF NOT EXISTS payment_of_order ON payment (order_id) WHERE live AND order_id IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS payment_of_cart ON payment (cart_id) WHERE live AND order_id IS NULL;

CREATE INDEX IF NOT EXISTS payment_order ON payment (order_id, id);

CREATE INDEX IF NOT EXISTS payment_customer ON payment (customer_id, id);

CREATE INDEX IF NOT EXISTS payment_open ON payment (expires_at ASC) WHERE state IN ('pending', 'processing', 'requires_action', 'authorized', 'partially_captured', 'failed');

CREATE TABLE IF NOT EXISTS payment_part (
  id text PRIMARY KEY,
  payment_id text NOT NULL,
  position int NOT NULL,
  method text NOT NULL,
  provider text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  authorized bigint NOT NULL DEFAULT 0,
  captured bigint NOT NULL DEFAULT 0,
  refunded bigint NOT NULL DEFAULT 0,
  state text NOT NULL,
  provider_payment_id text,
  action_url text,
  action_secret text,
  failure text,
  card_brand text,
  card_last4 text,
  expires_at timestamptz,
  -- When the provider is asked how the payment stands; null when nothing is awaited.
  check_at timestamptz,
  CONSTRAINT payment_part_amounts CHECK (refunded >= 0 AND refunded <= captured AND captured <= authorized AND authorized <= amount),
  CONSTRAINT payment_part_state CHECK (state IN ('pending', 'authorizing', 'requires_action', 'authorized', 'partially_captured', 'captured', 'failed', 'voided', 'expired'))
);

CREATE INDEX IF NOT EXISTS payment_part_payment ON payment_part (payment_id, position);

CREATE INDEX IF NOT EXISTS payment_part_provider ON payment_part (provider, provider_payment_id) WHERE provider_payment_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS payment_part_check ON payment_part (check_at ASC) WHERE check_at IS NOT NULL;

-- Written before a provider is asked, under whose id it is asked: after a crash the id says what became of it.
CREATE TABLE IF NOT EXISTS operation (
  id text PRIMARY KEY,
  payment_id text NOT NULL,
  part_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('authorize', 'capture', 'void', 'refund')),
  amount bigint NOT NULL CHECK (amount > 0),
  final boolean NOT NULL DEFAULT false,
  reference text,
  reason text,
  token text,
  return_url text,
  cause text,
  request_key text NOT NULL,
  state text NOT NULL CHECK (state IN ('requested', 'waiting', 'succeeded', 'failed')),
  failure text,
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz,
  created_at timestamptz NOT NULL,
  settled_at timestamptz
);

CREATE INDEX IF NOT EXISTS operation_payment ON operation (payment_id, id);

CREATE INDEX IF NOT EXISTS operation_due ON operation (due_at ASC) WHERE state = 'requested';

-- Movements on their way to the ledger.
CREATE TABLE IF NOT EXISTS posting (
  reference text PRIMARY KEY,
  payment_id text,
  transfers jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  posted_at timestamptz
);

CREATE INDEX IF NOT EXISTS posting_due ON posting (due_at ASC) WHERE posted_at IS NULL;

-- The eraser's: which erasures this domain has done and acknowledged.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);

-- Locked while a payment is created, so that an order or cart gets one at a time.
CREATE TABLE IF NOT EXISTS payable (
  reference text PRIMARY KEY
);
