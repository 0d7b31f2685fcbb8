CREATE INDEX IF NOT EXISTS sighting_order ON sighting (order_id);
