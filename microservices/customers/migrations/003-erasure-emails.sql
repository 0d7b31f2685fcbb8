-- The verified e-mail addresses of who is being erased, which other services ask for. They go when the erasure is complete.
ALTER TABLE erasure ADD COLUMN IF NOT EXISTS emails text[] NOT NULL DEFAULT '{}';
