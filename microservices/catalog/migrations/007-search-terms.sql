CREATE TABLE IF NOT EXISTS synonyms (
  id text PRIMARY KEY,
  phrases text[] NOT NULL,
  version int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Each phrase as queries are compared with it: its words, folded, with one space between. One phrase has one meaning.
CREATE TABLE IF NOT EXISTS synonym_phrase (
  phrase text COLLATE "C" PRIMARY KEY,
  synonyms_id text NOT NULL REFERENCES synonyms (id)
);

CREATE INDEX IF NOT EXISTS synonym_phrase_of ON synonym_phrase (synonyms_id);

CREATE TABLE IF NOT EXISTS search_redirect (
  id text PRIMARY KEY,
  query text NOT NULL,
  folded text COLLATE "C" NOT NULL,
  target text NOT NULL,
  version int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS search_redirect_folded ON search_redirect (folded);
