-- Owners whose customer was looked up, merged or erased. Opening an owner's first account and ending the owner both write this row, so that they
-- take turns and no account is opened for an owner that has ended. survivor_id: the customer that a merged one went into.
CREATE TABLE IF NOT EXISTS owner (
  owner_id text PRIMARY KEY,
  ended text CHECK (ended IN ('merged', 'erased')),
  survivor_id text,
  noted_at timestamptz NOT NULL,
  CONSTRAINT owner_survivor CHECK (survivor_id IS NULL OR ended = 'merged')
);

-- The same on the account, where every command reads it anyway.
ALTER TABLE account ADD COLUMN IF NOT EXISTS ended text;

ALTER TABLE account ADD COLUMN IF NOT EXISTS survivor_id text;
