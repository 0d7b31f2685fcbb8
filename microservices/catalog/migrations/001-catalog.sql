CREATE TABLE IF NOT EXISTS attribute (
  code text PRIMARY KEY,
  title jsonb NOT NULL,
  type text NOT NULL CHECK (type IN ('text', 'number', 'boolean', 'choice', 'date')),
  options text[] NOT NULL,
  facet boolean NOT NULL
);

CREATE TABLE IF NOT EXISTS family (
  code text PRIMARY KEY,
  title jsonb NOT NULL,
  required text[] NOT NULL,
  optional text[] NOT NULL
);

CREATE TABLE IF NOT EXISTS category (
  id text PRIMARY KEY,
  slug text NOT NULL,
  title jsonb NOT NULL,
  description jsonb,
  parent_id text REFERENCES category (id),
  position int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS category_slug ON category (slug);

CREATE INDEX IF NOT EXISTS category_parent ON category (parent_id);

-- One row that every change of the tree's shape updates first: moves take turns, so two of them cannot close a circle.
CREATE TABLE IF NOT EXISTS category_tree (
  only_one int PRIMARY KEY CHECK (only_one = 1),
  changes bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS product (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('draft', 'in_review', 'published', 'archived')),
  slug text NOT NULL,
  title jsonb NOT NULL,
  description jsonb,
  seo_title jsonb,
  seo_description jsonb,
  brand text,
  family text REFERENCES family (code),
  attributes jsonb NOT NULL,
  option_axes text[] NOT NULL,
  category_ids text[] NOT NULL,
  images jsonb NOT NULL,
  origin_country text,
  version int NOT NULL,
  search tsvector NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  published_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS product_slug ON product (slug);

CREATE INDEX IF NOT EXISTS product_family ON product (family);

CREATE INDEX IF NOT EXISTS product_search ON product USING gin (search);

CREATE INDEX IF NOT EXISTS product_categories ON product USING gin (category_ids);

CREATE TABLE IF NOT EXISTS variant (
  id text PRIMARY KEY,
  product_id text NOT NULL REFERENCES product (id),
  sku text COLLATE "C" NOT NULL,
  gtin text,
  title jsonb,
  options jsonb NOT NULL,
  weight_grams int NOT NULL CHECK (weight_grams >= 0),
  tax_category text NOT NULL CHECK (tax_category IN ('standard', 'reduced', 'zero')),
  requires_shipping boolean NOT NULL,
  sellable boolean NOT NULL,
  position int NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS variant_sku ON variant (sku);

CREATE UNIQUE INDEX IF NOT EXISTS variant_gtin ON variant (gtin);

CREATE INDEX IF NOT EXISTS variant_product ON variant (product_id);

CREATE TABLE IF NOT EXISTS price_list (
  id text PRIMARY KEY,
  code text NOT NULL,
  title text NOT NULL,
  currency text NOT NULL CHECK (length(currency) = 3),
  customer_group text,
  tax_inclusive boolean NOT NULL,
  priority int NOT NULL,
  valid_from timestamptz,
  valid_until timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS price_list_code ON price_list (code);

-- Prices outlive their variants, because id and version must name an amount for ever: hence no reference to variant.
CREATE TABLE IF NOT EXISTS price (
  id text PRIMARY KEY,
  price_list_id text NOT NULL REFERENCES price_list (id),
  variant_id text NOT NULL,
  product_id text NOT NULL,
  sku text COLLATE "C" NOT NULL,
  min_quantity int NOT NULL CHECK (min_quantity > 0),
  version int NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  active boolean NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS price_tier ON price (variant_id, price_list_id, min_quantity);

CREATE INDEX IF NOT EXISTS price_by_list ON price (price_list_id, sku, min_quantity);

-- Every amount a price ever had and when it stood: the snapshots that orders name, and the price history.
CREATE TABLE IF NOT EXISTS price_version (
  price_id text NOT NULL REFERENCES price (id),
  version int NOT NULL,
  amount bigint NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz,
  PRIMARY KEY (price_id, version)
);

CREATE TABLE IF NOT EXISTS catalog_import (
  id text PRIMARY KEY,
  request_key text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'completed')),
  committed_line int NOT NULL,
  fingerprint text NOT NULL,
  rows_read int NOT NULL,
  accepted int NOT NULL,
  rejected int NOT NULL,
  created int NOT NULL,
  updated int NOT NULL,
  started_at timestamptz NOT NULL,
  completed_at timestamptz
);

-- The same request repeated finds the import that it began; after the end the same key begins another.
CREATE UNIQUE INDEX IF NOT EXISTS catalog_import_running ON catalog_import (request_key) WHERE state = 'running';

CREATE TABLE IF NOT EXISTS import_rejection (
  import_id text NOT NULL REFERENCES catalog_import (id),
  line int NOT NULL,
  ordinal int NOT NULL,
  column_name text,
  value text,
  reason text NOT NULL,
  PRIMARY KEY (import_id, line, ordinal)
);
