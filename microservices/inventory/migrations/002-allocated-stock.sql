-- Units of committed reservations that have not been shipped: they lie on the shelf, so they are on hand, and nobody
-- else can buy them.
ALTER TABLE level ADD COLUMN IF NOT EXISTS allocated bigint NOT NULL DEFAULT 0 CHECK (allocated >= 0);

-- Units that a count found missing of what was reserved and allocated: the only way in which a level without backorder
-- may owe more than it has.
ALTER TABLE level ADD COLUMN IF NOT EXISTS counted_short bigint NOT NULL DEFAULT 0 CHECK (counted_short >= 0);

ALTER TABLE level ADD CONSTRAINT level_not_oversold_2 CHECK (backorderable OR on_hand + counted_short >= reserved + allocated);

ALTER TABLE level DROP CONSTRAINT IF EXISTS level_not_oversold;

-- Units that left the shelf. NULL on lines of before, whose units left at the commit: a job asks orders what was
-- shipped of them (see 'legacy').
ALTER TABLE reservation_line ADD COLUMN IF NOT EXISTS shipped bigint;

-- The part of `returned` that was never shipped.
ALTER TABLE reservation_line ADD COLUMN IF NOT EXISTS freed bigint NOT NULL DEFAULT 0;

-- A process of the version before, still running, cannot return units of a line whose units stay on the shelf until
-- they are shipped.
ALTER TABLE reservation_line ADD CONSTRAINT reservation_line_whereabouts CHECK (shipped IS NULL OR (
  shipped >= 0 AND freed BETWEEN 0 AND returned AND shipped + freed <= quantity AND returned - freed <= shipped));

CREATE INDEX IF NOT EXISTS reservation_line_legacy ON reservation_line (reservation_id ASC) WHERE shipped IS NULL;

CREATE INDEX IF NOT EXISTS reservation_line_legacy_level ON reservation_line (sku, location_id) WHERE shipped IS NULL;

ALTER TABLE reservation ADD CONSTRAINT reservation_state_2 CHECK (state IN ('reserved', 'committed', 'released', 'expired', 'returned'));

ALTER TABLE reservation DROP CONSTRAINT IF EXISTS reservation_state_check;

-- Parcels of orders that were taken off the shelf: each once, however often and in whatever order it is told.
CREATE TABLE IF NOT EXISTS parcel (
  id text PRIMARY KEY,
  owner_id text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now()
);

-- The timeline of a reservation; that it was made is in the reservation itself.
CREATE TABLE IF NOT EXISTS reservation_entry (
  reservation_id text NOT NULL REFERENCES reservation (id),
  id text NOT NULL,
  kind text NOT NULL,
  lines jsonb NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (reservation_id, id)
);
