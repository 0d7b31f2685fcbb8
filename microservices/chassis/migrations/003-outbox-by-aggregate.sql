-- The relay takes whole aggregates. Without this it reads all of the outbox for every batch: what waits after an outage, or the
-- dead rows of a busy hour.
CREATE INDEX IF NOT EXISTS outbox_aggregateid ON outbox (aggregateid, sequence);
