-- The addresses of who waits to be erased, for what they did as a guest. They go with the row.
ALTER TABLE erasure_wait ADD COLUMN IF NOT EXISTS emails text[] NOT NULL DEFAULT '{}';
