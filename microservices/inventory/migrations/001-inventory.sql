CREATE TABLE IF NOT EXISTS location (
  id text PRIMARY KEY,
  code text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('warehouse', 'store', 'dark_store', 'supplier')),
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  city text,
  priority int NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX IF NOT EXISTS location_code ON location (code);

CREATE TABLE IF NOT EXISTS item (
  sku text PRIMARY KEY,
  name text,
  barcode text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS item_barcode ON item (barcode);

-- What is where. The last check is the platform's promise that nothing is sold twice: whatever the code above it does,
-- a level without backorder can never promise more than it holds. No index may cover on_hand or reserved: updates of a
-- hot row stay cheap only while no index has to follow them.
CREATE TABLE IF NOT EXISTS level (
  sku text NOT NULL,
  location_id text NOT NULL REFERENCES location (id),
  on_hand bigint NOT NULL DEFAULT 0,
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  incoming bigint NOT NULL DEFAULT 0 CHECK (incoming >= 0),
  safety bigint NOT NULL DEFAULT 0 CHECK (safety >= 0),
  backorderable boolean NOT NULL DEFAULT false,
  backorder_limit bigint CHECK (backorder_limit >= 0),
  low_stock_threshold bigint CHECK (low_stock_threshold >= 0),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sku, location_id),
  CONSTRAINT level_not_oversold CHECK (backorderable OR on_hand >= reserved)
);

CREATE INDEX IF NOT EXISTS level_location ON level (location_id, sku);

-- bucket spreads the expiry queue, so that its index has no single hot end on a cluster.
CREATE TABLE IF NOT EXISTS reservation (
  id text PRIMARY KEY,
  owner_id text NOT NULL CHECK (owner_id <> ''),
  state text NOT NULL CHECK (state IN ('reserved', 'committed', 'released', 'expired')),
  missing jsonb NOT NULL,
  bucket smallint NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  CHECK ((state = 'reserved') = (settled_at IS NULL))
);

CREATE INDEX IF NOT EXISTS reservation_owner ON reservation (owner_id);

CREATE INDEX IF NOT EXISTS reservation_due ON reservation (bucket, expires_at) WHERE state = 'reserved';

CREATE TABLE IF NOT EXISTS reservation_line (
  reservation_id text NOT NULL REFERENCES reservation (id),
  sku text NOT NULL,
  location_id text NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0),
  backordered bigint NOT NULL CHECK (backordered BETWEEN 0 AND quantity),
  returned bigint NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND quantity),
  PRIMARY KEY (reservation_id, sku, location_id)
);

CREATE INDEX IF NOT EXISTS reservation_line_level ON reservation_line (sku, location_id);

-- The ledger: rows are only ever added.
CREATE TABLE IF NOT EXISTS movement (
  id text PRIMARY KEY,
  sku text NOT NULL,
  location_id text NOT NULL,
  kind text NOT NULL,
  change bigint NOT NULL,
  on_hand_after bigint NOT NULL,
  cause_id text,
  reason text,
  actor text NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS movement_level ON movement (sku, location_id, id);

CREATE INDEX IF NOT EXISTS movement_cause ON movement (cause_id);

CREATE TABLE IF NOT EXISTS transfer (
  id text PRIMARY KEY,
  from_location_id text NOT NULL REFERENCES location (id),
  to_location_id text NOT NULL REFERENCES location (id),
  state text NOT NULL CHECK (state IN ('in_transit', 'received', 'cancelled')),
  reference text,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  CHECK (from_location_id <> to_location_id),
  CHECK ((state = 'in_transit') = (settled_at IS NULL))
);

CREATE INDEX IF NOT EXISTS transfer_from ON transfer (from_location_id, id);

CREATE INDEX IF NOT EXISTS transfer_to ON transfer (to_location_id, id);

CREATE TABLE IF NOT EXISTS transfer_line (
  transfer_id text NOT NULL REFERENCES transfer (id),
  sku text NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (transfer_id, sku)
);

CREATE TABLE IF NOT EXISTS delivery (
  id text PRIMARY KEY,
  sku text NOT NULL,
  location_id text NOT NULL REFERENCES location (id),
  quantity bigint NOT NULL CHECK (quantity > 0),
  received bigint NOT NULL DEFAULT 0 CHECK (received >= 0),
  state text NOT NULL CHECK (state IN ('open', 'received', 'cancelled')),
  reference text,
  expected_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS delivery_level ON delivery (sku, location_id);
