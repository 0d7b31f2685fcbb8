-- pg_trgm is contrib of PostgreSQL and ships with YugabyteDB. It lives in a schema of its own, so that every service's
-- search_path can stay its own schema. Where an operator installed it elsewhere: ALTER EXTENSION pg_trgm SET SCHEMA extensions.
CREATE SCHEMA IF NOT EXISTS extensions;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA extensions;

-- The words of the catalog, which mistyped words of a search are compared with. A word stays when its last product goes: it then finds nothing.
CREATE TABLE IF NOT EXISTS search_word (
  word text COLLATE "C" PRIMARY KEY
);

CREATE INDEX IF NOT EXISTS search_word_trigrams ON search_word USING gin (word extensions.gin_trgm_ops);
