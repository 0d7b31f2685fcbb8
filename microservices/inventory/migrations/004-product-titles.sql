-- Titles of products by SKU, so that news of stock can be read by people. The catalog says them.
CREATE TABLE IF NOT EXISTS product_title (
  sku text PRIMARY KEY,
  product_id text NOT NULL,
  version bigint NOT NULL,
  title text NOT NULL
);
