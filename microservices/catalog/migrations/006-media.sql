-- Files of the object store under catalog/media/<id>/. Renditions: name, width, height and file of each.
CREATE TABLE IF NOT EXISTS media (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('image', 'video', 'model')),
  content_type text NOT NULL,
  bytes bigint NOT NULL,
  width int,
  height int,
  alt jsonb,
  focal_point jsonb,
  poster_id text REFERENCES media (id),
  original text NOT NULL,
  renditions jsonb NOT NULL,
  version int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS media_poster ON media (poster_id);

-- Files that belong to no row of media: of uploads under way or broken off, and of media that were deleted.
CREATE TABLE IF NOT EXISTS media_leftover (
  media_id text PRIMARY KEY,
  since timestamptz NOT NULL
);

ALTER TABLE product ADD COLUMN IF NOT EXISTS media_ids text[] NOT NULL DEFAULT '{}';

ALTER TABLE variant ADD COLUMN IF NOT EXISTS media_ids text[] NOT NULL DEFAULT '{}';

CREATE INDEX IF NOT EXISTS product_media ON product USING gin (media_ids);

CREATE INDEX IF NOT EXISTS variant_media ON variant USING gin (media_ids);
