-- A cart is one row, its lines inside: it is read and written as a whole.
CREATE TABLE IF NOT EXISTS cart (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('open', 'ordered', 'merged')),
  customer_id text,
  currency text NOT NULL CHECK (length(currency) = 3),
  country text,
  email text,
  lines jsonb NOT NULL,
  coupon_code text,
  subtotal bigint NOT NULL CHECK (subtotal >= 0),
  prices_as_of timestamptz NOT NULL,
  merged_into text,
  order_id text,
  revision int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  abandoned_at timestamptz
);

CREATE INDEX IF NOT EXISTS cart_of_customer ON cart (customer_id, updated_at);

CREATE INDEX IF NOT EXISTS cart_by_change ON cart (state, updated_at);

-- A quote never changes but for the order it becomes: that column is what makes it at most one order.
CREATE TABLE IF NOT EXISTS quote (
  id text PRIMARY KEY,
  customer_id text,
  cart_id text,
  cart_revision int,
  document jsonb NOT NULL,
  order_id text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS quote_by_expiry ON quote (expires_at ASC);

CREATE INDEX IF NOT EXISTS quote_of_customer ON quote (customer_id);

-- Readable order numbers: rising, with gaps.
CREATE SEQUENCE IF NOT EXISTS order_number START 100001;

CREATE TABLE IF NOT EXISTS orders (
  id text PRIMARY KEY,
  number text NOT NULL UNIQUE,
  state text NOT NULL,
  payment_state text NOT NULL,
  allocation_state text NOT NULL,
  customer_id text,
  email text,
  recipient text,
  currency text NOT NULL CHECK (length(currency) = 3),
  items bigint NOT NULL CHECK (items >= 0),
  discount bigint NOT NULL CHECK (discount >= 0),
  shipping bigint NOT NULL CHECK (shipping >= 0),
  tax bigint NOT NULL CHECK (tax >= 0),
  grand_total bigint NOT NULL CHECK (grand_total >= 0),
  authorized bigint NOT NULL CHECK (authorized >= 0),
  captured bigint NOT NULL CHECK (captured >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  payment_failed boolean NOT NULL,
  payment_method text NOT NULL,
  details jsonb NOT NULL,
  shipping_address jsonb,
  billing_address jsonb,
  quote_id text NOT NULL UNIQUE,
  cart_id text,
  reservation_id text,
  hold_id text,
  note text,
  metadata jsonb NOT NULL,
  state_reason text,
  secret text,
  line_count int NOT NULL,
  revision int NOT NULL,
  allocated_at timestamptz,
  paid_at timestamptz,
  placed_at timestamptz NOT NULL,
  state_since timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT orders_total CHECK (grand_total = items - discount + shipping + tax)
);

CREATE INDEX IF NOT EXISTS orders_by_time ON orders (placed_at ASC, id);

CREATE INDEX IF NOT EXISTS orders_of_customer ON orders (customer_id, placed_at, id);

CREATE INDEX IF NOT EXISTS orders_by_state ON orders (state, state_since);

CREATE INDEX IF NOT EXISTS orders_by_email ON orders (email text_pattern_ops ASC);

CREATE TABLE IF NOT EXISTS order_line (
  order_id text NOT NULL REFERENCES orders (id),
  line_id text NOT NULL,
  position int NOT NULL,
  sku text NOT NULL,
  quantity int NOT NULL CHECK (quantity > 0),
  net bigint NOT NULL,
  discount bigint NOT NULL,
  tax bigint NOT NULL,
  total bigint NOT NULL CHECK (total >= 0),
  shipped int NOT NULL DEFAULT 0,
  refunded bigint NOT NULL DEFAULT 0,
  refunded_quantity int NOT NULL DEFAULT 0,
  details jsonb NOT NULL,
  PRIMARY KEY (order_id, line_id),
  CONSTRAINT order_line_total CHECK (total = net - discount + tax),
  CONSTRAINT order_line_shipped CHECK (shipped BETWEEN 0 AND quantity),
  CONSTRAINT order_line_refunded CHECK (refunded BETWEEN 0 AND total)
);

CREATE INDEX IF NOT EXISTS order_line_by_sku ON order_line (sku, order_id);

-- What is known of an order's payments, by hold; cash has the hold id 'cash'.
CREATE TABLE IF NOT EXISTS order_hold (
  order_id text NOT NULL REFERENCES orders (id),
  hold_id text NOT NULL,
  state text NOT NULL,
  authorized bigint NOT NULL,
  captured bigint NOT NULL,
  PRIMARY KEY (order_id, hold_id)
);

CREATE TABLE IF NOT EXISTS order_reservation (
  order_id text NOT NULL REFERENCES orders (id),
  reservation_id text NOT NULL,
  state text NOT NULL,
  PRIMARY KEY (order_id, reservation_id)
);

CREATE TABLE IF NOT EXISTS fulfilment (
  id text PRIMARY KEY,
  order_id text NOT NULL REFERENCES orders (id),
  state text NOT NULL,
  lines jsonb NOT NULL,
  carrier text,
  tracking_number text,
  tracking_url text,
  location_id text,
  shipped_at timestamptz NOT NULL,
  delivered_at timestamptz
);

CREATE INDEX IF NOT EXISTS fulfilment_of_order ON fulfilment (order_id);

CREATE TABLE IF NOT EXISTS refund (
  id text PRIMARY KEY,
  order_id text NOT NULL REFERENCES orders (id),
  hold_id text,
  state text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  shipping bigint NOT NULL CHECK (shipping >= 0),
  lines jsonb NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  settled_at timestamptz
);

CREATE INDEX IF NOT EXISTS refund_of_order ON refund (order_id);

-- Every change of state and movement of money; entries are never changed, so that the state can be explained from them.
CREATE TABLE IF NOT EXISTS timeline (
  order_id text NOT NULL REFERENCES orders (id),
  position int NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  from_state text,
  to_state text,
  actor text NOT NULL,
  reason text,
  amount bigint,
  reference text,
  visible boolean NOT NULL,
  PRIMARY KEY (order_id, position)
);

CREATE TABLE IF NOT EXISTS promotion (
  id text PRIMARY KEY,
  code text NOT NULL UNIQUE,
  title text NOT NULL,
  kind text NOT NULL,
  percentage int,
  amount bigint,
  currency text,
  minimum_spend bigint,
  skus jsonb NOT NULL,
  starts_at timestamptz,
  ends_at timestamptz,
  usage_limit int,
  usage_limit_per_customer int,
  active boolean NOT NULL,
  used int NOT NULL CHECK (used >= 0),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS promotion_use (
  promotion_id text NOT NULL,
  redeemer text NOT NULL,
  used int NOT NULL CHECK (used >= 0),
  PRIMARY KEY (promotion_id, redeemer)
);

CREATE TABLE IF NOT EXISTS promotion_redemption (
  order_id text NOT NULL,
  promotion_id text NOT NULL,
  redeemer text NOT NULL,
  PRIMARY KEY (order_id, promotion_id)
);

CREATE INDEX IF NOT EXISTS promotion_redemption_of ON promotion_redemption (promotion_id);

CREATE TABLE IF NOT EXISTS shipping_method (
  code text NOT NULL,
  currency text NOT NULL,
  title text NOT NULL,
  tax_inclusive boolean NOT NULL,
  tax_category text NOT NULL,
  rates jsonb NOT NULL,
  active boolean NOT NULL,
  PRIMARY KEY (code, currency)
);

CREATE TABLE IF NOT EXISTS tax_rate (
  country text NOT NULL,
  category text NOT NULL,
  rate int NOT NULL CHECK (rate BETWEEN 0 AND 10000),
  title text,
  PRIMARY KEY (country, category)
);

-- Persons that asked to be forgotten, until customers knows that we did.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
