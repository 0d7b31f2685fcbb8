-- The KeyValue port's SQL adapter. Keys come first in every index: under hash sharding a leading `space` would put a whole
-- use (all sessions, say) on one tablet.
CREATE TABLE IF NOT EXISTS key_value (
  key text COLLATE "C" NOT NULL,
  space text COLLATE "C" NOT NULL,
  -- JSON as text: jsonb refuses what JSON allows (\u0000) and would make this adapter differ from the others.
  value text NOT NULL,
  version bigint NOT NULL,
  expires_at timestamptz,
  bucket smallint NOT NULL,
  PRIMARY KEY (key, space)
);

-- For the purge of what has run out; led by a bucket, because an index led by a time is a hot shard.
CREATE INDEX IF NOT EXISTS key_value_expires_at ON key_value (bucket, expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS key_counter (
  key text COLLATE "C" NOT NULL,
  space text COLLATE "C" NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (key, space)
);

CREATE TABLE IF NOT EXISTS key_rank (
  name text COLLATE "C" NOT NULL,
  space text COLLATE "C" NOT NULL,
  member text COLLATE "C" NOT NULL,
  score double precision NOT NULL,
  PRIMARY KEY (name, space, member)
);

CREATE INDEX IF NOT EXISTS key_rank_score ON key_rank (name, space, score, member);
