CREATE TABLE IF NOT EXISTS collection (
  id text PRIMARY KEY,
  slug text COLLATE "C" NOT NULL,
  title jsonb NOT NULL,
  description jsonb,
  seo_title jsonb,
  seo_description jsonb,
  image jsonb,
  published boolean NOT NULL,
  match text NOT NULL CHECK (match IN ('all', 'any')),
  conditions jsonb NOT NULL,
  sort text NOT NULL CHECK (sort IN ('manual', 'newest', 'price_asc', 'price_desc', 'title')),
  version int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS collection_slug ON collection (slug);

-- Products that were added by hand, and their order.
CREATE TABLE IF NOT EXISTS collection_product (
  collection_id text NOT NULL REFERENCES collection (id),
  product_id text NOT NULL REFERENCES product (id),
  position int NOT NULL,
  PRIMARY KEY (collection_id, product_id)
);

CREATE INDEX IF NOT EXISTS collection_product_product ON collection_product (product_id);

-- What events of inventory last said of a SKU at a location: the sequence keeps a late event from undoing a newer one.
CREATE TABLE IF NOT EXISTS stock_seen (
  sku text COLLATE "C" NOT NULL,
  location_id text NOT NULL,
  sequence bigint NOT NULL,
  in_stock boolean NOT NULL,
  PRIMARY KEY (sku, location_id)
);
